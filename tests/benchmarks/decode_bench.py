"""How fast `decode --summary` is, beside its honest rival and `grep -cE` with the one expression.

`python tests/benchmarks/decode_bench.py [MEGABYTES] [ROUNDS]` makes a log of realistic lines, 3 % of them with codes
and no two the same, and prints a table: the best of the rounds, which take turns. The rival does the job as Pigweed's
Python detokenizer does its own: a regular expression over each line, and look-ups in dictionaries for what matched. It
finds the same codes in this log. Time is that on the clock, and that of all processes on their cores, which says more
where others use the machine too.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "host_tools")]

from blinkcode_host.catalog import Catalog, load  # noqa: E402
from blinkcode_host.finding.words import Words  # noqa: E402
from blinkcode_host.reading.prefilter import expression  # noqa: E402

_SEED = 20_240_722
_CARRYING_SHARE = 0.03
_CODES = 60  # that this log ever has; an installation meets few of the tables' codes
_LOOKS = 0.02  # seconds between two looks at the memory
# {t} a time, {n} a number that grows, {s} a small one, {h} 16 hex digits, {e} the epoch's milliseconds.
_ORDINARY = (
    "{t} DEBUG (MainThread) [tuya] Received update for bf{h}: {{'switch_1': True, 'cur_power': {s}}}",
    "I ({n}) wifi: connected to ap, channel 6, rssi -{s}",
    '192.168.1.{s} - - [22/Jul/2024:10:00:00 +0000] "GET /v1.0/devices/{h} HTTP/1.1" 200 {n}',
    '{t} INFO mqtt: publish topic=home/attic/state payload={{"temp":{s},"id":{n}}}',
    "W ({n}) heap: free {n} largest {s} tick {n}",
    "{t} INFO (MainThread) [automation] step {s} finished with status 0 in {s} ms",
    "D ({n}) dhcpc: lease of 192.168.1.{s} for {n} s, gateway 192.168.1.1",
    '{t} DEBUG [tuya_iot] Response: {{"result":{{"online":true,"uptime":{n}}},"success":true,"t":{e}}}',
    "{t} DEBUG (MainThread) [broadlink] 192.168.1.{s} sent 0x{h} in {s} ms",
    "I ({n}) ota: wrote {n} of 1048576 bytes, {s} s left",
    "Jul 22 10:00:00 gateway kernel: [{n}.{s}] usb 1-1: new high-speed device number {s}",
    "{t} INFO zigbee2mqtt: publish 'zigbee2mqtt/0x{h}', payload '{{\"battery\":{s},\"linkquality\":{s}}}'",
    "V ({n}) sensor: temperature {s}.5 C, humidity {s} %, pressure {n} Pa",
    '{t} DEBUG (SyncWorker_{s}) [urllib3] https://iot.example:443 "POST /v1.0/token HTTP/1.1" 200 {n}',
    "{t} INFO (MainThread) [scene] {h} returned {n} entries after {s} ms",
    "{t} WARNING (MainThread) [sensor] update of {h} took longer than {s} s",
)
# The same with @code and @said, a vendor's number and its words.
_CARRYING = {
    "tuya": (
        '{t} DEBUG (Thread-4) [tuya_iot] Response: {{"code": @code, "msg": "@said", "success": false, "t": {e}}}',
        "{t} ERROR (SyncWorker_{s}) [tuya] request to /v1.0/devices/{h} failed: code=@code, msg=@said",
        "W ({n}) tuya: request failed with error code @code",
        "{t} WARNING [custom_components.tuya] Login Error (@code): @said",
        "E ({n}) blinkcode: tuya @code DENIED @said",
    ),
    "broadlink": (
        "E ({n}) blinkcode: broadlink @code OFFLINE @said",
        "{t} ERROR (MainThread) [broadlink] [Errno @code] @said: No response received within {s}s",
        "{t} ERROR (MainThread) [homeassistant.components.broadlink] device 192.168.1.{s} status: @code, @said",
        "I ({n}) app: broadlink auth after {s} ms: err=@code",
    ),
    "alibaba": (
        '{t} INFO linkkit: <- {{"id":"{n}","code":@code,"localizedMsg":"","message":"@said","data":{{}}}}',
        "{t} ERROR aliyun iot device {h} bind error: @code @said",
    ),
}


def write_log(path: Path, size: int, catalog: Catalog) -> int:
    """Write a log of about `size` bytes; how many lines it has."""
    written = lines = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in _lines(catalog):
            if written >= size:
                break
            written += file.write(line)
            lines += 1
    return lines


def _lines(catalog: Catalog) -> Iterator[str]:
    chance = random.Random(_SEED)
    codes = chance.sample(
        sorted({(m.vendor, m.code) for m in catalog.meanings if m.state != "OK" and m.vendor in _CARRYING}),
        _CODES,
    )
    carrying = [
        shape.replace("@code", str(m.code)).replace("@said", said.replace("{", "{{").replace("}", "}}"))
        for m in catalog.meanings
        if (m.vendor, m.code) in codes and m.vendor in _CARRYING
        for said in m.messages.values()
        for shape in _CARRYING[m.vendor]
    ]
    n = 0
    while True:
        n += 1
        shapes = carrying if chance.random() < _CARRYING_SHARE else _ORDINARY
        s, ms = n // 40, n % 40 * 25
        line = shapes[int(chance.random() * len(shapes))].format(
            t=f"2024-07-{s // 86_400 % 30 + 1:02d} {s // 3600 % 24:02d}:{s // 60 % 60:02d}:{s % 60:02d}.{ms:03d}",
            n=n * 25,
            s=30 + int(chance.random() * 220),
            h=f"{chance.getrandbits(64):016x}",
            e=1_721_600_000_000 + n * 25,
        )
        yield line + "\n"


_RIVAL = re.compile(
    r"blinkcode: (?P<vendor>\w+) (?P<own>-?\d+)|\[Errno (?P<errno>-\d+)\]"
    r"|[\"']?\b(?:code|err(?:or)?(?:[ _]?code)?|errno|status)[\"']?\s*[=: (\[]+[\"']?(?P<number>-?\d+)",
    re.IGNORECASE,
)


def rival(path: Path, catalog: Catalog) -> int:
    """One process, a line at a time: the first match of one expression, then dictionaries; how many findings."""
    known = {m.code: m for m in catalog.meanings if m.vendor in _CARRYING}
    counts: Counter[int] = Counter()
    first: dict[int, str] = {}
    last: dict[int, str] = {}
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            match = _RIVAL.search(line)
            if not match:
                continue
            code = int(match["own"] or match["errno"] or match["number"])
            meaning = known.get(code)
            if meaning and meaning.state != "OK":
                counts[code] += 1
                first.setdefault(code, line[:23])
                last[code] = line[:23]
    return counts.total()


def _command(log: Path) -> list[str]:
    return [sys.executable, "-m", "blinkcode_host", "decode", "--summary", str(log)]


_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "host_tools")}


def ours(log: Path) -> int:
    """The command itself, with its start; how many findings it counts."""
    out = subprocess.run(_command(log), capture_output=True, check=True, text=True, env=_ENVIRONMENT).stdout
    return sum(int(row.split()[0]) for row in out.splitlines()[1:])


def grep(log: Path, pattern: Path, locale: str) -> int:
    """Lines that grep counts with the same expression."""
    command = ["grep", "-aciE", "-f", str(pattern), str(log)]
    environment = {**os.environ, "LC_ALL": locale}
    return int(subprocess.run(command, capture_output=True, text=True, env=environment).stdout)


def peak_memory(log: Path) -> int | None:
    """The most bytes that the command and its workers took together, a shared page counted once; Linux tells."""
    if sys.platform != "linux":
        return None
    peak = 0
    with subprocess.Popen(_command(log), stdout=subprocess.DEVNULL, env=_ENVIRONMENT) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_proportional, _family(process.pid))))
            time.sleep(_LOOKS)
    return peak


def _family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it has ended
            continue
        for child in children:
            yield from _family(int(child))


def _proportional(process: int) -> int:
    """A process's memory in bytes, what it shares with others divided among them."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) << 10 for line in rollup.splitlines() if line.startswith("Pss:")), 0)


