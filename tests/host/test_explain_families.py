"""explain: names, exceptions and the number forms of the ESP32's own families."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blinkcode_host.catalog import Catalog, load
from blinkcode_host.cli import main
from blinkcode_host.explaining.explain import explain


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def found(catalog: Catalog, written: str) -> list[tuple[str, int]]:
    """(vendor, code) of what explain finds, in its order."""
    return [(m.vendor, m.code) for _, m in explain(catalog, written).found]


NAMES = [
    ("ECONNRESET", [("errno", 104)]),
    ("econnreset", [("errno", 104)]),
    ("EWOULDBLOCK", [("errno", 11)]),
    ("EBADF", [("errno", 9)]),  # hexadecimal digits alone, and a name first
    ("errno:ECONNRESET", [("errno", 104)]),
    ("EAI_FAIL", [("dns", -202)]),
    ("WIFI_REASON_NO_AP_FOUND", [("wifi", 201)]),
    ("STAT_GOT_IP", [("wifi", 1010)]),
    ("NO_AP_FOUND", [("wifi", 201)]),
    ("4WAY_HANDSHAKE_TIMEOUT", [("wifi", 15)]),
    ("ERR_KEY_OR_VER", [("tinytuya", 914)]),
    ("Check device key or version", [("tinytuya", 914)]),
    ("permission deny", [("tuya", 1106)]),
    ("Connection Refused,  identifier rejected", [("mqtt", 2)]),
    ("ESP_ERR_NVS_NOT_FOUND", [("esp_err", 4354)]),
    ("SSL_CONN_EOF", [("mbedtls", -29312)]),
    ("MBEDTLS_ERR_RSA_PUBLIC_FAILED+MBEDTLS_ERR_MPI_ALLOC_FAILED", [("mbedtls", -16), ("mbedtls", -17024)]),
    ("Wifi Internal Error", [("esp_err", 12295)]),
]
NUMBERS = [
    ("errno:113", [("errno", 113)]),
    ("wifi:201", [("wifi", 201)]),
    ("dns:-202", [("dns", -202)]),
    ("dns:202", [("dns", -202)]),
    ("errno:-104", [("errno", 104)]),
    ("wifi:53", [("wifi", 49)]),
    ("-202", [("dns", -202)]),
    ("202", [("wifi", 202)]),
    ("-104", [("errno", 104), ("mbedtls", -104)]),  # only C has mbedTLS's low codes alone
    ("mbedtls:-104", [("mbedtls", -104)]),
    ("-0x0068", [("errno", 104), ("mbedtls", -104)]),
    ("1010", [("tuya", 1010), ("wifi", 1010)]),
    ("-2", [("broadlink", -2), ("dns", -2), ("mbedtls", -2)]),
    ("200", [("alibaba", 200), ("wifi", 200)]),
    ("5", [("errno", 5), ("wifi", 5), ("mqtt", 5)]),
    ("0x1102", [("esp_err", 4354)]),
    ("esp_err:1102", [("esp_err", 4354)]),
    ("-4354", [("esp_err", 4354)]),
    ("esp_err:1", [("esp_err", -1)]),
    ("-257", [("dns", -257), ("esp_err", 257)]),
    ("0xffffffff", [("broadlink", -1), ("esp_err", -1)]),
    ("-0x7280", [("mbedtls", -29312)]),
    ("0x7280", [("mbedtls", -29312)]),
    ("7280", [("mbedtls", -29312)]),
    ("mbedtls:7280", [("mbedtls", -29312)]),
    ("29312", [("mbedtls", -29312)]),
    ("0xffff8d80", [("mbedtls", -29312)]),
    ("-17040", [("mbedtls", -16), ("mbedtls", -17024)]),
    ("-0x4290", [("mbedtls", -16), ("mbedtls", -17024)]),
    ("mbedtls:4290", [("mbedtls", -16), ("mbedtls", -17024)]),
    ("-4290", [("mbedtls", -16), ("mbedtls", -17024)]),  # hexadecimal, as MicroPython before 1.13 prints it
    ("-4012", [("broadlink", -4012)]),
    ("-0x7780", [("mbedtls", -30592)]),  # the low bits are part of its number
    ("2007", [("tuya", 2007), ("tuya", 2007)]),  # decimal where a cloud has it
]
EXCEPTIONS = [
    ("OSError: -202", [("dns", -202)]),
    ("OSError(-202)", [("dns", -202)]),
    ("OSError(-202,)", [("dns", -202)]),
    ("OSError: -2", [("dns", -2)]),
    ("OSError: -104", [("errno", 104)]),
    ("OSError: -17040", [("mbedtls", -16), ("mbedtls", -17024)]),
    ("OSError: 16", [("errno", 16)]),  # a Wi-Fi reason never comes as an exception
    ("OSError: [Errno 113] ECONNABORTED", [("errno", 113)]),
    ("[Errno 113] ECONNABORTED", [("errno", 113)]),
    ("[Errno -2]", [("dns", -2)]),
    ("[Errno 1] EPERM: ESP_FAIL", [("esp_err", -1)]),
    ("[Errno 116] ETIMEDOUT: ESP_ERR_TIMEOUT", [("esp_err", 263)]),
    ("OSError: (12, 'ESP_ERR_NO_MEM')", [("esp_err", 257)]),
    ("(-4354, 'ESP_ERR_NVS_NOT_FOUND')", [("esp_err", 4354)]),
    ("OSError: (-4354, 'ERROR')", [("esp_err", 4354)]),
    ("OSError: Wifi Internal Error", [("esp_err", 12295)]),
    ('OSError("WiFi Out of Memory")', [("esp_err", 257)]),
    ("RuntimeError: Wifi Unknown Error 0x0102", [("esp_err", 258)]),
    ("OSError: (-9984, 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED')", [("mbedtls", -9984)]),
    ("ValueError: The certificate validity starts in the future", [("mbedtls", -9984)]),
    ("ValueError('\\nThe CRL is expired\\n',)", [("mbedtls", -9984)]),
    ("The certificate validity has expired", [("mbedtls", -9984)]),
    ("MemoryError: memory allocation failed, allocating 4096 bytes", [("errno", 12)]),
    ("asyncio.TimeoutError", [("errno", 116)]),
    ("OSError: [Errno 24] Too many open files", [("errno", 24)]),  # a computer's words, and the same number
    ("OSError: [Errno 110] ETIMEDOUT", [("errno", 116), ("errno", 110)]),  # the name first
    ("OSError: [Errno 103] ECONNABORTED", [("errno", 113)]),
    ("OSError[Errno 118] EHOSTUNREACH", [("errno", 118)]),
    ("mqtt: OSError(-1,)", [("errno", -1)]),
    ("OSError: 4353", [("esp_err", 4353)]),
    ("mbedtls_ssl_handshake error: -4290", [("mbedtls", -16), ("mbedtls", -17024)]),
    ("esp-tls: mbedtls_ssl_handshake returned -0x2700", [("mbedtls", -9984)]),
    ("OSError(-80,)", [("mbedtls", -80)]),
    ("MQTTException: 5", [("mqtt", 5)]),
    ("MQTTException(5,)", [("mqtt", 5)]),
]


@pytest.mark.parametrize(("written", "expected"), NAMES + NUMBERS + EXCEPTIONS)
def test_names_numbers_and_exceptions(
    catalog: Catalog, written: str, expected: list[tuple[str, int]]
) -> None:
    assert found(catalog, written) == expected


def test_every_name_of_the_tables_is_found_by_itself(catalog: Catalog) -> None:
    for meaning in catalog.meanings:
        for message in meaning.messages.values():
            assert meaning in [m for _, m in explain(catalog, message, meaning.vendor).found], message


def test_an_exception_is_never_looked_up_in_a_cloud(catalog: Catalog) -> None:
    for code in catalog.codes():
        try:
            vendors = {vendor for vendor, _ in found(catalog, f"OSError: {code}")}
        except ValueError:
            continue
        assert not vendors & set(catalog.vendors_of("cloud", "host")), code


def test_a_bare_number_names_the_families_that_have_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "1010"]) == 0
    out = capsys.readouterr().out
    assert "tuya 1010  SIGN_IN" in out
    assert "wifi 1010  OK  connected to wi-fi" in out
    assert "Claimed by tuya and wifi: name the vendor" in out
    assert "whose    the device's own" in out


def test_how_a_number_was_read_is_said(catalog: Catalog) -> None:
    (way, _), _ = explain(catalog, "-104").found
    assert way.how == "MicroPython before 1.28 raises errno 104 as -104 under TLS"
    ((way, _),) = explain(catalog, "NO_AP_FOUND").found
    assert way.how.startswith("NO_AP_FOUND stands for ")


def test_near_misses_only_of_what_was_not_found(catalog: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    for code in catalog.codes():
        explanation = explain(catalog, str(code))
        assert explanation.found, code
        assert explanation.near == (), code
    assert main(["explain", "ECONRESET"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("ECONRESET: not in the tables.")
    assert "errno 104  NETWORK" in out


def test_which_source_a_meaning_comes_from(catalog: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "tuya:2007"]) == 0
    out = capsys.readouterr().out
    assert "[Global Error Codes, 2024-07-22]" in out
    assert "[field reports to 2026-11]" in out
    assert "no document lists it" not in out
    assert main(["explain", "tuya:2406", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["found"]
    assert entry["field_only"] is True
    assert [source["kind"] for source in entry["sources"]] == ["field"]
    assert main(["explain", "errno:104", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["found"]
    assert entry["field_only"] is False
    assert {source["kind"] for source in entry["sources"]} == {"code"}
    assert entry["kind"] == "system"


def test_advice_for_who_writes_the_firmware(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "errno:128"]) == 0
    out = capsys.readouterr().out
    assert "  advice   Check the Wi-Fi" in out
    assert "  firmware Make a new socket" in out
    assert "固件：" in out


@pytest.mark.parametrize(
    "written",
    [
        "OSError: [Errno 113] Host is unreachable",
        "OSError: ",
        "OSError: zzz",
        "[Errno x]",
        "qwertyuiop",
        "tuya:ECONNRESET",
    ],
)
def test_what_is_neither_number_nor_name(capsys: pytest.CaptureFixture[str], written: str) -> None:
    assert main(["explain", "--", written]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_diff_and_export_say_what_kind_a_source_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "tuya", "2024-07-22", "2026-11-29"]) == 0
    captured = capsys.readouterr()
    assert "+ 2406  skill id invalid  (SETUP)" in captured.out
    assert "tuya 2024-07-22 to 2026-11-29 (field reports to 2026-11): " in captured.err
    assert "withdrawn" not in captured.err
    assert main(["diff", "tuya", "2024-07-22", "2025-01-01"]) == 2
    assert "2026-11-29 (field reports to 2026-11)" in capsys.readouterr().err
    assert main(["export", "--format", "json"]) == 0
    kinds = {(entry["vendor"], entry["kind"]) for entry in json.loads(capsys.readouterr().out)["codes"]}
    assert {("tuya", "cloud"), ("wifi", "system"), ("tinytuya", "host")} <= kinds


def test_a_device_s_reports_of_families_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the console and in the dump of a journal; the subject in brackets is not the vendor of the code."""
    dump = tmp_path / "dump"
    dump.write_text(
        "W (12345) blinkcode: dns -202 NETWORK host name not found [tuya] (x4)\n"
        "J (boot 12) blinkcode: errno 104 NETWORK [tuya] x8 first 1230 last 99990 reset 3\n"
        "J (boot 12) blinkcode: mqtt 5 SIGN_IN x1 first 1230 last 1230 reset 3\n"
    )
    assert main(["decode", "--json", str(dump)]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(f["vendor"], f["code"], f["form"], f["count"]) for f in found] == [
        ("dns", -202, "device", 4),
        ("errno", 104, "journal", 8),
        ("mqtt", 5, "journal", 1),
    ]
    assert all(f["meanings"][0]["state"] == f["state"] for f in found)
