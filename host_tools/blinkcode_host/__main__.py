"""The `blinkcode` command, also as `python -m blinkcode_host`."""

import signal
import sys


def main() -> int:
    """Run the command. An interrupt before it runs, or after, ends the process without a word."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from blinkcode_host import cli  # takes most of a second

    arguments = cli.parsed()
    signal.signal(signal.SIGINT, handler)
    status = cli.run(arguments)
    if handler is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return status


if __name__ == "__main__":
    sys.exit(main())
