"""What is missing skips a test, or fails it where BLINKCODE_NO_SKIP says so."""

from __future__ import annotations

import pytest

from missing import unix_port, unless_missing
from targets import MissingTool


@pytest.mark.parametrize(("setting", "outcome"), [("0", pytest.skip.Exception), ("1", pytest.fail.Exception)])
def test_what_is_missing(setting: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLINKCODE_NO_SKIP", setting)
    with pytest.raises(outcome, match="apt-get install lamp"), unless_missing():
        raise MissingTool("lamp tests skipped: apt-get install lamp")
    monkeypatch.setenv("MICROPYTHON", "/nowhere/micropython")
    with pytest.raises(outcome, match="Unix port"):
        unix_port()
