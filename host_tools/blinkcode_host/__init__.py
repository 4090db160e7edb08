"""Host tools of blinkcode: read vendor tables, compile them for the device, explain codes."""

__version__ = "0.1.0"
