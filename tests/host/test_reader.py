"""The reader: every error at once, each with file, line, column, what is wrong and how to mend it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blinkcode_host.catalog import TableErrors, load
from blinkcode_host.catalog.records import KINDS
from blinkcode_host.cli import main
from blinkcode_host.commands import only_vendors
from properties import examples

STANZA = """
[vendors.acme]
name = "Acme"
[[vendors.acme.sources]]
id = "acme-1"
title = "Codes"
[[vendors.acme.sections]]
id = "all"
title = "All codes"
ranges = [[-99, 99]]
"""
GOOD = {
    "code": "7",
    "state": "PAIR",
    "text": "pair again",
    "text_zh": "重新配网",
    "advice": "Pair the device again.",
    "advice_zh": "请重新配网。",
    "section": "all",
    "alias": "",
    "note": "",
    "acme-1": "no key",
}


def table(*rows: dict[str, str], header: list[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header or [*GOOD])
    writer.writerows([row.values() for row in rows])
    return out.getvalue()


def row(**changes: str) -> dict[str, str]:
    return {**GOOD, **{k.replace("acme_1", "acme-1"): v for k, v in changes.items()}}


def troubles(folder: Path, csv_text: str | bytes, stanza: str = STANZA) -> list[str]:
    """What the reader says, one line a trouble, without the folder."""
    (folder / "vendors.toml").write_text(stanza, encoding="utf-8")
    raw = csv_text.encode() if isinstance(csv_text, str) else csv_text
    (folder / "acme.csv").write_bytes(raw)
    try:
        load([folder])
    except TableErrors as error:
        return str(error).replace(f"{folder}/", "").splitlines()
    return []


def test_a_good_table_joins_the_built_in_ones(tmp_path: Path) -> None:
    assert troubles(tmp_path, table(row())) == []
    catalog = load([tmp_path])
    (meaning,) = catalog.lookup(7, "acme")
    assert (meaning.text, meaning.messages, meaning.section) == ("pair again", {"acme-1": "no key"}, "all")
    assert len(catalog.meanings) == len(load().meanings) + 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "PAIRED"}, "acme.csv:2: state: 'PAIRED' is no state; use one of OK"),
        ({"text": "x" * 33}, "acme.csv:2: text: 33 characters, 32 fit; shorten it"),
        ({"text": "naïve"}, "acme.csv:2: text: 'naïve' is not ASCII; put other scripts into text_zh"),
        ({"text": "Pair"}, "acme.csv:2: text: 'Pair' has capitals; device texts are lower case"),
        ({"text": ""}, "acme.csv:2: text: is empty; write it"),
        ({"text": "tab\there"}, "acme.csv:2: text: holds a control character or a line break; take it out"),
        (
            {"advice": "two\nlines"},
            "acme.csv:2: advice: holds a control character or a line break; take it out",
        ),
        ({"text": "pair "}, "acme.csv:2: text: begins or ends with white space; take it away"),
        ({"text_zh": "配" * 17}, "acme.csv:2: text_zh: 51 bytes of UTF-8, 48 fit; shorten it"),
        ({"advice": ""}, "acme.csv:2: advice: is empty; write it"),
        (
            {"code": "100"},
            "acme.csv:2: section: 100 lies outside the range of section all; correct it, or say why",
        ),
        (
            {"section": ""},
            "acme.csv:2: section: 7 lies outside every section; correct it, or say why in the note",
        ),
        ({"section": "none"}, "acme.csv:2: section: 'none' is not one of all"),
        ({"code": "1,000"}, "acme.csv:2: code: '1,000' is not an integer; write plain decimal digits"),
        ({"code": "0x10"}, "acme.csv:2: code: '0x10' is not an integer"),
        ({"code": "7.0"}, "acme.csv:2: code: '7.0' is not an integer"),
        ({"code": "٧"}, "acme.csv:2: code: '٧' is not an integer"),
        ({"code": "07"}, "acme.csv:2: code: '07' is not an integer"),
        ({"code": ""}, "acme.csv:2: code: '' is not an integer"),
        ({"code": "1073741824"}, "acme.csv:2: code: 1073741824 does not fit in 31 bits"),
        ({"code": "-1073741825"}, "acme.csv:2: code: -1073741825 does not fit in 31 bits"),
        ({"code": "9" * 5000}, "acme.csv:2: code: 999999999999999999999999 does not fit in 31 bits"),
        ({"alias": "7"}, "acme.csv:2: alias: 7 is the row's own code; drop it"),
        ({"alias": "x"}, "acme.csv:2: alias: 'x' is not an integer"),
        ({"acme_1": ""}, "acme.csv:2: acme-1: no source has a message; a code must come from a document"),
    ],
)
def test_each_wrong_cell_is_named(tmp_path: Path, changes: dict[str, str], expected: str) -> None:
    (found,) = troubles(tmp_path, table(row(**changes)))
    assert found.startswith(expected)


def test_rows_against_each_other(tmp_path: Path) -> None:
    text = table(
        row(code="7"),
        row(code="7", text="other words"),
        row(code="5", text="five", acme_1="five"),
        row(code="9", text="nine", alias="5 70", acme_1="nine"),
        row(code="10", text="ten", alias="70", acme_1="ten"),
    )
    assert troubles(tmp_path, text) == [
        "acme.csv:3: code: 7 has this meaning in line 2 already; merge the two rows",
        "acme.csv:4: code: 5 stands after 7; sort the rows by code: blinkcode check --fix does",
        "acme.csv:5: alias: 5 is taken by line 4; an alias must be free: drop one of the two",
        "acme.csv:6: alias: 70 is taken by line 5; an alias must be free: drop one of the two",
    ]


def test_wrong_rows_take_part_in_the_checks_across_rows(tmp_path: Path) -> None:
    text = table(
        row(code="7", state="NONE"),
        row(code="5", text="five", acme_1="five", section="none"),
        row(code="9", text="nine", alias="7", acme_1=""),
    )
    assert [trouble.partition(": ")[2].partition(";")[0] for trouble in troubles(tmp_path, text)] == [
        "state: 'NONE' is no state",
        "code: 5 stands after 7",
        "section: 'none' is not one of all",
        "acme-1: no source has a message",
        "alias: 7 is taken by line 2",
    ]


def test_two_meanings_of_one_code_are_fine(tmp_path: Path) -> None:
    assert troubles(tmp_path, table(row(), row(text="other words", acme_1="other"))) == []


def test_all_errors_at_once_across_files(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "vendors.toml").write_text(STANZA.replace("acme", "tuya"), encoding="utf-8")
    (tmp_path / "vendors.toml").write_text(STANZA, encoding="utf-8")
    (tmp_path / "acme.csv").write_text(table(row(state="X", code="y"), row(text="")), encoding="utf-8")
    with pytest.raises(TableErrors) as error:
        load([tmp_path, other])
    lines = str(error.value).splitlines()
    assert [line.rpartition("/")[2].partition(": ")[0] for line in lines] == [
        "acme.csv:2",
        "acme.csv:2",
        "acme.csv:3",
        "vendors.toml",
    ]


def test_the_file_as_such(tmp_path: Path) -> None:
    good = table(row())
    assert troubles(tmp_path, "\ufeff" + good) == []
    assert troubles(tmp_path, good + "\n\n") == []
    assert troubles(tmp_path, good + ";" * 9 + "\n") == []
    assert troubles(tmp_path, good.replace(",", ";")) == []
    assert troubles(tmp_path, good.replace(",", "\t").replace("\n", "\r\n")) == []
    assert troubles(tmp_path, good.encode() + b"8,\xff") == [
        "acme.csv:3: byte 0xff is not UTF-8; save the file as UTF-8"
    ]
    (broken,) = troubles(tmp_path, good + '8,"PAIR"x,y\n')
    assert broken.startswith("acme.csv:3: broken quoting")
    broken, hidden_once = troubles(tmp_path, good + '8,"PAIR\n9,\n')
    assert broken.startswith("acme.csv:3: broken quoting")
    assert hidden_once.startswith("acme.csv:4: 2 cells where the header has 10")
    assert [
        trouble.partition(" ")[0] for trouble in troubles(tmp_path, good.encode() + b"\xff\n8\n\xfe")
    ] == [
        "acme.csv:3:",
        "acme.csv:4:",
        "acme.csv:5:",
    ]
    (long,) = troubles(tmp_path, table(row(note="x" * 200_000)))
    assert long == "acme.csv:2: a cell of 200,000 characters, 10,000 fit; shorten it"
    (header,) = troubles(tmp_path, table(row(), header=["code", "state"]))
    assert header == (
        "acme.csv:1: the header lacks text, advice, section, alias, note, acme-1; "
        "add what is missing to it and to each row"
    )
    more = good.replace("note,acme-1", "remedi,note,note,acme-1", 1)
    assert [trouble.partition(";")[0] for trouble in troubles(tmp_path, more)] == [
        "acme.csv:1: 'remedi' is no column",
        "acme.csv:1: note: this column stands more than once",
    ]
    (empty,) = troubles(tmp_path, "")
    assert empty.startswith("acme.csv:1: the header lacks code, state")
    assert troubles(tmp_path, good + "8,PAIR\n") == [
        "acme.csv:3: 2 cells where the header has 10; correct the commas or the quotes"
    ]
    assert troubles(tmp_path, good.replace("\n", "\r\n")) == []


def test_a_missing_file_and_a_wrong_stanza(tmp_path: Path) -> None:
    with pytest.raises(TableErrors, match=r"vendors\.toml: no such file; create it"):
        load([tmp_path])
    (tmp_path / "vendors.toml").write_text(STANZA, encoding="utf-8")
    with pytest.raises(TableErrors, match=r"acme\.csv: cannot be read .*needs its CSV beside it"):
        load([tmp_path])
    wrong = {
        STANZA.replace("name =", "nmae ="): "vendors.acme.nmae",
        STANZA.replace("[-99, 99]", "[99, -99]"): "range [99, -99] is empty",
        STANZA.replace("[[-99, 99]]", "[[-99, 5], [3, 99]]"): "overlap",
        STANZA.replace("vendors.acme", "vendors.pair"): "a state's name",
        STANZA.replace("vendors.acme", "vendors.Acme"): "vendors.Acme",
        STANZA + STANZA: "not valid TOML",
        "vendors = 7": "vendors.toml:1: vendors: must be a table of keys",
        "x = " + "1" * 5000: "is not valid TOML",
        "[" + ".".join("a" * 20_000) + "]": "vendors.toml:1: this line has 40,001 characters",
        STANZA.replace(
            'name = "Acme"', "name = 7"
        ): "vendors.toml:3: vendors.acme.name: must be a text in quotes",
        STANZA.replace('"acme-1"', '"Acme 1"'): "vendors.toml:5: vendors.acme.sources.1.id: 'Acme 1' ",
        STANZA.replace('id = "all"\n', ""): "vendors.toml:7: vendors.acme.sections.1.id: is missing",
        STANZA.replace("[[-99, 99]]", "[[-99]]"): "vendors.toml:10: vendors.acme.sections.1.ranges.1",
        STANZA.replace(
            'name = "Acme"', 'name = "Acme"\nkind = "clowd"'
        ): "must be 'cloud', 'system' or 'host'",
    }
    for stanza, said in wrong.items():
        found = troubles(tmp_path, table(row()), stanza)
        assert any(said in line for line in found), (said, found)
        assert not any("Input should" in line or "Field required" in line for line in found), found


@examples(300)
@given(raw=st.binary(max_size=400) | st.text(max_size=400).map(lambda s: s.encode("utf-8", "surrogatepass")))
def test_random_bytes_give_an_error_or_a_catalog(tmp_path: Path, raw: bytes) -> None:
    for said in troubles(tmp_path, raw) + troubles(tmp_path, table(row()).encode() + raw):
        assert said.startswith("acme.csv:"), said


@examples(150)
@given(cells=st.lists(st.tuples(st.sampled_from(sorted(GOOD)), st.text(max_size=40)), min_size=1, max_size=6))
def test_random_cells_give_an_error_or_a_catalog(tmp_path: Path, cells: list[tuple[str, str]]) -> None:
    for said in troubles(
        tmp_path, table(*({**GOOD, column: cell} for column, cell in cells)).encode("utf-8", "replace")
    ):
        assert said.startswith("acme.csv:"), said


def test_optional_columns_and_other_languages(tmp_path: Path) -> None:
    header = ["code", "state", "remedy", "text", "text_de", "advice", "section", "alias", "note", "acme-1"]
    cells = [
        "7",
        "PAIR",
        "call the shop",
        "pair again",
        "neu koppeln",
        "Pair again.",
        "all",
        "",
        "",
        "no key",
    ]
    (tmp_path / "vendors.toml").write_text(STANZA, encoding="utf-8")
    (tmp_path / "acme.csv").write_text(f"{','.join(header)}\n{','.join(cells)}\n", encoding="utf-8")
    catalog = load([tmp_path])
    (meaning,) = catalog.lookup(7, "acme")
    assert (meaning.text_zh, meaning.advice_zh) == ("pair again", "Pair again.")
    assert meaning.untranslated == ("text_zh", "advice_zh")
    assert meaning.others == (("de", "neu koppeln", "Pair again."),)
    assert catalog.remedy(meaning) == catalog.remedy(meaning, "zh") == "call the shop"
    (tmp_path / "acme.csv").write_text(
        f"{','.join(header)}\n{','.join(cells).replace('call', 'call the owner of')}\n", encoding="utf-8"
    )
    with pytest.raises(TableErrors, match="remedy: 26 characters, 24 fit"):
        load([tmp_path])
    long = f"{','.join(header)}\n{','.join(cells).replace('neu koppeln', 'ö' * 25)}\n"
    (tmp_path / "acme.csv").write_text(long, encoding="utf-8")
    with pytest.raises(TableErrors, match="text_de: 50 bytes of UTF-8, 48 fit"):
        load([tmp_path])


def test_two_groups_of_flashes() -> None:
    catalog = load()
    steps = catalog.pattern.steps(8, 2)
    assert steps == [
        *((True, 900), (False, 300)),
        *((True, 200), (False, 300), (True, 200), (False, 300), (True, 200), (False, 800)),
        *((True, 200), (False, 300), (True, 200), (False, 1800)),
    ]
    counts = {name: state.count for name, state in catalog.states.items()}
    assert (counts["OK"], counts["PAIR"], counts["DATA"]) == ("steady", "5", "8-5")
    remedies = {name: state.remedy for name, state in catalog.states.items()}
    by_count = {
        count: {remedies[name] for name in counts if counts[name] == count} for count in counts.values()
    }
    assert all(len(same) == 1 for same in by_count.values()), "one rhythm, two remedies"
    assert all(
        sum(ms for _, ms in catalog.pattern.steps(s.flashes, s.second)) <= 9000
        for s in catalog.states.values()
    )


def test_a_user_s_vendor_may_be_of_the_system_s_kind(tmp_path: Path) -> None:
    """It stands behind the built-in families, and behind all clouds, a user's own included."""
    both = STANZA.replace("acme", "motor").replace("\nname", '\nkind = "system"\nname', 1) + STANZA
    (tmp_path / "vendors.toml").write_text(both, encoding="utf-8")
    for vendor in ("motor", "acme"):
        text = table(row()).replace("acme-1", f"{vendor}-1")
        (tmp_path / f"{vendor}.csv").write_text(text, encoding="utf-8")
    catalog = load([tmp_path])
    assert catalog.vendors_of("cloud")[-1] == "acme"
    assert catalog.vendors_of("system")[-1] == "motor"
    compiled = list(only_vendors(catalog, []).vendors)
    assert compiled == [*catalog.vendors_of("cloud"), *catalog.vendors_of("system")]


