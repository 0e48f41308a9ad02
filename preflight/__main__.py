"""Lets ``python -m preflight`` run."""

from __future__ import annotations

import sys

from preflight.command import main

sys.exit(main(sys.argv[1:]))
