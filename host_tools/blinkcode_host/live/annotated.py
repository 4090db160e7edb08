"""A serial tool's text with annotations below its lines, for tools that let a filter change what they show."""

from __future__ import annotations

import io
from collections.abc import Sequence

from blinkcode_host.catalog import load
from blinkcode_host.live.monitor import Monitor, Options
from blinkcode_host.reading.files import Settings


class Annotated:
    """Takes a device's text as it comes, in any pieces, and gives it back with an annotation below each code.

    vendors: ids of the vendors that the device talks to, if that is known. language: one of the catalog's.
    Loading the tables takes a few tenths of a second, once. Raises TableErrors, and LookupError for no vendor.
    """

    def __init__(self, vendors: Sequence[str] = (), language: str = "en") -> None:
        catalog = load()
        for vendor in vendors:
            if vendor not in catalog.vendors:
                raise LookupError(f"{vendor}: no such vendor; there are {', '.join(catalog.vendors)}")
        self._out = io.BytesIO()
        settings = Settings(catalog, tuple(vendors), False, 0.5, language)
        self._monitor = Monitor(settings, Options(raw=True), self._out, self._tell)

    def __call__(self, text: str) -> str:
        """The text to show now: all of `text`, with what is to be said about lines that it completes."""
        self._monitor.take(text.encode("utf-8", "surrogateescape"))
        self._monitor.settle()
        shown = self._out.getvalue().decode("utf-8", "surrogateescape")
        self._out.seek(0)
        self._out.truncate()
        return shown

    def _tell(self, line: str) -> None:
        self._out.write(f"--- {line}\n".encode())
