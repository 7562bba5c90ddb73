"""``python -m odssim`` and the console script: one line and exit code 2 for every fault of the user's."""

from __future__ import annotations

import sys

from odssim.cli.app import app
from odssim.errors import OdssimError

FAULT_EXIT = 2


def main() -> None:
    """Run the command line; exit codes are 0, 1 (a bug), 2 (bad input) and 130 (interrupted)."""
    try:
        app()
    except OdssimError as error:
        print(error, file=sys.stderr)
        raise SystemExit(FAULT_EXIT) from None


if __name__ == "__main__":
    main()
