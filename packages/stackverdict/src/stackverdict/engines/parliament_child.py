"""Judge policies with parliament: a list of them as JSON on standard input, findings on output.

A process of its own, because parliament warns on import and takes half a second to load.
"""

from __future__ import annotations

import json
import sys
import warnings

warnings.simplefilter("ignore")  # parliament imports pkg_resources, which warns of its own end


def _judge(policy: dict[str, object]) -> list[list[str]]:
    from parliament import (  # noqa: PLC0415 - after the filter
        analyze_policy_string,
        enhance_finding,
    )

    try:
        issues = [
            enhance_finding(issue) for issue in analyze_policy_string(json.dumps(policy)).findings
        ]
    except Exception as error:  # noqa: BLE001 - parliament raises whatever; the rest is still judged
        message = f"{type(error).__name__}: {error}"
        return [["NOT_JUDGED", "MEDIUM", "parliament failed on this statement", message]]
    return [[issue.issue, issue.severity, issue.title, str(issue.detail)] for issue in issues]


def main() -> None:
    """Read policies, write for each a list of [issue, severity, title, detail]."""
    json.dump([_judge(policy) for policy in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
