"""boards/example.py, as it stands, through a day of troubles: what its lamp shows at every second.

It runs on the Unix port with a simulated board (tests/device/simulated) and real TLS servers on this machine.
"""

from __future__ import annotations

import datetime
import json
import os
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from expected import stanzas
from lamp_reader import flashes, most_in_a_second, rows

from missing import unix_port
from targets import ROOT
from targets.target import FIRMWARE

SIMULATED = Path(__file__).parent / "simulated"
EXAMPLE = ROOT / "boards" / "example.py"
LAMP = "2"  # the pin
STATES = list(stanzas())
NO_ACCESS_POINT, WRONG_PASSWORD, CONNECTED = 201, 202, 1010


class Authority:
    """A certificate authority of the test's own, and a server's certificate from it."""

    def __init__(self, folder: Path, name: str) -> None:
        key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        ca = self._certificate(issuer, issuer, key, key, x509.BasicConstraints(True, None))
        server = self._certificate(
            subject, issuer, own, key, x509.SubjectAlternativeName([x509.DNSName("localhost")])
        )
        self.ca_file = folder / f"{name}.der"
        self.ca_file.write_bytes(ca.public_bytes(serialization.Encoding.DER))
        chain = folder / f"{name}.pem"
        chain.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + server.public_bytes(serialization.Encoding.PEM)
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain)

    @staticmethod
    def _certificate(
        subject: x509.Name,
        issuer: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        signer: ec.EllipticCurvePrivateKey,
        extension: x509.ExtensionType,
    ) -> x509.Certificate:
        today = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - datetime.timedelta(days=1))
            .not_valid_after(today + datetime.timedelta(days=1))
            .add_extension(extension, critical=True)
            .sign(signer, hashes.SHA256())
        )


