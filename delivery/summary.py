"""What a reviewer reads in the run's summary before approving."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.package import Plan

LONGEST = 900_000
"""GitHub takes a summary of up to 1 MiB from a step; a longer one is lost as a whole."""
CUT = "\n**Cut here: the whole is in `plan.json` of the run's artifact.**\n"


def plan_summary(plan: Plan, *, digest: str) -> str:
    """The change as Markdown: where it goes, what it is, and by which digest it is known."""
    shown = plan.difference.encode()[:LONGEST].decode(errors="ignore")
    cut = "" if shown == plan.difference else CUT
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=2))
    return f"""# Deploy {plan.config}

| | |
|---|---|
| account, region | {plan.account}, {plan.region} |
| commit | {plan.commit} |
| package | SHA-256 `{digest}` |

The job `apply` deploys this package as it is. It refuses if the account has changed meanwhile.

{fence}diff
{shown}
{fence}
{cut}"""
