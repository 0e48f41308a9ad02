"""Run the journey: ``python -m rehearsal``; only the emulator: ``python -m rehearsal emulator``."""

from __future__ import annotations

import sys

from rehearsal.command import main

sys.exit(main(sys.argv[1:]))
