"""Try the properties with random examples, round after round, for a time: `make fuzz SECONDS=3600`.

What fails is kept in build/fuzz and tried first the next time. A property is a test that has tests/properties.py's
`examples`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from targets import ROOT

_KEPT = ROOT / "build" / "fuzz"


def main() -> int:
    """Run rounds until the time is over or a property fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, help="begin no round after so many seconds")
    parser.add_argument(
        "--times", default="4", help="examples in a round, as a multiple of a test run's (default: 4)"
    )
    arguments = parser.parse_args()
    environment = {**os.environ, "BLINKCODE_EXAMPLES": arguments.times, "BLINKCODE_EXAMPLES_KEPT": str(_KEPT)}
    properties = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "property", "--no-header"]
    begin, rounds = time.monotonic(), 0
    while time.monotonic() - begin < arguments.seconds or not rounds:
        done = subprocess.run([*properties, str(ROOT / "tests" / "host")], env=environment, cwd=ROOT)
        if done.returncode:
            print(f"round {rounds + 1} failed; what failed is kept in {_KEPT}", file=sys.stderr)
            return 1
        rounds += 1
        print(f"{rounds} rounds in {time.monotonic() - begin:.0f} s found nothing", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
