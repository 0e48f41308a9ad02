"""Lets ``python -m doctor`` run."""

from __future__ import annotations

import sys

from doctor.command import main

sys.exit(main(sys.argv[1:]))
