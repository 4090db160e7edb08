"""What the keys mean that a monitor keeps for itself; all others are for the board."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

_LEAVE, _MENU, _RESET, _HELP, _EXIT = 0x1D, 0x14, 0x12, 0x08, 0x18  # Ctrl-], Ctrl-T, Ctrl-R, Ctrl-H, Ctrl-X
#: The keys, as idf.py monitor has them.
HELP = (
    "Ctrl-] leaves; Ctrl-T Ctrl-R resets the board by its RTS line, Ctrl-T Ctrl-T sends Ctrl-T, Ctrl-T Ctrl-H says "
    "this; Ctrl-C interrupts MicroPython and Ctrl-D restarts it"
)


class Action(Enum):
    """What to do with what was typed."""

    SEND = auto()
    LEAVE = auto()
    RESET = auto()
    HELP = auto()


class Keys:
    """Reads what is typed; a key after Ctrl-T may come later."""

    def __init__(self) -> None:
        self._in_menu = False

    def read(self, typed: bytes) -> Iterator[tuple[Action, bytes]]:
        """What to do, in order; the bytes are for Action.SEND."""
        send = bytearray()
        for key in typed:
            action = None
            if self._in_menu:
                self._in_menu = False
                known = {_RESET: Action.RESET, _HELP: Action.HELP, ord("h"): Action.HELP, _EXIT: Action.LEAVE}
                action = known.get(key, Action.SEND if key == _MENU else Action.HELP)
                if action is Action.SEND:
                    send.append(key)
                    continue
            elif key == _MENU:
                self._in_menu = True
            elif key == _LEAVE:
                action = Action.LEAVE
            else:
                send.append(key)
            if action:
                if send:
                    yield Action.SEND, bytes(send)
                    send.clear()
                yield action, b""
        if send:
            yield Action.SEND, bytes(send)
