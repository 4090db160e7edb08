"""logs.Explain: what a Python program logs, explained; with tinytuya and python-broadlink against fake devices."""

from __future__ import annotations

import importlib
import io
import json
import logging
import logging.config
import logging.handlers
import pickle
import queue
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from blinkcode_host import logs
from blinkcode_host.logs import PREFIX, Explain

HOME_ASSISTANT = "%(asctime)s.%(msecs)03d %(levelname)s (%(threadName)s) [%(name)s] %(message)s"


@pytest.fixture(scope="module")
def explain() -> Explain:
    return Explain()


@pytest.fixture
def console() -> Iterator[io.StringIO]:
    """What the root logger's only handler writes."""
    root, stream = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(HOME_ASSISTANT))
    before, level = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def record(
    message: str, *args: object, name: str = "app", error: BaseException | None = None
) -> logging.LogRecord:
    exc_info = None if error is None else (type(error), error, None)
    return logging.LogRecord(name, logging.ERROR, "app.py", 1, message, args, exc_info)


def codes(explain: Explain, of: logging.LogRecord) -> list[tuple[str | None, int | None]]:
    assert explain.filter(of) is True
    assert explain.trouble is None
    return [(finding["vendor"], finding["code"]) for finding in getattr(of, "blinkcode")]  # noqa: B009


def test_two_lines_explain_a_line_of_home_assistant(console: io.StringIO) -> None:
    logs.attach()
    logger = logging.getLogger("homeassistant.components.broadlink.updater")
    logger.warning("Error updating %s: %s", "RM4 pro", "[Errno -7] Control key is expired")
    said, explained = console.getvalue().splitlines()
    assert said.endswith("Error updating RM4 pro: [Errno -7] Control key is expired")
    assert explained.startswith(f"{PREFIX}broadlink -7 PAIR  ")


@pytest.mark.parametrize(
    ("name", "message", "expected"),
    [
        ("custom_components.localtuya.common", "Error code 500", [("tuya", 500)]),
        ("custom_components.tuya_local", "error: 1010", [("tuya", 1010)]),
        ("homeassistant.components.broadlink", "Connect failed: -2", [("broadlink", -2)]),
        ("homeassistant.components.http", "Error code 500", []),
        ("homeassistant.setup", "Setup of domain light took 1.06 seconds", []),
        ("app", "1106 bytes in 500 ms, 4012 of 4711", []),
        ("homeassistant.components.tuya", "1010 bytes received", []),
        ("aiodns", "lookup failed: [Errno -2] Name or service not known", []),
        ("app", "OSError: [Errno 113] No route to host", []),
        ("app", "{'code': 1106, 'msg': 'permission deny'}", [("tuya", 1106)]),
        ("app", "two lines\n{'code': 1106,\n 'msg': 'permission deny'}", [("tuya", 1106)]),
    ],
)
def test_whose_a_number_is_depends_on_the_logger(
    explain: Explain, name: str, message: str, expected: list[tuple[str | None, int | None]]
) -> None:
    assert codes(explain, record(message, name=name)) == expected


def test_a_record_without_a_code_stays_as_it_is(explain: Explain) -> None:
    plain = record("took %d ms", 12)
    assert codes(explain, plain) == []
    assert (plain.msg, plain.args) == ("took %d ms", (12,))


class CloudError(Exception):
    pass


def test_an_exception_and_those_that_led_to_it_are_read(explain: Explain) -> None:
    error = RuntimeError("no state")
    error.__cause__ = CloudError("{'code': 1106, 'msg': 'permission deny'}")
    error.__cause__.__cause__ = error  # a circle
    with_error = record("update failed", error=error)
    assert codes(explain, with_error) == [("tuya", 1106)]
    first, second = with_error.getMessage().splitlines()
    assert first == "update failed"
    assert second.startswith(f"{PREFIX}tuya 1106 SETUP  ")


@pytest.mark.parametrize(
    "error",
    [
        OSError(12, "Cannot allocate memory"),
        MemoryError(),
        TimeoutError(),
        ConnectionResetError(104, "reset"),
    ],
)
def test_errors_of_this_computer_are_not_the_esp32s(explain: Explain, error: BaseException) -> None:
    assert codes(explain, record("failed", error=error)) == []


