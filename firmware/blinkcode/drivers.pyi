"""blinkcode.drivers: drivers, which are what Reporter() takes as led. A Pin, being callable, is one already."""

from collections.abc import Callable
from typing import Any

def colour(light: int) -> int:
    """The colour of a light that a driver is called with, 0xRRGGBB: its state's; white while the lamp spells."""

def active_low(pin: Callable[[bool], object]) -> Callable[[int], None]:
    """An on/off output that lights the lamp when it is low."""

def pwm(output: Any, inverted: bool = False) -> Callable[[int], None]:
    """A machine.PWM. Brightness is squared: to the eye it then rises evenly."""

def neopixel(pixels: Any, index: int = 0) -> Callable[[int], None]:
    """One pixel of a neopixel.NeoPixel, in the state's colour. Takes no heap."""

def lamp() -> Callable[[int], object]:
    """The driver of the lamp that the board's blinkcode.toml describes. Raises ValueError where it describes none."""
