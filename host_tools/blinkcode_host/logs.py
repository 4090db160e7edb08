"""Explain the codes in what a Python program logs: two lines of set-up. See docs/python.md.

from blinkcode_host import logs
logs.attach()
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator

from blinkcode_host.api import SHOWN
from blinkcode_host.catalog.reader import load
from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.around import AROUND, Lines
from blinkcode_host.finding.finder import Finder
from blinkcode_host.finding.finding import Finding, as_data, as_lines
from blinkcode_host.reading.prefilter import Prefilter

#: What the explanation begins with, on a line of its own.
PREFIX = "  ^ "
#: Characters of a message, or of an exception's text, that are read.
MOST_CHARACTERS = 16_384
#: Exceptions of one record that are read: the one that is logged, and those that led to it.
MOST_EXCEPTIONS = 8
_MOST_FINDERS = 8  # one for each set of vendors that the loggers name
# These are about the computer that the program runs on. Its numbers are not the ESP32's.
_OF_THIS_COMPUTER = OSError, MemoryError


class Explain(logging.Filter):
    """Adds to each record that has a code what the code means. It lets every record pass.

    Such a record gets another line in its message for each finding, and `record.blinkcode`, a list with what
    `blinkcode decode --json` prints for each finding: plain data, so that the record can still be pickled or written
    as JSON. `record.blinkcode` of a record without a code is an empty list. A record is examined once, however
    many handlers it goes through.

    It belongs on handlers. Python asks a logger's filters only about what is logged with that very logger, not about
    what comes from its children, such as `tinytuya.core.XenonDevice` below `tinytuya`; a handler's filters are asked
    about all of it.

    It never raises for a record. What went wrong last is in `trouble`.
    """

    def __init__(self, catalog: Catalog | None = None, language: str = "en", in_message: bool = True) -> None:
        """`catalog`: the tables, blinkcode's own by default. `language`: "en", "zh", or another of the tables.

        `in_message`: False leaves the message as it is, and sets `record.blinkcode` alone.

        Raises what `catalog.reader.load` raises for tables that are not right.
        """
        super().__init__()
        self.trouble: Exception | None = None
        self._catalog = load() if catalog is None else catalog
        self._language = language
        self._in_message = in_message
        # A program on a computer has no numbers of an ESP32's own; a cloud and a library may be named by a logger.
        self._vendors = tuple(self._catalog.vendors_of("cloud", "host"))
        self._finders: dict[tuple[str, ...], Finder] = {}
        finder = self._finder(())
        self._may_hold = Prefilter(self._catalog, finder.words).lines
        self._new_lock()
        if hasattr(os, "register_at_fork"):  # another thread may hold it while the process forks
            os.register_at_fork(after_in_child=self._new_lock)

    def filter(self, record: logging.LogRecord) -> bool:
        """Explains the record. Always True."""
        try:
            if not hasattr(record, "blinkcode"):
                self._explain(record)
        except Exception as error:
            self.trouble = error
        return True

    def _explain(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        found = list(self._find(message, record.name))
        if record.exc_info and record.exc_info[1] is not None:
            for error in _errors(record.exc_info[1]):
                kind = f"{type(error).__module__}.{type(error).__qualname__}"
                found += self._find(f"{kind}: {error}", f"{record.name} {kind}")
        found = _each_once(found)
        data = [as_data(self._catalog, finding, self._language) for finding in found]
        if found and self._in_message:
            lines = [line for finding in found for line in as_lines(finding, self._language)]
            record.msg = "\n".join([message, *(PREFIX + line for line in lines)])
            record.args = ()
        record.blinkcode = data

    def _find(self, text: str, names: str) -> Iterator[Finding]:
        """The findings in a text that comes from where `names` tells."""
        data = text[:MOST_CHARACTERS].encode("utf-8", "replace")
        worth_reading = list(self._may_hold(data, 0, len(data)))
        if not worth_reading:
            return
        lines = data.decode().split("\n")
        with self._lock:  # a handler's filters are asked before its lock is taken
            finder = self._finder(self._named(names))
            for start, _ in worth_reading:
                at = data.count(b"\n", 0, start)
                around = Lines(lines[max(0, at - AROUND) : at], lines[at + 1 : at + 1 + AROUND])
                for finding in finder.find(lines[at], around):
                    if finding.confidence >= SHOWN:
                        yield finding._replace(line=at + 1)

    def _named(self, names: str) -> tuple[str, ...]:
        """The vendors that a logger's name or a class's module holds: `custom_components.localtuya` has tuya."""
        return tuple(vendor for vendor in self._vendors if vendor in names.lower())

    def _finder(self, vendors: tuple[str, ...]) -> Finder:
        finder = self._finders.get(vendors)
        if finder is None:
            if len(self._finders) >= _MOST_FINDERS:
                self._finders.clear()
            finder = self._finders[vendors] = Finder(self._catalog, vendors)
        return finder

    def _new_lock(self) -> None:
        self._lock = threading.RLock()


def attach(logger: logging.Logger | None = None) -> Explain:
    """Puts one Explain on every handler that the logger has now: by default the root logger's, which see everything.

    Where it has none, on the one that Python falls back on. Gives the filter, for `removeFilter`.
    """
    explain = Explain()
    handlers = (logger or logging.getLogger()).handlers
    if not handlers and logging.lastResort is not None:
        handlers = [logging.lastResort]
    for handler in handlers:
        handler.addFilter(explain)
    return explain


def _errors(error: BaseException) -> Iterator[BaseException]:
    """An exception and those that led to it, without those of this computer."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(seen) < MOST_EXCEPTIONS:
        error_or_none = waiting.pop(0)
        if error_or_none is None or any(error_or_none is other for other in seen):
            continue
        error = error_or_none
        seen.append(error)
        if not isinstance(error, _OF_THIS_COMPUTER):
            yield error
        waiting += [error.__cause__, None if error.__suppress_context__ else error.__context__]
        waiting += getattr(error, "exceptions", ())  # of an ExceptionGroup


def _each_once(found: list[Finding]) -> list[Finding]:
    """The findings without those that say once more what one before them says."""
    kept: dict[tuple[str | None, int | None, str], Finding] = {}
    for finding in found:
        words = finding.matched if finding.code is None else ""
        kept.setdefault((finding.vendor, finding.code, words), finding)
    return list(kept.values())