def test_what_an_exception_repeats_is_said_once(explain: Explain) -> None:
    said = "{'code': 1106, 'msg': 'permission deny'}"
    assert codes(explain, record("failed: %s", said, error=CloudError(said))) == [("tuya", 1106)]


def test_several_handlers_explain_once(console: io.StringIO) -> None:
    other = io.StringIO()
    logging.getLogger().addHandler(logging.StreamHandler(other))
    logs.attach()
    logs.attach()
    logging.getLogger("a.child").error("BroadlinkException: [Errno -7] Control key is expired")
    assert console.getvalue().count(PREFIX) == other.getvalue().count(PREFIX) == 1


def test_attach_where_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    fallback = logging.StreamHandler(io.StringIO())
    monkeypatch.setattr(logging, "lastResort", fallback)
    explain = logs.attach(logging.Logger("without handlers"))
    assert fallback.filters == [explain]


def test_a_configuration_names_the_filter() -> None:
    stream = io.StringIO()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"codes": {"()": "blinkcode_host.logs.Explain", "language": "zh"}},
            "handlers": {"here": {"class": "logging.StreamHandler", "stream": stream, "filters": ["codes"]}},
            "loggers": {"configured": {"handlers": ["here"], "propagate": False}},
        }
    )
    logging.getLogger("configured").error("{'code': 1106, 'msg': 'permission deny'}")
    assert f"{PREFIX}tuya 1106 SETUP  " in stream.getvalue()
    assert any("一" <= character <= "鿿" for character in stream.getvalue())


def test_findings_alone_can_be_had_and_sent(explain: Explain) -> None:
    explain = Explain(in_message=False)
    of = record("{'code': 1106, 'msg': 'permission deny'}")
    assert codes(explain, of) == [("tuya", 1106)]
    assert of.getMessage() == "{'code': 1106, 'msg': 'permission deny'}"
    sent = pickle.loads(pickle.dumps(of))
    assert json.loads(json.dumps(sent.blinkcode))[0]["state"] == "SETUP"


def test_a_queue_of_records(console: io.StringIO) -> None:
    waiting: queue.Queue[logging.LogRecord] = queue.Queue()
    handler = logging.handlers.QueueHandler(waiting)
    handler.addFilter(Explain())
    logger = logging.Logger("queued")
    logger.addHandler(handler)
    logger.error("{'code': 1106, 'msg': 'permission deny'}")
    assert waiting.get_nowait().getMessage().count(PREFIX) == 1


