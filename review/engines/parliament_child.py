"""Judge policies with parliament: a list of them as JSON on standard input, findings on output.

A process of its own, because parliament warns on import and takes half a second to load.
"""

from __future__ import annotations

import json
import sys
import warnings

warnings.simplefilter("ignore")  # parliament imports pkg_resources, which warns of its own end


def main() -> None:
    """Read policies, write for each a list of [issue, severity, title, detail]."""
    from parliament import (  # noqa: PLC0415 - after the filter
        analyze_policy_string,
        enhance_finding,
    )

    answers = []
    for policy in json.load(sys.stdin):
        found = [enhance_finding(one) for one in analyze_policy_string(json.dumps(policy)).findings]
        answers.append([[one.issue, one.severity, one.title, str(one.detail)] for one in found])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
