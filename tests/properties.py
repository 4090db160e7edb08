"""How many random examples a property is tried with, and where those that failed are kept.

`make fuzz` sets BLINKCODE_EXAMPLES, which multiplies the number, and BLINKCODE_EXAMPLES_KEPT, a folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase


def examples(number: int) -> Callable[[Any], Any]:
    """The decorator for a property: so many examples in a test run; each run that is no fuzzing has the same ones."""
    times, kept = int(os.environ.get("BLINKCODE_EXAMPLES", "0")), os.environ.get("BLINKCODE_EXAMPLES_KEPT")
    chosen = settings(
        max_examples=number * (times or 1),
        deadline=None,
        derandomize=not times,
        database=DirectoryBasedExampleDatabase(kept) if kept and times else None,
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: pytest.mark.property(chosen(test))
