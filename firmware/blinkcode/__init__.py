# blinkcode: a vendor's number in; a state, a text, a log level, a lamp, a console line and a journal out.
#
# The public names. The look-ups are in blinkcode.lookup. Constants, Reporter and selftest are found by __getattr__,
# so that they take no heap until they are asked for: NOT_FOUND (-1), AMBIGUOUS (-2), the states OK to UNKNOWN, and
# the vendors of the table, BROADLINK ...

from blinkcode import table
from blinkcode.const import const
from blinkcode.lookup import code, find, from_bytes, int16, level, remedy, state, text, text_into, vendor

_FIRST_STATE = const(2)  # in NAMES, behind AMBIGUOUS and NOT_FOUND
_STATES = const(18)


def __getattr__(name):
    if name == "Reporter":
        from blinkcode.reporter import Reporter

        return Reporter
    if name == "selftest":
        from blinkcode.checkup import selftest

        return selftest
    return _constant(name)


# The value of a constant, by its place in NAMES, where each name stands between two spaces. Takes no heap.
def _constant(name):
    at = table.NAMES.find(name)
    while at > 0 and not (
        table.NAMES.startswith(" ", at - 1) and table.NAMES.startswith(" ", at + len(name))
    ):
        at = table.NAMES.find(name, at + 1)
    if at < 1 or not name:
        raise AttributeError(name)
    number = table.NAMES.count(" ", 0, at) - 1 - _FIRST_STATE
    return number if number < _STATES else number - _STATES
