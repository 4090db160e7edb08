"""The code book: one HTML page for whoever looks at a blinking lamp, made from the same records."""

from blinkcode_host.book.builder import Maker, Options, build
from blinkcode_host.book.site import site

__all__ = ["Maker", "Options", "build", "site"]
