# blinkcode.drivers: drivers, which are what Reporter() takes as led. A Pin, being callable, is one already.
# What they are called with is brightness << 8 | state, or 0.

from blinkcode import table


# The colour of a light, 0xRRGGBB: its state's; white while the lamp spells.
def colour(light):
    at = (light & 31) * 3
    b = table.COLOURS
    return b[at] << 16 | b[at + 1] << 8 | b[at + 2] if at < len(b) else 0xFFFFFF


# An on/off output that lights the lamp when it is low.
def active_low(pin):
    def drive(light):
        pin(not light)

    return drive


# A machine.PWM. Brightness is squared: to the eye it then rises evenly.
def pwm(output, inverted=False):
    def drive(light):
        duty = (light >> 8) ** 2 * 65535 // 3969
        output.duty_u16(65535 - duty if inverted else duty)

    return drive


# One pixel of a neopixel.NeoPixel, in the state's colour. Takes no heap.
def neopixel(pixels, index=0):
    def drive(light):
        _set_pixel(pixels, index * pixels.bpp, colour(light), light and (light >> 8) + 1)
        pixels.write()

    return drive


# Sets a pixel, whose bytes start at one of the buffer, to a colour. scale: 0 to 64, which is all of it.
def _set_pixel(pixels, at, rgb, scale):
    pixels.buf[at + pixels.ORDER[0]] = (rgb >> 16) * scale >> 6
    pixels.buf[at + pixels.ORDER[1]] = (rgb >> 8 & 255) * scale >> 6
    pixels.buf[at + pixels.ORDER[2]] = (rgb & 255) * scale >> 6


# The driver of the lamp that [led] in the board's blinkcode.toml describes. Raises ValueError where none is described.
def lamp():
    try:
        import blinkcode.wiring as wiring
    except ImportError:
        raise ValueError(
            "this package knows no lamp: write led=Pin(2, Pin.OUT), with your own pin's number"
        ) from None
    from machine import Pin

    dark = 0 if wiring.ACTIVE_HIGH else 1
    if wiring.KIND == "neopixel":
        from neopixel import NeoPixel

        return neopixel(NeoPixel(Pin(wiring.PIN, Pin.OUT), 1))
    if wiring.KIND == "pwm":
        from machine import PWM

        return pwm(PWM(Pin(wiring.PIN, Pin.OUT, value=dark)), not wiring.ACTIVE_HIGH)
    pin = Pin(wiring.PIN, Pin.OUT, value=dark)
    return pin if wiring.ACTIVE_HIGH else active_low(pin)
