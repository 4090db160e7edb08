"""blinkcode.lamp: one lamp. It shows the most severe live state, or spells a number once."""

from collections.abc import Callable

class Lamp:
    """The lamp of a reporter: reporter.lamp. Its attributes may be set at any time."""

    brightness: int
    """Of every flash, 1 to 63; 0 is dark."""
    quiet: Callable[[], int] | None
    """Called while the lamp is lit: the brightest light allowed now, 0 to 63."""
    heartbeat: bool
    """Whether a short dim flash every 10 s tells that nothing is live."""
