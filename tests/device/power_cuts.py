"""Cuts the power at every byte of every write of random histories of a journal, as littlefs does it.

A history is a number; so is each of its steps and each byte of a write, and 17.4.9 names one cut. This file runs
on any MicroPython, which gets it as a script; here, with firmware/ on the path, a cut is replayed with

    python tests/device/power_cuts.py 17.4.9
"""

import sys

from blinkcode.reporter import Reporter  # type: ignore[import-not-found,unused-ignore]

CODES = (-4012, -7, 1010, 4711, 500, 2062)
STEPS = 14


class Dice:
    def __init__(self, seed: int) -> None:
        self.state = seed * 7919 + 1

    def roll(self, sides: int) -> int:
        self.state = (self.state * 1103515245 + 12345) & 0x3FFFFFFF
        return (self.state >> 8) % sides


class Memory:
    """A storage that notes what is written to it."""

    def __init__(self, data: bytes) -> None:
        self.size = len(data)
        self.data = bytearray(data)
        self.written = [(0, b"")][:0]

    def load(self) -> bytearray:
        return self.data

    def store(self, at: int, buffer: object, start: int) -> None:
        record = bytes(memoryview(buffer))[start : start + 32]  # type: ignore[arg-type]
        self.written.append((at, record))
        self.data[at : at + 32] = record


class Lines:
    """What dump() prints, as a list."""

    def __init__(self) -> None:
        self.lines = [""][:0]

    def write(self, line: str) -> None:
        self.lines.append(line.strip())


def dumped(reporter: Reporter) -> list[str]:
    lines = Lines()
    reporter.dump(lines)
    return lines.lines


def key(line: str) -> list[str]:
    """Boot, vendor and code of a line."""
    words = line.split()
    return words[1:3] + words[4:6]


class History:
    """One life of a device: reports, hours that pass, resets; with a cut at each byte of each write."""

    def __init__(self, seed: int) -> None:
        self.dice = Dice(seed)
        self.seed = seed
        self.now = 0
        self.memory = Memory(bytes(32 * (2 + self.dice.roll(4))))
        self.stored = [""][:0]  # every line that a write has completed, the last version of each key last
        self.cuts = 0

    def boot(self, memory: Memory) -> Reporter:
        return Reporter(journal=memory, ticks=lambda: self.now & 0x3FFFFFFF, reset_cause=1)

    def play(self, only: object = None) -> None:
        """Raises AssertionError with the cut's id. only: (step, byte) of the one cut to make."""
        reporter = self.boot(self.memory)
        for step in range(STEPS):
            what = self.dice.roll(8)
            if what == 0:
                reporter = self.boot(self.memory)
                continue
            if what < 3:
                self.now += self.dice.roll(5_000_000)
            self.now += self.dice.roll(20_000)
            before, known = bytes(self.memory.data), dumped(reporter)
            self.memory.written = []
            reporter.report(CODES[self.dice.roll(len(CODES))])
            after = dumped(reporter)
            new = "".join(line for line in after if line not in known)
            byte = 0
            for at, record in self.memory.written:
                for size in range(33):
                    if only in (None, (step, byte)):
                        data = before[:at] + record[:size] + before[at + size :]
                        self.cut(data, known, new, size == 32, f"{self.seed}.{step}.{byte}")
                    byte += 1
                before = before[:at] + record + before[at + 32 :]
                if new in self.stored:
                    self.stored.remove(new)
                self.stored.append(new)
                known = after

    def cut(self, data: bytes, known: list[str], new: str, whole: bool, name: str) -> None:
        """The device starts again with data; of the lines known all must be there that were ever stored."""
        self.cuts += 1
        found = dumped(self.boot(Memory(data)))
        for line in found:
            assert line in self.stored or line == new, f"{name}: made up: {line}"
        keys = [key(line) for line in found]
        assert not [k for k in keys if keys.count(k) > 1], f"{name}: twice: {found}"
        versions = {}
        for line in self.stored:
            versions[str(key(line))] = line
        for line in known:
            last = versions.get(str(key(line)))
            kept = last in found or (key(line) == key(new) and new in found)
            assert last is None or kept, f"{name}: lost: {last}"
        assert not whole or new in found, f"{name}: written, but not found: {new}"


def main(seeds: range) -> None:
    cuts = 0
    for seed in seeds:
        history = History(seed)
        history.play()
        cuts += history.cuts
    print(f"{cuts} cuts")


if __name__ == "__main__" and len(getattr(sys, "argv", ())) == 2 and sys.argv[1].count(".") == 2:
    seed, step, byte = (int(part) for part in sys.argv[1].split("."))
    History(seed).play((step, byte))
    print(f"{sys.argv[1]}: nothing is lost")