@contextmanager
def serving(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on this machine; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                with suppress(OSError):  # the client has gone, as it does when it refuses our certificate
                    answer(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def saying(authority: Authority, status: str, body: object) -> Callable[[socket.socket], None]:
    """A cloud that answers each request so."""

    def answer(connection: socket.socket) -> None:
        with authority.context.wrap_socket(connection, server_side=True) as secure:
            while b"\r\n\r\n" not in secure.recv(4096):
                pass
            secure.sendall(f"HTTP/1.1 {status}\r\n\r\n{json.dumps(body)}".encode())

    return answer


def resetting(connection: socket.socket) -> None:
    """Break off with a reset once something came."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def clouds(folder: Path) -> Iterator[dict[str, int | None]]:
    """Clouds in each condition, by its name: the port to connect to; None where the name cannot be looked up."""
    ours, other = Authority(folder, "ours"), Authority(folder, "other")
    success = {"success": True, "result": {}}
    with (
        serving(saying(ours, "200 OK", success)) as works,
        serving(
            saying(ours, "200 OK", {"success": False, "code": 1010, "msg": "token is expired"})
        ) as expired,
        serving(
            saying(ours, "200 OK", {"success": False, "code": 2001, "msg": "device is offline"})
        ) as offline,
        serving(saying(ours, "503 Service Unavailable", {})) as unavailable,
        serving(saying(other, "200 OK", success)) as untrusted,
        serving(resetting) as reset,
    ):
        yield {
            "works": works,
            "expired": expired,
            "offline": offline,
            "unavailable": unavailable,
            "untrusted": untrusted,
            "reset": reset,
            "refused": closed_port(),
            "no name": None,
        }


def day(
    folder: Path, script: list[tuple[float, str, object]], seconds: int, ca_file: Path | None
) -> tuple[list[tuple[int, int]], str]:
    """Run the example; what its lamp was given, as (ms, light), and its console."""
    program = unix_port()
    changes = folder / "day.json"
    changes.write_text(json.dumps(script))
    done = subprocess.run(
        [
            program,
            "-X",
            "heapsize=32m",  # for what the lamp was given in a day
            str(SIMULATED / "day.py"),
            str(EXAMPLE),
            str(changes),
            str(seconds),
            str(ca_file or ""),
        ],
        env={**os.environ, "MICROPYPATH": f"{SIMULATED}:.frozen:{FIRMWARE}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    console, _, pins = done.stdout.partition("PINS ")
    return [(ms, light) for ms, light in json.loads(pins)[LAMP]], console


def shown(events: list[tuple[int, int]], start: float, end: float) -> list[str]:
    """The whole rhythms that a person counts between two seconds, each once, in order: "2", "9-1"."""
    within = [(ms, light) for ms, light in events if start * 1000 <= ms < end * 1000]
    found = rows(within)[1:-1]  # the first and the last may be cut
    return [rhythm for number, rhythm in enumerate(found) if rhythm not in found[:number]]


def test_a_day_of_troubles(tmp_path: Path) -> None:
    with clouds(tmp_path) as at:
        script: list[tuple[float, str, object]] = [
            (0, "server", at["works"]),
            (20, "wifi", NO_ACCESS_POINT),
            (100, "wifi", WRONG_PASSWORD),
            (200, "wifi", CONNECTED),
            (400, "server", at["no name"]),
            (600, "server", at["refused"]),
            (800, "server", at["reset"]),
            (1000, "server", at["untrusted"]),
            (1200, "server", at["expired"]),
            (1400, "server", at["offline"]),
            (1600, "server", at["unavailable"]),
            (1800, "server", at["works"]),
            (2000, "wifi", NO_ACCESS_POINT),
            (2100, "wifi", CONNECTED),
        ]
        events, console = day(tmp_path, script, 2400, tmp_path / "ours.der")
    assert shown(events, 0, 20) == ["1"], "connecting"
    # From a change on, the example looks at Wi-Fi within 0.5 s and at the cloud within 60 s and a lookup's 3 s.
    expected = [
        (21, 100, "2", "wifi 201 NETWORK"),
        (101, 200, "2", "wifi 202 NETWORK"),
        (465, 600, "2", "dns -202 NETWORK"),
        (665, 800, "2", "errno 111 NETWORK"),
        (865, 1000, "2", "NETWORK"),
        (1065, 1200, "8-1", "mbedtls -9984 REQUEST"),
        (1265, 1400, "4", "tuya 1010 SIGN_IN"),
        (1465, 1600, "3", "tuya 2001 OFFLINE"),
        (1665, 1800, "10", "? UNKNOWN HttpError: HTTP/1.1 503 Service Unavailable [tuya]"),
        (2001, 2100, "2", "wifi 201 NETWORK"),
    ]
    for start, end, rhythm, said in expected:
        assert shown(events, start + 10, end) == [rhythm], (start, said, console)
        assert said in console
    for start, end in ((270, 400), (1870, 2000), (2170, 2400)):
        lit = [ms for ms, light in events if light and start * 1000 <= ms < end * 1000]
        assert not lit, f"dark after recovery: {console}"
    # No steady light, though nothing is OK for long: each flash lasts at most a long one.
    assert max(flash.lit for flash in flashes(events)) <= 900
    assert most_in_a_second(events) <= 3


def test_each_failure_is_shown_within_a_second(tmp_path: Path) -> None:
    """From the line on the console to the first flash of the state's rhythm."""
    with clouds(tmp_path) as at:
        for name, rhythm in (("expired", "4"), ("offline", "3"), ("refused", "2"), ("no name", "2")):
            events, console = day(
                tmp_path, [(0, "wifi", CONNECTED), (0, "server", at[name])], 75, tmp_path / "ours.der"
            )
            failed = [
                line
                for line in console.splitlines()
                if line.startswith(("E (", "W (")) and "wifi" not in line
            ]
            banner = console.splitlines()[0]
            reported = int(failed[0][3:].partition(")")[0]) - int(banner[3:].partition(")")[0])
            later = [ms for ms, light in events if light and ms >= reported]
            assert later[0] - reported <= 1000, (name, console)
            assert shown(events, later[0] / 1000 - 0.1, 70) == [rhythm]


def test_a_lookup_that_blocks_does_not_stop_the_lamp(tmp_path: Path) -> None:
    events, console = day(tmp_path, [(0, "wifi", CONNECTED), (0, "server", None)], 200, None)
    assert "dns -202 NETWORK host name not found" in console
    starts = [flash.start for flash in flashes(events) if flash.start > 10_000]
    assert max(b - a for a, b in zip(starts, starts[1:], strict=False)) < 2500, (
        "a lookup blocks for 3 seconds"
    )


def test_the_button_has_the_code_spelled(tmp_path: Path) -> None:
    with clouds(tmp_path) as at:
        script: list[tuple[float, str, object]] = [
            (0, "wifi", CONNECTED),
            (0, "server", at["offline"]),
            (20, "button", 0),
            (20.5, "button", 1),
        ]
        events, _ = day(tmp_path, script, 60, None)
    assert "d-2-2-10-10-1" in rows([event for event in events if event[0] > 20_000]), "Tuya, 2001"
