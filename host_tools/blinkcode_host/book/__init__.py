"""The code book: one HTML page for whoever looks at a blinking lamp, made from the same records."""

from blinkcode_host.book.builder import build

__all__ = ["build"]
