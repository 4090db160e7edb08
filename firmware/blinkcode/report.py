# blinkcode.report: one report: what was said, and what the table has for it.

import blinkcode
import blinkcode.exceptions as exceptions
from blinkcode import table
from blinkcode.const import const

_UNKNOWN = const(17)
_NOT_FOUND = const(-1)
_AMBIGUOUS = const(-2)
_CODE_MIN = const(-0x3FFFFFFF)
_CODE_MAX = const(0x3FFFFFFF)
_WIRE_MIN = const(0x8000)  # 16 bits without a sign, of a negative number
_WIRE_MAX = const(0xFFFF)
_WIRE_TURN = const(0x10000)


# The names of the constants, each between two spaces: of -2 and -1, the states, the vendors; and ? for no vendor.
def names():
    return table.NAMES


# The vendors' names in small letters, and ? behind them. Takes heap.
def vendor_names():
    return names()[table.VENDOR_NAMES :].lower().split()


class Report:
    def __init__(self):
        self.vendors = len(vendor_names()) - 1  # how many there are, and the number of none
        self.said = None  # a code as somebody has it, or an exception
        self.code = None  # what the table has it under; None for what is no code
        self.vendor = 0  # whose code that is
        self.subject = 0  # whose trouble it is
        self.slot = _NOT_FOUND
        self.state = _UNKNOWN

    # Finds out what is said, as far as there is heap for it. named: the vendor as the caller has it.
    def read(self, said, named, is_error):
        self.said = said
        self.code = None
        self.slot = _NOT_FOUND
        self.state = _UNKNOWN
        self.subject = self.number_of(named)
        self.vendor = self.vendors if is_error else self.subject
        if is_error:
            self._read_error()
        else:
            self._read_code(named)

    def _read_error(self):
        try:
            if exceptions.read(self, self.said):
                self._look_up(self.code, self.vendor)
        except Exception:  # no heap, or an exception that raises: UNKNOWN
            pass

    # The number of a vendor, by its number or name; of none for None, and for what is no vendor. A name takes heap.
    def number_of(self, vendor):
        if type(vendor) is int and 0 <= vendor < self.vendors:
            return vendor
        try:
            if type(vendor) is str:
                return vendor_names().index(vendor.lower())
        except Exception:
            pass
        return self.vendors

    def _read_code(self, named):
        code = self.said
        if type(code) is not int:
            code = self._code_of(code)
        if code is not None and _CODE_MIN <= code <= _CODE_MAX:
            self.code = code
            if named is None:
                self._look_up(code, None)
            elif self.vendor < self.vendors:
                self._look_up(code, self.vendor)

    def _code_of(self, said):
        try:
            from blinkcode.codes import code_of

            return code_of(said)
        except Exception:  # no heap, or a value that raises: no code
            return None

    # Takes what an exception says, the name of a family and a code. Whether the table has the family.
    def found(self, family, code):
        vendor = getattr(blinkcode, family, None)
        if vendor is None or type(code) is not int or not _CODE_MIN <= code <= _CODE_MAX:
            return False
        self.vendor = vendor
        self.code = code
        if self.subject == self.vendors:
            self.subject = vendor
        return True

    # vendor: None for one of the clouds.
    def _look_up(self, code, vendor):
        slot = blinkcode.find(code, vendor)
        if slot == _NOT_FOUND and vendor is not None and _WIRE_MIN <= code <= _WIRE_MAX:
            slot = blinkcode.find(code - _WIRE_TURN, vendor)
            if slot >= 0:
                self.code = code - _WIRE_TURN
        self.slot = slot
        self.state = self._common_state() if slot == _AMBIGUOUS else blinkcode.state(slot)
        if slot >= 0 and vendor is None:
            self.vendor = self.subject = blinkcode.vendor(slot)  # type: ignore[assignment]

    # The state that the code has with all clouds that have it; UNKNOWN where it has several.
    def _common_state(self):
        common = -1
        for vendor in range(table.CLOUDS):
            slot = blinkcode.find(self.code, vendor)
            if slot >= 0:
                state = blinkcode.state(slot)
                common = state if common < 0 or common == state else _UNKNOWN
        return common