class Nasty(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_nothing_is_raised_into_the_program() -> None:
    explain = Explain()
    assert explain.filter(record("%d", "no number")) is True
    assert isinstance(explain.trouble, TypeError)
    assert explain.filter(record("failed", error=Nasty())) is True
    assert isinstance(explain.trouble, RuntimeError)
    assert explain.filter(record("\ud800 code 1106 " * 100_000)) is True
    assert explain.filter(record("x" * 10_000_000)) is True


def test_threads_share_a_filter(explain: Explain) -> None:
    found: list[list[tuple[str | None, int | None]]] = []

    def log(name: str) -> None:
        for number in range(50):
            found.append(codes(explain, record("request %d: error: %d", number, 1010, name=name)))

    threads = [threading.Thread(target=log, args=(f"tuya.worker{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[("tuya", 1010)]] * 200


def test_a_record_without_a_code_costs_little() -> None:
    """Calls of a logger with the filter and without, in one run, the fastest of several rounds each."""

    def calls(name: str, explain: Explain | None, message: str) -> Callable[[], None]:
        logger, handler = logging.Logger(name), logging.StreamHandler(io.StringIO())
        handler.setFormatter(logging.Formatter(HOME_ASSISTANT))
        logger.addHandler(handler)
        if explain:
            handler.addFilter(explain)

        def run() -> None:
            for number in range(300):
                logger.warning(message, number, 1010)

        return run

    explain, took = Explain(), "Setup of domain light%d took %d ms"
    alone = fastest(calls("tuya", None, took))
    plain = fastest(calls("tuya", explain, took))
    with_code = fastest(calls("tuya", explain, "request %d failed: error: %d"), rounds=2)
    print(
        f"a call takes {plain / alone:.2f} of one without the filter; {with_code / alone:.0f} where it has a code"
    )
    assert plain < 3 * alone
    assert with_code > 3 * plain


def fastest(run: Callable[[], None], rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def fake_remote(reply: bytes) -> tuple[str, int]:
    """The address of a BroadLink device that answers every packet so."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            server.sendto(reply, server.recvfrom(2048)[1])

    threading.Thread(target=answer, daemon=True).start()
    address: tuple[str, int] = server.getsockname()
    return address


def refusal(code: int) -> bytes:
    """A BroadLink packet with an error in its header and a right checksum."""
    packet = bytearray(56)
    packet[0x22:0x24] = code.to_bytes(2, "little", signed=True)
    packet[0x20:0x22] = (sum(packet, 0xBEAF) & 0xFFFF).to_bytes(2, "little")
    return bytes(packet)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (refusal(-7), -7),
        (refusal(-1), -1),
        (refusal(-4012), -4012),
        (b"short", -4007),
        (refusal(-7)[:-1] + b"x", -4008),
    ],
)
def test_errors_of_python_broadlink(reply: bytes, code: int, console: io.StringIO) -> None:
    broadlink = pytest.importorskip("broadlink", reason="python-broadlink skipped: pip install broadlink")
    logs.attach()
    remote = broadlink.rm4pro(fake_remote(reply), b"\0" * 6, 0x6026)
    try:
        remote.auth()
    except broadlink.exceptions.BroadlinkException:
        logging.getLogger("app").exception("cannot log in")
    lines = console.getvalue().splitlines()
    assert lines[0].endswith("cannot log in")
    assert lines[1].startswith(f"{PREFIX}broadlink {code} ")
    assert lines[2].startswith("Traceback")
    assert console.getvalue().count(PREFIX) == 1


def fake_lamp(reply: bytes) -> int:
    """The port of a Tuya device that answers everything so."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            client = server.accept()[0]
            try:
                while client.recv(2048):
                    client.sendall(reply)
            except OSError:
                pass

    threading.Thread(target=answer, daemon=True).start()
    port: int = server.getsockname()[1]
    return port


@pytest.mark.parametrize("level", [logging.DEBUG, logging.WARNING])
def test_errors_of_tinytuya(level: int, console: io.StringIO) -> None:
    """At the level DEBUG tinytuya logs the error itself, with a child of the logger that is named after it."""
    tinytuya = pytest.importorskip("tinytuya", reason="tinytuya skipped: pip install tinytuya")
    logging.getLogger().setLevel(level)
    logs.attach()
    wrong = importlib.import_module("tinytuya.core.message_helper").pack_message(
        tinytuya.TuyaMessage(1, 10, 1, b"json obj data unvalid", 0, True, 0x55AA, None)
    )
    lamp = tinytuya.BulbDevice(
        "0123456789abcdef0123",
        "127.0.0.1",
        "0123456789abcdef",
        version=3.3,
        port=fake_lamp(wrong),
        connection_retry_limit=1,
    )
    logging.getLogger("app").warning("state: %s", lamp.status())
    lines = console.getvalue().splitlines()
    (said,) = (i for i, line in enumerate(lines) if "[app] state: " in line)
    assert "'Err': '904'" in lines[said]
    assert lines[said + 1].startswith(f"{PREFIX}tinytuya 904 ")
    own = [
        i for i, line in enumerate(lines) if "[tinytuya.core.error_helper]" in line and " - 904 - " in line
    ]
    assert bool(own) == (level == logging.DEBUG)
    assert all(lines[i + 1].startswith(f"{PREFIX}tinytuya 904 ") for i in own)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="ExceptionGroup skipped: Python 3.11 has it")
def test_a_group_of_exceptions(explain: Explain) -> None:
    group = eval("ExceptionGroup")(
        "several", [CloudError("x"), CloudError("{'code': 1106, 'msg': 'permission deny'}")]
    )
    assert codes(explain, record("failed", error=group)) == [("tuya", 1106)]
