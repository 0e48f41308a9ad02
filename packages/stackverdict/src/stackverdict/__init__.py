"""May I approve this? Judge generated CloudFormation from its files alone.

    from stackverdict import review, write_report

    report = review("cdk.out")
    print(report.verdict.state, report.verdict.words)
    write_report(report, "build/review")

The names in `__all__` are the public API; all else may change in any release.
"""

from stackverdict.assess import review
from stackverdict.errors import InputError
from stackverdict.findings import Finding
from stackverdict.gate import Gate, load_gate
from stackverdict.output import write_report
from stackverdict.report import Reason, Report, Verdict

__all__ = [
    "Finding",
    "Gate",
    "InputError",
    "Reason",
    "Report",
    "Verdict",
    "load_gate",
    "review",
    "write_report",
]
