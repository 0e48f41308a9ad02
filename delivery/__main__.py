"""Lets ``python -m delivery`` run."""

from __future__ import annotations

import sys

from delivery.command import main

sys.exit(main(sys.argv[1:]))
