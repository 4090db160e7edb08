"""The examples of the boards without Wi-Fi and the lamp of the demonstration run, and say what they should.

test_example.py runs the example of the others.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from missing import unix_port
from targets import ROOT
from targets.target import FIRMWARE, Target


def example(board: str) -> str:
    return (ROOT / "boards" / board / "main.py").read_text(encoding="utf-8")


def unix(script: Path | str, seconds: int = 60) -> str:
    """Run a script on the Unix port, whose output is no terminal."""
    program = unix_port()
    command = [program, str(script)] if isinstance(script, Path) else [program, "-c", script]
    environment = {**os.environ, "MICROPYPATH": f".frozen:{FIRMWARE}"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=seconds, check=True)
    return done.stdout.decode()


def test_simulated_machine(target: Target) -> None:
    lines = target.run(example("VIRT_RV32")).splitlines()
    assert lines[1] == "0 ms: dark"
    assert lines[2] == "E (0) blinkcode: tuya 1010 SIGN_IN token expired; sign in again"
    assert lines[3:5] == ["620 ms: lit", "820 ms: dark"]
    assert "W (4000) blinkcode: tuya 2001 OFFLINE device offline" in lines
    assert lines[-1] == "J (boot 1) blinkcode: tuya 2001 OFFLINE x1 first 0 last 0 reset 0"


def test_unix() -> None:
    script = example("UNIX").replace("live(1.5)", "live(0.9)").replace("live(12)", "live(3.5)")
    printed = unix(script)
    assert "blinkcode: tuya 1010 SIGN_IN token expired; sign in again\n*" in printed
    assert "blinkcode: tuya 2001 OFFLINE device offline\n*" in printed
    assert printed.splitlines()[-1].startswith("J (boot 1) blinkcode: tuya 2001 OFFLINE x1 first ")


def test_lamp_of_the_demonstration_prints_timelines_where_there_is_no_terminal() -> None:
    lines = unix(ROOT / "demo" / "lamp.py").splitlines()
    assert len(lines) == 8
    assert lines[4].endswith("blinkcode: broadlink -4012 PAIR control id mismatch; pair again")
    assert lines[5].count("\u2588\u2588\u00b7\u00b7\u00b7") >= 4
