"""Tells what kind of statement a text is, without parsing it whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMENTS = re.compile(r"\s*(--[^\n]*(\n|$)|/\*.*?\*/)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A statement's class, as Athena reports it."""

    kind: str
    """``DML``, ``DDL`` or ``UTILITY``."""
    substatement: str
    text: str
    """Without leading comments and the closing semicolon."""

    @property
    def suffix(self) -> str:
        """How the result object ends; statements that write files have a manifest instead."""
        if self.writes_files:
            return ""
        return ".csv" if self.substatement in {"SELECT", "EXECUTE"} else ".txt"

    @property
    def writes_files(self) -> bool:
        """Whether it writes data files: CREATE TABLE AS, INSERT, UNLOAD."""
        return self.substatement in {"CREATE_TABLE_AS_SELECT", "INSERT", "UNLOAD"}


_NAME = r"[^\s(]+"
_KINDS = [
    (r"(SELECT\b|WITH\b|VALUES\b|TABLE\b|\()", "DML", "SELECT"),
    (r"INSERT\s+INTO\b", "DML", "INSERT"),
    (r"EXECUTE\b", "DML", "EXECUTE"),
    (r"PREPARE\b", "DDL", "PREPARE"),
    (r"DEALLOCATE\s+PREPARE\b", "DDL", "DEALLOCATE"),
    (r"EXPLAIN\b", "UTILITY", "EXPLAIN"),
    (r"UNLOAD\b", "DML", "UNLOAD"),
    (r"CREATE\s+(OR\s+REPLACE\s+)?VIEW\b", "DDL", "CREATE_VIEW"),
    (r"CREATE\s+EXTERNAL\s+TABLE\b", "DDL", "CREATE_TABLE"),
    (r"CREATE\s+(DATABASE|SCHEMA)\b", "DDL", "CREATE_DATABASE"),
    (rf"CREATE\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*(WITH\s*\(.*?\)\s*)?(COMMENT\s+'[^']*'\s*)?AS\b",
     "DDL", "CREATE_TABLE_AS_SELECT"),
    (r"DROP\s+VIEW\b", "DDL", "DROP_VIEW"),
    (r"DROP\s+TABLE\b", "DDL", "DROP_TABLE"),
    (r"DROP\s+(DATABASE|SCHEMA)\b", "DDL", "DROP_DATABASE"),
    (r"ALTER\s+TABLE\b", "DDL", "ALTER_TABLE"),
    (r"MSCK\s+REPAIR\s+TABLE\b", "DDL", "MSCK_REPAIR_TABLE"),
    (r"SHOW\s+CREATE\s+VIEW\b", "UTILITY", "SHOW_CREATE_VIEW"),
    (r"SHOW\s+CREATE\s+TABLE\b", "UTILITY", "SHOW_CREATE_TABLE"),
    (r"SHOW\s+(DATABASES|SCHEMAS)\b", "UTILITY", "SHOW_DATABASES"),
    (r"SHOW\s+TABLES\b", "UTILITY", "SHOW_TABLES"),
    (r"SHOW\s+VIEWS\b", "UTILITY", "SHOW_VIEWS"),
    (r"SHOW\s+PARTITIONS\b", "UTILITY", "SHOW_PARTITIONS"),
    (r"SHOW\s+COLUMNS\b", "UTILITY", "SHOW_COLUMNS"),
    (r"(DESCRIBE|DESC)\b", "UTILITY", "DESCRIBE_TABLE"),
]  # fmt: skip
_PATTERNS = [(re.compile(p, re.IGNORECASE | re.DOTALL), kind, name) for p, kind, name in _KINDS]


def classify(query: str) -> Statement:
    """Classify a statement; what is not known is of the kind ``UTILITY``, ``OTHER``."""
    text = query
    while comment := _COMMENTS.match(text):
        text = text[comment.end() :]
    text = text.strip().rstrip(";").strip()
    for pattern, kind, name in _PATTERNS:
        if pattern.match(text):
            return Statement(kind=kind, substatement=name, text=text)
    return Statement(kind="UTILITY", substatement="OTHER", text=text)
