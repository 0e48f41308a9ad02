"""Thresholds from gates.toml, and what of a report breaks them."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stackverdict.errors import InputError
from stackverdict.findings import SEVERITIES, Finding
from stackverdict.model import Acknowledgement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from stackverdict.engines.result import Result

_KEYS = {
    "gate": {"max_errors", "max_warnings", "max_idle_dollars", "engines", "regions"},
    "options": {"required_tags", "known_accounts"},
}
_FREE = ("severity", "acknowledge")  # their keys are rules, or tables


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What may pass. None means that a number is not limited."""

    max_errors: int | None = 0
    max_warnings: int | None = None
    max_idle_dollars: float | None = None
    engines: tuple[str, ...] = ()
    regions: tuple[str, ...] = ("us-east-1",)
    options: Mapping[str, Any] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)
    acknowledgements: tuple[Acknowledgement, ...] = ()


def load_gate(path: Path | None) -> Gate:
    """Read the thresholds; the strict defaults when there is no file.

    Raises InputError naming the key for anything unknown or of the wrong kind.
    """
    if path is None:
        return Gate()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(file=str(path), reason=f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(file=str(path), reason=f"is not UTF-8: {error.reason}") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(file=str(path), reason=str(error)) from error
    _refuse_unknown(path, document)
    section = document.get("gate", {})
    return Gate(
        max_errors=_number(path, section, "max_errors", 0),
        max_warnings=_number(path, section, "max_warnings", None),
        max_idle_dollars=_number(path, section, "max_idle_dollars", None),
        engines=_texts(path, "gate.engines", section.get("engines", [])),
        regions=_texts(path, "gate.regions", section.get("regions", ["us-east-1"])),
        options={
            key: list(_texts(path, f"options.{key}", value))
            for key, value in document.get("options", {}).items()
        },
        severity=document.get("severity", {}),
        acknowledgements=tuple(_acknowledgements(path, document.get("acknowledge", []))),
    )


def _refuse_unknown(path: Path, document: Mapping[str, Any]) -> None:
    for section, value in document.items():
        if section == "acknowledge":
            continue
        if section not in (*_KEYS, *_FREE):
            reason = f"unknown section; known are {', '.join((*_KEYS, *_FREE))}"
            raise InputError(file=str(path), place=section, reason=reason)
        if not isinstance(value, dict):
            raise InputError(file=str(path), place=section, reason=f"{value!r} is no table")
        allowed = _KEYS.get(section, value)
        for key in value:
            if key not in allowed:
                reason = f"unknown; known are {', '.join(sorted(allowed))}"
                raise InputError(file=str(path), place=f"{section}.{key}", reason=reason)
    for rule, severity in document.get("severity", {}).items():
        if severity not in (*SEVERITIES, "off"):
            reason = f"{severity!r} is none of {', '.join(SEVERITIES)}, off"
            raise InputError(file=str(path), place=f"severity.{rule}", reason=reason)


def _number(path: Path, section: Mapping[str, Any], key: str, default: int | None) -> Any:
    value = section.get(key, default)
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise InputError(file=str(path), place=f"gate.{key}", reason=f"{value!r} is no number")
    return value


def _texts(path: Path, place: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(file=str(path), place=place, reason=f"{value!r} is no list of texts")
    return tuple(value)


def _acknowledgements(path: Path, entries: Any) -> Iterable[Acknowledgement]:
    if not isinstance(entries, list):
        reason = f"{entries!r} is no list of tables; write [[acknowledge]]"
        raise InputError(file=str(path), place="acknowledge", reason=reason)
    for index, entry in enumerate(entries):
        table = entry if isinstance(entry, dict) else {}
        texts = {key: table.get(key) for key in ("rule", "path", "reason")}
        missing = [key for key, value in texts.items() if not (value and isinstance(value, str))]
        if missing:
            place = f"acknowledge[{index}]"
            reason = f"lacks {', '.join(missing)} (texts)"
            raise InputError(file=str(path), place=place, reason=reason)
        yield Acknowledgement(rule=entry["rule"], path=entry["path"], reason=entry["reason"])


def graded(findings: Iterable[Finding], gate: Gate) -> list[Finding]:
    """Apply the gate's own severities; "off" leaves a rule out."""
    kept = []
    for finding in findings:
        rule = finding.rule.partition("[")[0]
        severity = gate.severity.get(finding.rule, gate.severity.get(rule, finding.severity))
        if severity != "off":
            kept.append(dataclasses.replace(finding, severity=severity))
    return kept


def breaches(
    findings: Sequence[Finding], *, gate: Gate, idle_dollars: float, engines: Sequence[Result]
) -> list[str]:
    """Return in words each threshold that is broken; none when the gate is open."""
    broken = []
    for severity, limit in (("error", gate.max_errors), ("warning", gate.max_warnings)):
        count = sum(finding.open and finding.severity == severity for finding in findings)
        if limit is not None and count > limit:
            plural = "" if count == 1 else "s"
            broken.append(f"{count} open {severity}{plural}; {limit} allowed")
    if gate.max_idle_dollars is not None and idle_dollars > gate.max_idle_dollars:
        limit_text = f"${gate.max_idle_dollars:,.2f}"
        broken.append(f"${idle_dollars:,.2f} a month while idle; {limit_text} allowed")
    ran = {result.engine: result for result in engines}
    for name in gate.engines:
        result = ran.get(name)
        why = result.missing or result.skipped if result else "there is no such engine"
        if why:
            broken.append(f"{name} has to run and did not: {why}")
    return broken
