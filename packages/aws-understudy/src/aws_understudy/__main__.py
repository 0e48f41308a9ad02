"""Lets ``python -m aws_understudy`` run."""

from __future__ import annotations

import sys

from aws_understudy.command import main

sys.exit(main())
