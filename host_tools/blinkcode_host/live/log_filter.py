"""Which lines of a log to show: by the tag and the level that they begin with, as `idf.py monitor` has it."""

from __future__ import annotations

import re

from blinkcode_host.finding.shapes import ANSI

_LEVELS = {"N": 0, "E": 1, "W": 2, "I": 3, "D": 4, "V": 5}
_WORDS = {"CRITICAL": 1, "ERROR": 1, "WARNING": 2, "WARN": 2, "INFO": 3, "DEBUG": 4, "TRACE": 5}
_ESP_IDF = re.compile(r"(?P<level>[EWIDV]) \([^)]{1,40}\) (?P<tag>[^:\n]{1,64}): ")
_LOGGING = re.compile(
    rf"(?P<level>{'|'.join(_WORDS)}):(?P<tag>[^:\n]{{1,64}}):"
)  # MicroPython's logging module
_EVERY = "*"


class LogFilter:
    """Shows a line whose level is at least as grave as its tag's, or as that of `*`.

    `text` is like "wifi:W app:D *:E": a tag without a level is shown whole, and tags that are not named are not shown
    where there is no `*`. Lines without a tag are shown unless `*` is missing or `*:N`. Raises ValueError.
    """

    def __init__(self, text: str) -> None:
        self._levels: dict[str, int] = {}
        for item in text.split():
            tag, _, level = item.partition(":")
            if not tag or (level or "V").upper() not in _LEVELS:
                raise ValueError(
                    f"{item!r} is not TAG:LEVEL with a level of {' '.join(_LEVELS)}, as in 'wifi:W *:E'"
                )
            self._levels[tag] = _LEVELS[(level or "V").upper()]
        if not self._levels:
            self._levels[_EVERY] = _LEVELS["V"]

    def shows(self, line: str) -> bool:
        """Whether the line is to be shown."""
        line = ANSI.sub("", line[:256])
        others = self._levels.get(_EVERY, 0)
        match = _ESP_IDF.match(line) or _LOGGING.match(line)
        if not match:
            return others > 0
        level = _LEVELS.get(match["level"]) or _WORDS[match["level"]]
        return level <= self._levels.get(match["tag"], others)