def test_vendors_stand_by_kind_and_a_device_gets_no_host(tmp_path: Path) -> None:
    """Clouds come first, so that the numbers of the built-in ones never change; a host's errors are not compiled."""
    (tmp_path / "vendors.toml").write_text(
        STANZA.replace("acme", "desk").replace("\nname", '\nkind = "host"\nname', 1) + STANZA,
        encoding="utf-8",
    )
    for vendor in ("desk", "acme"):
        (tmp_path / f"{vendor}.csv").write_text(
            table(row()).replace("acme-1", f"{vendor}-1"), encoding="utf-8"
        )
    catalog = load([tmp_path])
    kinds = [vendor.kind for vendor in catalog.vendors.values()]
    assert kinds == sorted(kinds, key=KINDS.index)
    assert [m.vendor for m in catalog.meanings] == sorted(
        (m.vendor for m in catalog.meanings), key=list(catalog.vendors).index
    )
    assert "desk" not in only_vendors(catalog, []).vendors
    assert {"acme", "tuya"} <= set(only_vendors(catalog, []).vendors)
    assert list(only_vendors(catalog, ["desk"]).vendors) == ["desk"]


def test_fix_puts_right_what_needs_no_question(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "vendors.toml").write_text(STANZA, encoding="utf-8")
    rows = [row(code="9", text="Nine ", acme_1="nine"), row(code="-7", note="two\nlines", acme_1="a  b")]
    path = tmp_path / "acme.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + table(*rows).replace(",", ";").replace("\n", "\r\n").encode() + b";;;\r\n"
    )
    assert main(["check", "--tables", str(tmp_path)]) == 2
    assert main(["check", "--fix", "--tables", str(tmp_path)]) == 0
    assert f"{path}: put right\n" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == table(
        row(code="-7", note="two lines", acme_1="a  b"), row(code="9", text="nine", acme_1="nine")
    )
    assert main(["check", "--fix", "--tables", str(tmp_path)]) == 0
    assert "put right" not in capsys.readouterr().err
    broken = path.read_bytes() + b'8,"open\n'
    path.write_bytes(broken)
    assert main(["check", "--fix", "--tables", str(tmp_path)]) == 2
    assert path.read_bytes() == broken