@dataclass
class Row:
    """A contender: its best times in seconds, and what it found."""

    name: str
    work: Callable[[], int]
    clock: float = float("inf")
    cores: float = float("inf")
    found: int = 0

    def run(self) -> None:
        """Run it once more, and keep the best."""
        clock, cores = time.perf_counter(), _cpu()
        self.found = self.work()
        self.clock = min(self.clock, time.perf_counter() - clock)
        self.cores = min(self.cores, _cpu() - cores)


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main() -> None:
    megabytes, rounds = (int(given) for given in (*sys.argv[1:3], "200", "3")[:2])
    catalog = load()
    with tempfile.TemporaryDirectory() as folder:
        log, pattern = Path(folder, "log"), Path(folder, "expression")
        lines = write_log(log, megabytes * 1_000_000, catalog)
        extended = expression(catalog, Words(catalog))
        pattern.write_text(extended.replace("(?:", "(").replace(r"\r?$", "$").replace(r"\n", ""))
        print(f"{log.stat().st_size / 1e6:.0f} MB, {lines} lines, {os.cpu_count()} cores, best of {rounds}")
        peak = peak_memory(log)
        decode = Row("blinkcode decode --summary", lambda: ours(log))
        others = [Row("rival: expression a line, then look-ups", lambda: rival(log, catalog))]
        if shutil.which("grep"):
            others.append(Row("grep -ciE, LC_ALL=C", lambda: grep(log, pattern, "C")))
            others.append(Row("grep -ciE, UTF-8", lambda: grep(log, pattern, "C.UTF-8")))
        for _ in range(rounds):
            for row in (decode, *others):
                row.run()
        for row in (decode, *others):
            pace = lines / row.clock / 1e6
            print(
                f"{row.name:<40} {row.clock:7.2f} s {row.cores:7.2f} CPU s {pace:6.2f} M lines/s {row.found:>8} found"
            )
        for row in others:
            print(f"decode takes {decode.clock / row.clock:.2f} times as long as {row.name}")
        if peak is not None:
            print(f"peak memory of all processes together: {peak / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
