"""How fast `decode --summary` is, beside its honest rival and `grep -cE` with the one expression.

`python tests/benchmarks/decode_bench.py [MEGABYTES]` makes a log of realistic lines, 3 % of them with codes, and
prints a table. The rival does the job as Pigweed's Python detokenizer does its own: a regular expression over each
line, and look-ups in dictionaries for what matched. It finds the same codes in this log.
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
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "host_tools")]

from blinkcode_host.catalog import Catalog, load  # noqa: E402
from blinkcode_host.console.prefilter import expression  # noqa: E402
from blinkcode_host.console.words import Words  # noqa: E402

_SEED = 20_240_722
_DISTINCT = 60_000  # lines before the log repeats itself
_CODES = (1106, 1004, 28841002, 2008, 28504)
_CARRYING = (
    '{t} DEBUG (Thread-4) [tuya iot] Response: {{"code": 1010, "msg": "token is expired", "success": false, "t": {n}}}',
    "E ({n}) blinkcode: broadlink -4012 PAIR control id mismatch; pair again",
    "{t} ERROR (MainThread) [broadlink] [Errno -4000] Network timeout: No response received within 5s",
    "{t} ERROR (MainThread) Login Error (1114): your ip(45.1.{s}.3) don't have access to this API",
    "W ({n}) app: request failed with error code {c}",
)
_ORDINARY = (
    "{t} DEBUG (MainThread) [tuya] Received update for bf{h}: {{'switch_1': True, 'cur_power': {s}}}",
    "I ({n}) wifi: connected to ap, channel 6, rssi -{s}",
    '192.168.1.{s} - - [22/Jul/2024:10:00:00 +0000] "GET /v1.0/devices/{h} HTTP/1.1" 200 {n}',
    '{t} INFO mqtt: publish topic=home/attic/state payload={{"temp":{s},"id":{n}}}',
    "W ({n}) heap: free {n} largest {s} tick {n}",
    "{t} INFO (MainThread) [automation] step {s} finished with status 0 in {s} ms",
)


def write_log(path: Path, size: int) -> int:
    """Write a log of about `size` bytes; how many lines it has."""
    chance = random.Random(_SEED)
    lines = []
    for i in range(_DISTINCT):
        shape = chance.choice(_CARRYING if chance.random() < 0.03 else _ORDINARY)
        lines.append(
            shape.format(
                t=f"2024-07-{1 + i % 28:02d} {i // 3600 % 24:02d}:{i // 60 % 60:02d}:{i % 60:02d}.{i % 1000:03d}",
                n=chance.randrange(10**6),
                s=chance.randrange(30, 250),
                h=f"{chance.getrandbits(64):016x}",
                c=chance.choice(_CODES),
            )
        )
    block = ("\n".join(lines) + "\n").encode()
    times = max(1, round(size / len(block)))
    with path.open("wb") as file:
        for _ in range(times):
            file.write(block)
    return times * _DISTINCT


_RIVAL = re.compile(
    r"blinkcode: (?P<vendor>\w+) (?P<own>-?\d+)|\[Errno (?P<errno>-\d+)\]"
    r"|[\"']?\b(?:code|err(?:or)?(?:[ _]?code)?|errno|status)[\"']?\s*[=: (\[]+[\"']?(?P<number>-?\d+)",
    re.IGNORECASE,
)


def rival(path: Path, catalog: Catalog) -> Counter[int]:
    """One process, a line at a time: the first match of one expression, then dictionaries."""
    known = {m.code: m for m in catalog.meanings}
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
    return counts


def ours(path: Path) -> int:
    """The command itself, with its start; how many findings it counts."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "host_tools")}
    command = [sys.executable, "-m", "blinkcode_host", "decode", "--summary", str(path)]
    out = subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout
    return sum(int(row.split()[0]) for row in out.splitlines()[1:])


def grep(path: Path, pattern: Path, locale: str) -> int:
    """Lines that grep counts with the same expression."""
    command = ["grep", "-aciE", "-f", str(pattern), str(path)]
    return int(
        subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": locale}).stdout
    )


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    catalog = load()
    with tempfile.TemporaryDirectory() as folder:
        log, pattern = Path(folder, "log"), Path(folder, "expression")
        lines = write_log(log, megabytes * 1_000_000)
        extended = (
            expression(catalog, Words(catalog)).replace("(?:", "(").replace(r"\r?$", "$").replace(r"\n", "")
        )
        pattern.write_text(extended)
        print(f"{log.stat().st_size / 1e6:.0f} MB, {lines} lines, {os.cpu_count()} cores")
        ours(log)  # once for the disk's cache
        rows = [("blinkcode decode --summary", *_timed(lambda: ours(log)))]
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        rows.append(
            ("rival: expression a line, then look-ups", *_timed(lambda: sum(rival(log, catalog).values())))
        )
        if shutil.which("grep"):
            rows.append(("grep -cE, bytes", *_timed(lambda: grep(log, pattern, "C"))))
            rows.append(("grep -cE, UTF-8", *_timed(lambda: grep(log, pattern, "C.UTF-8"))))
        for name, seconds, found in rows:
            print(f"{name:<40} {seconds:7.2f} s {lines / seconds / 1e6:6.2f} M lines/s {found:>9} found")
        print(f"peak memory of one process: {peak / 1024:.0f} MB")
        print(f"times as fast as the rival: {rows[1][1] / rows[0][1]:.1f}")


if __name__ == "__main__":
    main()