def test_untranslated_rows_are_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "vendors.toml").write_text(STANZA, encoding="utf-8")
    (tmp_path / "acme.csv").write_text(table(row(text_zh="")), encoding="utf-8")
    assert main(["check", "--tables", str(tmp_path)]) == 0
    assert "acme: text_zh is empty in 1 rows, the English stands in: 7\n" in capsys.readouterr().err


def test_tables_that_the_environment_or_the_project_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own, deep = tmp_path / "own", tmp_path / "a" / "b"
    own.mkdir()
    deep.mkdir(parents=True)
    (own / "vendors.toml").write_text(STANZA, encoding="utf-8")
    (own / "acme.csv").write_text(table(row()), encoding="utf-8")
    monkeypatch.chdir(deep)
    assert main(["explain", "acme:7"]) == 2
    (tmp_path / "pyproject.toml").write_text('[tool.blinkcode]\ntables = ["own"]\n', encoding="utf-8")
    assert main(["explain", "acme:7"]) == 0
    monkeypatch.setenv("BLINKCODE_TABLES", str(tmp_path / "nowhere"))
    assert main(["explain", "acme:7"]) == 2
    monkeypatch.setenv("BLINKCODE_TABLES", str(own))
    assert main(["explain", "acme:7"]) == 0
    monkeypatch.delenv("BLINKCODE_TABLES")
    (tmp_path / "pyproject.toml").write_text("[tool.blinkcode]\ntables = 7\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["explain", "acme:7"]) == 2
    assert "tool.blinkcode.tables must be a list of folders" in capsys.readouterr().err
