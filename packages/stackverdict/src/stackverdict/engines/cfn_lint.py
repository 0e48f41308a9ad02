"""Run cfn-lint over the templates for some regions, in as many processes as there are cores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from stackverdict.engines.result import Result
from stackverdict.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stackverdict.model import Assembly, Stack

NAME = "cfn-lint"
_SEVERITIES = {"Error": "error", "Warning": "warning"}
_MAIN = "import sys; from cfnlint.runner import main; sys.exit(main())"
_STARTED = 120  # resources cfn-lint checks in the seconds that one more process takes to start
# A bit in cfn-lint's exit code for each class of finding; 1 and 32 upward are failures of its own.
_FOUND = 2 | 4 | 8 | 16


def run(assembly: Assembly, *, regions: Sequence[str]) -> Result:
    """Return its errors and warnings over every region."""
    stacks = {str(assembly.path_of(stack)): stack for stack in assembly.stacks}
    with ThreadPoolExecutor() as pool:
        shares = list(pool.map(lambda files: _lint(files, regions), _shares(stacks)))
    findings: list[Finding] = []
    for matches, failure in shares:
        if failure:
            return Result(engine=NAME, missing=failure)
        findings += [finding for match in matches if (finding := _finding(match, stacks))]
    return Result(engine=NAME, findings=tuple(findings))


def _shares(stacks: Mapping[str, Stack]) -> list[list[str]]:
    total = sum(len(stack.resources) for stack in stacks.values())
    count = max(1, min(os.cpu_count() or 1, len(stacks), 1 + total // _STARTED))
    shares: list[tuple[int, list[str]]] = [(0, []) for _ in range(count)]
    for file in sorted(stacks, key=lambda file: -len(stacks[file].resources)):
        size, files = min(shares, key=lambda share: share[0])
        shares.remove((size, files))
        shares.append((size + len(stacks[file].resources), [*files, file]))
    return [files for _, files in shares]


def _lint(files: Sequence[str], regions: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    command = [sys.executable, "-c", _MAIN, "--format", "json", "--regions", *regions]
    process = subprocess.run([*command, "--", *files], capture_output=True, text=True, check=False)
    if process.returncode & ~_FOUND or process.returncode < 0:
        return [], f"cfn-lint ended with {process.returncode}: {process.stderr.strip()[-300:]}"
    try:
        matches = json.loads(process.stdout or "[]")
    except ValueError:
        return [], f"cfn-lint printed no JSON: {process.stdout[:200]!r}"
    return matches, ""


def _finding(match: Mapping[str, Any], stacks: Mapping[str, Stack]) -> Finding | None:
    severity = _SEVERITIES.get(match["Level"])
    stack = stacks.get(match["Filename"])
    if severity is None or stack is None:
        return None
    path = [str(part) for part in match["Location"].get("Path") or []]
    in_resource = path[:1] == ["Resources"] and len(path) > 1
    inside = path[2:] if in_resource else path
    return Finding(
        rule=match["Rule"]["Id"],
        source=NAME,
        severity=severity,
        message=match["Message"],
        stack=stack.name,
        logical_id=path[1] if in_resource else "",
        place="/".join(inside[1:] if inside[:1] == ["Properties"] else inside),
        line=match["Location"]["Start"]["LineNumber"],
        fix=match["Rule"].get("Description", ""),
    )
