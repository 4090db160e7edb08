"""explain, export, diff and check as a user runs them."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.cli import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        status = main(words)
    except SystemExit as stop:
        status = int(stop.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-4012", -4012),
        ("\u22124012", -4012),
        ("0xF054", -4012),
        ("0xf054", -4012),
        ("61524", -4012),
        ("F054", -4012),
        ("54 F0", -4012),
        ("0x54,0xF0", -4012),
        ("4294963284", -4012),
        ("65529", -7),
        ("F9 FF", -7),
        ("1,000", 1000),
        ("1000", 1000),
        ("0x3E8", 1000),
        ("40,000,001", 40000001),
        ("broadlink:-7", -7),
        ("Tuya:2007", 2007),
        (" 28504 ", 28504),
        ("-49010", -490010),
    ],
)
def test_notations(capsys: pytest.CaptureFixture[str], written: str, code: int) -> None:
    status, out, _ = run(capsys, "explain", "--json", written)
    assert status == 0
    assert {entry["code"] for entry in json.loads(out)["found"]} == {code}


def test_everything_known_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "explain", "tuya:2054")
    assert (status, err) == (0, "")
    for said in (
        "tuya 2054  MISSING  sub-device not found",
        "Service error codes",
        "the sub device is not exist  [Global Error Codes, 2021-12-21]",
        "the sub-device does not exist  [Global Error Codes, 2024-07-22]",
        "8-3 flashes",
        "█████████···██···██···██········██···██···██··················",
        "ERROR",
        "check the name or id",
        "子设备不存在",
    ):
        assert said in out


def test_ambiguous_names_the_claimants(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "explain", "2062")
    assert status == 0
    assert "tuya 2062  CONFLICT" in out
    assert "alibaba 2062  SIGN_IN" in out
    assert "Claimed by alibaba and tuya: name the vendor" in out
    status, out, _ = run(capsys, "explain", "2062", "--vendor", "tuya")
    assert status == 0
    assert "alibaba" not in out


def test_both_meanings_of_2007(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "explain", "2007")
    first = out.index("tuya 2007  SETUP  wrong region or token expired")
    assert first < out.index("tuya 2007  SIGN_IN  device token expired")
    assert "Claimed by" not in out


def test_unknown_names_the_section_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "explain", "-4047")
    assert status == 1
    assert out.startswith(
        "-4047: not in the tables.\n  falls in broadlink: DNASDK related errors (-4999 to -4000)"
    )
    assert "broadlink -4046" in out
    status, out, _ = run(capsys, "explain", "--json", "1110000")
    assert status == 1
    assert json.loads(out)["found"] == []


def test_a_slip_of_the_finger(capsys: pytest.CaptureFixture[str]) -> None:
    for written, meant in (
        ("4012", -4012),
        ("1001011", None),
        ("28054", 28504),
        ("2884102", 28841002),
        ("-7", None),
    ):
        _, out, _ = run(capsys, "explain", "--json", written)
        near = [entry["code"] for entry in json.loads(out)["near"]]
        assert len(near) <= 5
        assert meant is None or near[0] == meant, written


@pytest.mark.parametrize(
    "written", ["", "x", "12 34 56", "0x", "1,00", "tuya:", "acme:7", "1.5", "--", "9" * 400]
)
def test_wrong_usage_exits_2_with_one_line(capsys: pytest.CaptureFixture[str], written: str) -> None:
    status, out, err = run(capsys, "explain", "--", written)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1


def test_export_is_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "export", "--format", "json")
    entries = json.loads(out)["codes"]
    of_clouds = [entry for entry in entries if entry["kind"] == "cloud"]
    documents = {
        source.id
        for vendor in load().vendors.values()
        for source in vendor.sources
        if source.kind == "document"
    }
    said = [source for entry in of_clouds for source in entry["messages"]]
    assert sum(source in documents for source in said) == 194 + 83 + 141 + 55
    assert len(of_clouds) == 408
    assert {entry["vendor"] for entry in of_clouds} == {"broadlink", "tuya", "alibaba"}
    assert list(dict.fromkeys(entry["vendor"] for entry in entries)) == list(load().vendors)
    _, out, _ = run(capsys, "export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [int(row["code"]) for row in rows] == [entry["code"] for entry in entries]
    assert [row["advice_zh"] for row in rows] == [entry["advice_zh"] for entry in entries]


def test_diff_of_the_two_tuya_revisions(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "diff", "tuya", "2021-12-21", "2024-07-22")
    assert status == 0
    assert "+ 1114  your ip don’t have access to this API" in out
    assert "- 1006  not support content type" in out
    assert "~ 2027  size too large\n        Size is too large" in out
    assert "61 added, 3 withdrawn, 7 reworded" in err
    _, out, _ = run(capsys, "diff", "tuya", "2021-12-21", "2024-07-22", "--json")
    found = json.loads(out)
    assert [entry["code"] for entry in found["reworded"]] == [2002, 2014, 2027, 2030, 2047, 2054, 2063]
    assert [entry["code"] for entry in found["withdrawn"]] == [1006, 1007, 1008]
    assert {entry["code"] for entry in found["added"]} >= {1114, 2007, 2401, 60009001}
    assert run(capsys, "diff", "tuya", "2021-12-21", "2022-01-01")[0] == 2


def test_a_meaning_of_the_field_alone_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    only = "known    from reports of users only; no document lists it"
    assert only in run(capsys, "explain", "tuya:2406")[1]
    assert only not in run(capsys, "explain", "tuya:28841105")[1]
    _, out, _ = run(capsys, "explain", "alibaba:460")
    assert out.index("request parameter error.") < out.index(only) > out.index("identityId is blank")


def test_what_is_no_edition_withdraws_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = run(capsys, "diff", "tuya", "2024-07-22", "field-2026-11")
    assert "+ 2406  skill id invalid  (SETUP)" in out
    assert "~ 28841101  API is not subscribed\n            No permissions. This API is not subscribed." in out
    assert re.search(r": [1-9]\d* only in field reports to 2026-11, [1-9]\d* in other words\n", err)
    _, out, again = run(capsys, "diff", "tuya", "field-2026-11", "2024-07-22")
    assert "- 2406  skill id invalid  (SETUP)" in out and "\n+ " not in out
    assert again.partition(": ")[2] == err.partition(": ")[2]
    _, out, err = run(capsys, "diff", "wifi", "esp-idf-5.5.2", "micropython-1.28.0")
    assert re.search(
        r": [1-9]\d* only in micropython-1.28.0, [1-9]\d* only in esp-idf-5.5.2, [1-9]\d* in other words\n",
        err,
    )
    _, out, _ = run(capsys, "diff", "wifi", "esp-idf-5.5.2", "micropython-1.28.0", "--json")
    assert list(json.loads(out)) == ["only_in_new", "only_in_old", "reworded"]
    assert run(capsys, "diff", "acme", "1", "2")[0] == 2


def test_check_and_wrong_commands(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "check")
    assert (status, out) == (0, "")
    assert "broadlink: 194 meanings" in err
    assert run(capsys, "nonsense")[0] == 2
    assert run(capsys, "compile")[0] == 2
    status, _, err = run(capsys, "compile", "--vendor", "acme", "-o", "x.py")
    known = ", ".join(load().vendors)
    assert (status, err) == (2, f"acme: no such vendor; there are {known}\n")


def test_the_tables_hold_together() -> None:
    """The same words mean the same state and read the same in Chinese; no text shouts or says "error"."""
    by_text: dict[str, set[tuple[str, str]]] = {}
    for m in load().meanings:
        by_text.setdefault(m.text, set()).add((m.state, m.text_zh))
        assert "error" not in m.text, m
        assert m.advice.endswith("."), m
        assert m.advice_zh.endswith("。"), m
        assert "!" not in m.text + m.advice, m
    assert [text for text, found in by_text.items() if len(found) > 1] == []
