"""What an exception says: each form in which one arrives on an ESP32, made exactly so.

The runtime is linked with a table of all families and run under CPython; what depends on the port is set to the ESP32.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.compiler import compile_table
from targets import ROOT

FAMILIES = ("errno", "dns", "esp_err", "mbedtls", "wifi", "mqtt")
CATALOG = load()


class MQTTException(Exception):
    """As umqtt.simple has it."""


AsyncioTimeout = type("TimeoutError", (Exception,), {})  # as asyncio.core has it on MicroPython


class Reported:
    """A reporter on the runtime with all families, and the line of its last report."""

    def __init__(self, package: ModuleType, vendors: list[str]) -> None:
        self.lines: list[str] = []
        self.vendors = vendors
        self.lamp: list[int] = []
        self.package = package
        self.start()

    def start(self) -> None:
        """Take a new reporter, which has counted nothing yet."""
        make = vars(sys.modules["blinkcode.reporter"])["Reporter"]
        self.reporter = make(log=self, ticks=lambda: 5, level=21, journal=30, led=self.lamp.append)

    def write(self, line: bytes) -> None:
        self.lines.append(bytes(line).decode().split("blinkcode: ", 1)[1].strip())

    def catch(self, error: BaseException, vendor: str | None = None) -> tuple[str, int | None, str]:
        """(family or ?, code, state) of an exception."""
        self.start()
        self.lines.clear()
        self.reporter.catch(error, vendor)
        family, *rest = self.lines[0].split()
        code = int(rest[0]) if rest[0].lstrip("-").isdigit() else None
        return family, code, rest[0 if code is None else 1]


def runtime(tmp: Path, vendors: list[str]) -> Iterator[Reported]:
    """The runtime with a table of some vendors, as it would be on a board, imported afresh."""
    package = tmp / "blinkcode"
    package.mkdir()
    for path in (ROOT / "firmware" / "blinkcode").glob("*.py"):
        (package / path.name).write_bytes(path.read_bytes())
    (package / "table.py").write_text(compile_table(CATALOG.only(vendors), text=False).source)
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "blinkcode"}
    sys.path.insert(0, str(tmp))
    try:
        __import__("blinkcode.reporter")
        yield Reported(sys.modules["blinkcode"], vendors)
    finally:
        sys.path.remove(str(tmp))
        for name in [name for name in sys.modules if name.split(".")[0] == "blinkcode"]:
            del sys.modules[name]
        sys.modules.update(kept)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reported]:
    vendors = CATALOG.vendors_of("cloud", "system")
    yield from runtime(tmp_path_factory.mktemp("all"), vendors)


@pytest.fixture
def esp32(everything: Reported, monkeypatch: pytest.MonkeyPatch) -> Reported:
    monkeypatch.setattr(sys.modules["blinkcode.exceptions"], "PLATFORM", "esp32")
    everything.reporter.clear()
    return everything


def state_of(family: str, code: int) -> str:
    found = [meaning.state for meaning in CATALOG.lookup(code) if meaning.vendor == family]
    return found[0] if found else "UNKNOWN"


FORMS: list[tuple[str, Callable[[], BaseException], str, int]] = [
    ("A", lambda: OSError(113), "errno", 113),
    ("A", lambda: OSError(104), "errno", 104),
    ("A", lambda: OSError(116), "errno", 116),
    ("A", lambda: OSError(23), "errno", 23),
    ("B", lambda: OSError(-202), "dns", -202),
    ("B", lambda: OSError(-200), "dns", -200),
    ("B", lambda: OSError(-204), "dns", -204),
    ("B", lambda: OSError(-2), "dns", -2),
    ("B", lambda: OSError(-257), "dns", -257),
    ("B", lambda: OSError(-259), "dns", -259),
    ("D1", lambda: OSError(-4354, "ESP_ERR_NVS_NOT_FOUND"), "esp_err", 4354),
    ("D1", lambda: OSError(-258, "ESP_ERR_INVALID_ARG"), "esp_err", 258),
    ("D1", lambda: OSError(-49153, "ERROR"), "esp_err", 49153),
    ("D2", lambda: OSError(12, "ESP_ERR_NO_MEM"), "esp_err", 257),
    ("D2", lambda: OSError(116, "ESP_ERR_TIMEOUT"), "esp_err", 263),
    ("D2", lambda: OSError(95, "ESP_ERR_NOT_SUPPORTED"), "esp_err", 262),
    ("D3", lambda: OSError(1, "ESP_FAIL"), "esp_err", -1),
    ("D4", lambda: OSError("Wifi Internal Error"), "esp_err", 12295),
    ("D4", lambda: OSError("Wifi Not Started"), "esp_err", 12290),
    ("D4", lambda: OSError("Wifi Not Connected"), "esp_err", 12303),
    ("D4", lambda: OSError("WiFi Out of Memory"), "esp_err", 257),
    ("D5", lambda: RuntimeError("Wifi Unknown Error 0x0102"), "esp_err", 258),
    ("D5", lambda: RuntimeError("Wifi Unknown Error 0x0101"), "esp_err", 257),
    ("D5", lambda: RuntimeError("Wifi Unknown Error 0xffffffff"), "esp_err", -1),
    ("D6", lambda: OSError(263), "esp_err", 263),
    ("D6", lambda: OSError(4609), "esp_err", 4609),
    ("E1", lambda: OSError(-9984, "MBEDTLS_ERR_X509_CERT_VERIFY_FAILED"), "mbedtls", -9984),
    ("E1", lambda: OSError(-29312, "MBEDTLS_ERR_SSL_CONN_EOF"), "mbedtls", -29312),
    ("E1", lambda: OSError(-30592, "MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE"), "mbedtls", -30592),
    ("E1", lambda: OSError(-8576, "MBEDTLS_ERR_X509_INVALID_FORMAT+MBEDTLS_ERR_ASN1_X"), "mbedtls", -8576),
    (
        "E1, memory",
        lambda: OSError(-17040, "MBEDTLS_ERR_RSA_PUBLIC_FAILED+MBEDTLS_ERR_MPI_ALLOC_FAILED"),
        "mbedtls",
        -16,
    ),
    (
        "E1, 1.21",
        lambda: OSError(-17040, "RSA - The private key operation failed : BIGNUM - Memory allocation failed"),
        "mbedtls",
        -16,
    ),
    ("E1, unknown", lambda: OSError(-32384, "MBEDTLS_ERR_UNKNOWN (0x7E80)"), "mbedtls", -32384),
    ("E2", lambda: OSError(-29312), "mbedtls", -29312),
    ("E2, sum", lambda: OSError(-17040), "mbedtls", -16),
    ("E4", lambda: OSError(-104), "errno", 104),
    ("E4", lambda: OSError(-113), "errno", 113),
    ("E4", lambda: OSError(-128), "errno", 128),
    ("E4", lambda: OSError(-5), "errno", 5),
    ("E5", lambda: OSError(12), "errno", 12),
    ("E6", lambda: ValueError("invalid key"), "mbedtls", -0x3E80),
    ("E6", lambda: ValueError("invalid cert"), "mbedtls", -0x2800),
    ("E7", lambda: ValueError("\nThe certificate validity starts in the future\n"), "mbedtls", -0x2700),
    (
        "E7",
        lambda: ValueError("\nThe CRL is expired\nThe certificate validity has expired\n"),
        "mbedtls",
        -0x2700,
    ),
    ("F", lambda: OSError(1), "errno", 1),
    ("F", lambda: OSError(4), "errno", 4),
    ("G1", lambda: MQTTException(5), "mqtt", 5),
    ("G1", lambda: MQTTException(128), "mqtt", 128),
    ("memory", lambda: MemoryError("memory allocation failed, allocating 512 bytes"), "errno", 12),
    ("asyncio", lambda: AsyncioTimeout(), "errno", 116),
]


@pytest.mark.parametrize(
    ("form", "make", "family", "code"), FORMS, ids=[f"{f[0]}-{f[2]}{f[3]}" for f in FORMS]
)
def test_each_form(
    esp32: Reported, form: str, make: Callable[[], BaseException], family: str, code: int
) -> None:
    if family not in esp32.vendors:
        pytest.skip(f"there is no table of {family} yet")
    assert esp32.catch(make()) == (family, code, state_of(family, code))


def test_a_number_that_only_mbedtls_has(esp32: Reported) -> None:
    """E3: 96 is never of a plain socket."""
    if "mbedtls" not in esp32.vendors or state_of("errno", 96) != "UNKNOWN":
        pytest.skip("the tables do not have it so")
    assert esp32.catch(OSError(96))[:2] == ("mbedtls", -96)
    assert esp32.catch(OSError(4))[:2] == ("errno", 4)


def test_a_closed_connection(esp32: Reported) -> None:
    """F2 and G2: umqtt raises it where the broker has closed, lwIP where the interface fails."""
    family, code, state = esp32.catch(OSError(-1))
    assert (family in ("mqtt", "errno"), code) == (True, -1)
    assert state == state_of(family, -1)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (IndexError("bytes index out of range"), "? UNKNOWN IndexError: bytes index out of range"),  # G3
        (AssertionError(), "? UNKNOWN AssertionError"),  # G3
        (
            ValueError("CERT_REQUIRED requires server_hostname"),
            "? UNKNOWN ValueError: CERT_REQUIRED requires",
        ),
        (ValueError("syntax error in JSON"), "? UNKNOWN ValueError: syntax error in JSON"),
        (OSError(0), "? UNKNOWN OSError: 0"),
        (OSError(-3000), "? UNKNOWN OSError: -3000"),
    ],
)
def test_what_is_no_family_s_is_said_by_class_and_message(
    esp32: Reported, error: Exception, said: str
) -> None:
    esp32.catch(error)
    assert esp32.lines[0].startswith(said)


@pytest.mark.parametrize(
    ("code", "vendor", "said"),
    [
        (201, "wifi", "wifi 201 NETWORK"),  # C: WLAN.status()
        (1001, "wifi", "wifi 1001 BUSY"),  # C
        ("914", "tinytuya", "? 914 UNKNOWN"),  # I: "Err" of a dict of tinytuya, which is the host's
        (-7, "ppp", "? -7 UNKNOWN"),  # P: PPP.status(), not BroadLink's -7
        (5, "lan", "? 5 UNKNOWN"),  # P: LAN.status(), not errno's 5
    ],
)
def test_numbers_that_come_without_an_exception(
    esp32: Reported, code: object, vendor: str, said: str
) -> None:
    esp32.start()
    esp32.lines.clear()
    esp32.reporter.report(code, vendor)
    assert esp32.lines[0].startswith(said)


def test_a_reset_cause_stands_in_the_journal_alone(esp32: Reported) -> None:
    """H: machine.reset_cause() is no error of a family."""
    make = vars(sys.modules["blinkcode.reporter"])["Reporter"]
    reporter = make(log=esp32, ticks=lambda: 5, level=21, reset_cause=4)
    esp32.lines.clear()
    reporter.report(201, "wifi")
    dumped: list[str] = []
    reporter.dump(SimpleNamespace(write=dumped.append))
    assert [line.split(" NETWORK ")[1] for line in dumped] == ["x1 first 0 last 0 reset 4\n"]
    assert esp32.lines == [line for line in esp32.lines if line.startswith("wifi 201 NETWORK")]


@pytest.mark.parametrize("number", [1010, -4012, 500, 2062, 28504, -7, -11])
def test_an_exceptions_number_is_never_a_clouds(esp32: Reported, number: int) -> None:
    for error in (OSError(number), RuntimeError(number), type("CloudError", (Exception,), {})(number)):
        for vendor in (None, "tuya", "broadlink", "alibaba"):
            assert esp32.catch(error, vendor)[0] in ("?", *FAMILIES)


def test_on_other_ports_errno_is_read_by_its_names(
    everything: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    for platform in ("linux", "rp2", "esp8266"):
        monkeypatch.setattr(sys.modules["blinkcode.exceptions"], "PLATFORM", platform)
        names = {"ECONNRESET": 104, "ETIMEDOUT": 116, "EHOSTUNREACH": 118, "ENOMEM": 12, "ENOTCONN": 128}
        for name, code in names.items():
            everything.reporter.clear()
            found = everything.catch(OSError(getattr(errno, name)))
            assert found == ("errno", code, state_of("errno", code)), name
        for number in (-202, -2, -29312, -104, 263, 4609):
            assert everything.catch(OSError(number))[0] == "?", number
        assert everything.catch(MQTTException(5))[:2] == ("mqtt", 5)


def test_the_vendor_is_the_subject(esp32: Reported) -> None:
    esp32.lines.clear()
    esp32.reporter.catch(OSError(-203), "tuya")
    assert esp32.lines[0].startswith("dns -203 ")
    assert esp32.lines[0].endswith(" [tuya]")
    tuya, dns = (esp32.vendors.index(name) for name in ("tuya", "dns"))
    assert esp32.reporter.lamp.live[tuya] and not esp32.reporter.lamp.live[dns]
    esp32.reporter.clear("dns")
    assert esp32.reporter.lamp.live[tuya]
    esp32.reporter.clear("tuya")
    assert not any(esp32.reporter.lamp.live)
    lines: list[str] = []
    esp32.reporter.dump(type("Keep", (), {"write": lambda self, line: lines.append(line)})())
    assert [line for line in lines if " dns -203 " in line and " [tuya] x1 " in line]
    esp32.lines.clear()
    esp32.reporter.catch(OSError(-203))
    assert "[" not in esp32.lines[0]
    assert esp32.reporter.lamp.live[dns]


def test_wi_fi_s_own_state(esp32: Reported) -> None:
    wifi = esp32.vendors.index("wifi")
    flashes = {code: state_of("wifi", code) for code in (201, 202, 1000, 1001, 1010)}
    assert (flashes[1000], flashes[1001]) == ("BUSY", "BUSY")
    for code in (201, 202, 1000, 1001):
        esp32.reporter.report(code, wifi)
        assert esp32.reporter.lamp.live[wifi] & 31 == CATALOG.states[flashes[code]].number
        esp32.reporter.report(1010, wifi)
        assert not any(esp32.reporter.lamp.live)


def test_a_board_without_the_families(tmp_path: Path) -> None:
    for board in runtime(tmp_path, ["tuya"]):
        vars(sys.modules["blinkcode.exceptions"])["PLATFORM"] = "esp32"
        for error in (
            OSError(-202),
            OSError(113),
            MQTTException(5),
            MemoryError(),
            ValueError("invalid key"),
        ):
            assert board.catch(error, "tuya")[0] == "?"
            assert board.lines[0].split()[1:3] == [
                "UNKNOWN",
                type(error).__name__ + (":" if error.args else ""),
            ]
            assert board.reporter.lamp.live[0] & 31 == CATALOG.states["UNKNOWN"].number
