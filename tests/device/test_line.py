"""The console line: its format for every code, counts and back-off, levels, banner, streams and loggers."""

from __future__ import annotations

import json

from expected import VENDORS, claimants, rows, stanzas

from targets.target import Target

LETTER = {"INFO": "I", "WARNING": "W", "ERROR": "E", "CRITICAL": "E"}

SETUP = """
import blinkcode
from blinkcode.reporter import Reporter
NOW = [5]
class Stream:
    def write(self, piece):
        print(str(bytes(piece), "utf-8"), end="")
def new(**options):
    return Reporter(log=Stream(), ticks=lambda: NOW[0], **options)
"""


def ran(target: Target, script: str, timeout: float = 120) -> list[str]:
    return target.run(SETUP + script, timeout).splitlines()


def line(code: int, vendor: int | None, ms: int = 5) -> str:
    """The line of a first report, by the tables."""
    who = claimants(code) if vendor is None else [vendor]
    found = [rows()[v, code] for v in who if (v, code) in rows()]
    states = {row.state for row in found}
    state = states.pop() if len(states) == 1 else "UNKNOWN"
    if len(found) == 1:
        name, text = VENDORS[who[0]], found[0].text
    else:
        name = "?" if vendor is None else VENDORS[vendor]
        text = " or ".join(VENDORS[v] for v in who) if found else ""
    level = LETTER[stanzas()[state]["level"]]
    return f"{level} ({ms}) blinkcode: {name} {code} {state} {text}".rstrip()


def test_line_of_every_code_and_of_those_beside_it(target: Target) -> None:
    named = [(code, vendor) for vendor, code in rows()]
    plain = sorted({code for _, code in rows()})
    beside = [(code + 1, vendor) for code, vendor in named[::7]]
    calls: list[tuple[int, int | None]] = [*named, *((code, None) for code in plain), *beside]
    if target.name == "rv32":
        calls = calls[::3]
    lines = ran(
        target, f"for call in {calls}:\n    new(level=40).report(*call)\n    new().report(*call)\n", 300
    )
    banner = [text for text in lines if " table " in text]
    loud = [line(*call) for call in calls for _ in "12" if _ == "2" or line(*call)[0] == "E"]
    assert [text for text in lines if " table " not in text] == loud
    assert len(banner) == len(calls)


def test_banner_names_the_table(target: Target) -> None:
    script = "NOW[0] = 321\nnew()\nnew(level=30)\n"
    [printed] = ran(target, script)
    words = printed.split()
    assert words[:4] == ["I", "(321)", "blinkcode:", "table"]
    assert len(words[4]) == 8 and int(words[4], 16)
    assert words[5:] == [str(len({(v, row.code) for (v, _), row in rows().items()})), "codes", *VENDORS]


def test_numbers_at_the_ends_of_their_ranges(target: Target) -> None:
    script = """
for NOW[0] in (0, 9, 10, 99, 100, 999999999, 1000000000, 0x3fffffff):
    for code in (0, 9, 10, -1073741823, 1073741823, -9, -10, 1000000000, 999999999):
        new(level=40).report(code, 1)
"""
    times = (0, 9, 10, 99, 100, 999999999, 1000000000, 0x3FFFFFFF)
    codes = (0, 9, 10, -1073741823, 1073741823, -9, -10, 1000000000, 999999999)
    assert ran(target, script) == [line(code, 1, ms) for ms in times for code in codes]


def test_repeats_are_counted_not_shouted(target: Target) -> None:
    script = """
r = new()
for i in range(100):
    r.report(-4012)
    r.clear()
NOW[0] += 60_000
r.report(-4012)
r.report(-4012)
for i in range(120):
    NOW[0] += 1000
    r.report(-4012)
"""
    base = line(-4012, None).split(") ", 1)[1]
    counted = [(text[3:].split(")")[0], text.split(base)[1]) for text in ran(target, script)[1:]]
    first = [("5", "")] + [("5", f" (x{2**n})") for n in range(1, 7)]
    assert counted[:8] == [*first, ("60005", " (x101)")]
    assert [count for _, count in counted[8:]] == [" (x128)", " (x162)", " (x222)"]


def test_levels_filter(target: Target) -> None:
    script = """
for level in (20, 30, 40, 50):
    r = new(level=level)
    for call in ((200, 2), (1004, 1), (-4012, 0)):
        r.report(*call)
    r.report({service}, {vendor})
    print("-")
"""
    (vendor, service), _ = next(item for item in rows().items() if item[1].state == "SERVICE")
    text = "\n".join(ran(target, script.format(service=service, vendor=vendor)))
    levels = [
        LETTER[stanzas()[state]["level"]]
        for state in (rows()[2, 200].state, rows()[1, 1004].state, "PAIR", "SERVICE")
    ]
    assert levels[0] == "I" and levels[2:] == ["E", "E"]
    shown = [part.count("\n") for part in ("\n" + text).split("-\n")[:3]]
    assert shown[0] >= shown[1] >= shown[2]
    assert text.split("-\n")[3].strip("-\n").count("blinkcode") == 1


def test_a_logger_and_a_text_stream_get_whole_lines(target: Target) -> None:
    script = """
import json
got = []
class Logger:
    def log(self, level, message, *args):
        got.append([level, message % args])
r = Reporter(log=Logger(), ticks=lambda: 5)
r.report(-4012)
r.report(-4012)
r.report({service}, {vendor})
class Text:
    encoding = "utf-8"
    def write(self, line):
        got.append([0, line + ""])
Reporter(log=Text(), ticks=lambda: 5, level=40).report(-4012)
print(json.dumps(got))
"""
    (vendor, service), row = next(item for item in rows().items() if item[1].state == "SERVICE")
    if target.name == "rv32":
        script = script.replace("import json\n", "").replace(
            "json.dumps(got)", "str(got).replace(chr(39), chr(34))"
        )
    [printed] = ran(target, script.format(service=service, vendor=vendor))
    banner, *lines = json.loads(printed)
    assert banner[0] == 20
    pair = line(-4012, 0)
    assert lines == [
        [40, pair.split(": ", 1)[1]],
        [40, pair.split(": ", 1)[1] + " (x2)"],
        [50, f"{VENDORS[vendor]} {service} SERVICE {row.text}"],
        [0, pair + "\n"],
    ]


def test_a_stream_that_fails_harms_nothing(target: Target) -> None:
    script = """
class Broken:
    fails = False
    def write(self, piece):
        if self.fails:
            raise OSError(28)
stream = Broken()
r = Reporter(log=stream, ticks=lambda: 5, journal=16)
stream.fails = True
for i in range(5):
    r.report(-4012)
r.report(1010)
r.dump()
"""
    lines = ran(target, script)
    assert [text.split(" x")[1].split()[0] for text in lines] == ["5", "1"]
