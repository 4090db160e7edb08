"""blinkcode.led: what the lamp does besides showing states: it spells numbers, is dimmed, runs by itself."""

from collections.abc import Callable

def spell(code: object, vendor: int | None = None) -> None:
    """Blink a number once, then return to the state. What is no int is not spelled."""

def dim(level: int) -> None:
    """Set the brightness of every flash, 1 to 63; 0 is dark."""

def off() -> None:
    """Make the lamp dark until dim() is called."""

def quiet_hours(level: Callable[[], int] | None) -> None:
    """Have level() asked at every tick for the most light allowed now, 0 to 63; None for no limit."""

def beat(_: object) -> None:
    """Tick once; for machine.Timer(0, period=20, callback=led.beat)."""

async def run(period_ms: int = 20) -> None:
    """Tick for ever; for asyncio.create_task(led.run())."""
