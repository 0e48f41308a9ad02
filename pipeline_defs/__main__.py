"""Render every pipeline's definitions: ``python -m pipeline_defs``, or with ``--check``."""

from __future__ import annotations

import sys

from pipeline_defs import PIPELINES
from pipeline_defs.sdk.render import main

sys.exit(main(PIPELINES, sys.argv[1:]))
