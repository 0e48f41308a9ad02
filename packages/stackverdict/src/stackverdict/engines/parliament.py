"""Pass every identity policy statement to parliament: unknown actions, resources that cannot match.

Values known only at deployment are replaced: a bucket's ARN by one of that shape, every other by
`*`. Findings about `*` itself are left to our own rules.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stackverdict.engines.result import Result
from stackverdict.findings import Finding, at
from stackverdict.intrinsics import as_list, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackverdict.iam.statements import Statement

NAME = "parliament"
_CHILD = Path(__file__).with_name("parliament_child.py")
_SEVERITIES = {"CRITICAL": "error", "HIGH": "error", "MEDIUM": "warning", "LOW": "warning"}
_OURS = {"RESOURCE_STAR"}  # parliament reports it of every value that was replaced by a star
_UNKNOWN = re.compile(r"\$\{[^}]*\}|\([^()]*\bif\b[^()]*\)")
_EXAMPLES = {
    "${AWS::Partition}": "aws",
    "${AWS::Region}": "us-east-1",
    "${AWS::URLSuffix}": "*",
    "${AWS::AccountId}": "123456789012",
}
"""What stands for a pseudo parameter in the policies that parliament reads."""


def run(statements: Sequence[Statement]) -> Result:
    """Return parliament's findings on identity statements."""
    if importlib.util.find_spec("parliament") is None:
        return Result(engine=NAME, missing="the package parliament is not installed")
    judged = [statement for statement in statements if statement.kind == "identity"]
    if not judged:
        return Result(engine=NAME)
    policies = [
        {"Version": "2012-10-17", "Statement": [_concrete(statement.raw)]} for statement in judged
    ]
    # -P: else this module, which lies beside the child, hides the package of the same name
    process = subprocess.run(
        [sys.executable, "-P", str(_CHILD)],
        input=json.dumps(policies),
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        last = process.stderr.strip().splitlines()[-1:] or ["no message"]
        return Result(engine=NAME, missing=f"parliament failed: {last[0]}")
    findings = [
        _finding(statement, answer)
        for statement, answers in zip(judged, json.loads(process.stdout), strict=True)
        for answer in answers
        if answer[0] not in _OURS
    ]
    return Result(engine=NAME, findings=tuple(findings))


def _concrete(raw: dict[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": text(raw.get("Effect"))}
    for name in ("Action", "NotAction"):
        if name in raw:
            statement[name] = [text(value) for value in as_list(raw[name])]
    for name in ("Resource", "NotResource"):
        if name in raw:
            statement[name] = [_arn(value) for value in as_list(raw[name])]
    if isinstance(raw.get("Condition"), dict):
        statement["Condition"] = {
            str(operator): {str(key): _values(value) for key, value in keys.items()}
            for operator, keys in raw["Condition"].items()
            if isinstance(keys, dict)
        }
    return statement


def _values(value: Any) -> list[str] | str:
    """Return one value as itself: parliament fails on a list for operators such as Bool."""
    texts = [_replaced(text(item)) for item in as_list(value)]
    return texts[0] if len(texts) == 1 else texts


def _arn(value: Any) -> str:
    arn = _replaced(text(value))
    return arn if arn.startswith("arn:") else "*"


def _replaced(value: str) -> str:
    for name, example in _EXAMPLES.items():
        value = value.replace(name, example)
    return _UNKNOWN.sub("*", value)


def _finding(statement: Statement, answer: list[str]) -> Finding:
    issue, severity, title, detail = answer
    shown = f"{title.rstrip('.')}: {detail}" if detail and detail != "None" else title
    return at(
        statement.carrier,
        rule=issue,
        severity=_SEVERITIES.get(severity, "info"),
        message=shown,
        place=statement.place,
        source=NAME,
    )
