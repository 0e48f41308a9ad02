"""`python -m stackverdict` is the command `stackverdict`."""

import sys

from stackverdict.cli import main

if __name__ == "__main__":
    sys.exit(main())
