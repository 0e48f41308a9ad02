"""Start the emulator: ``python -m emulator --port 0 --dir <folder> --ready-file <file>``."""

from __future__ import annotations

import sys

from emulator.command import main

sys.exit(main(sys.argv[1:]))
