"""`python -m blinkcode_host` is the `blinkcode` command."""

import sys

from blinkcode_host.cli import main

sys.exit(main())
