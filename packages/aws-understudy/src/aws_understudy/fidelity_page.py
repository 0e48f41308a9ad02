"""Prints ``docs/fidelity.md``: ``python -m aws_understudy.fidelity_page >docs/fidelity.md``."""

from __future__ import annotations

from aws_understudy.composition import FIDELITY, LEDGERS
from aws_understudy.ledger.entries import read_ledger
from aws_understudy.ledger.page import as_page


def fidelity_page() -> str:
    """The page."""
    return as_page([read_ledger(path) for path in LEDGERS], FIDELITY)


if __name__ == "__main__":
    print(fidelity_page(), end="")
