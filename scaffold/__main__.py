"""``python -m scaffold --name=houses --data=folder``, as ``make new`` runs it."""

from __future__ import annotations

import sys

from scaffold.command import main

sys.exit(main(sys.argv[1:]))
