"""The crawls of each crawler: state, outcome, statistics."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aws_understudy.services.glue.crawl.crawled_table import Changes

LOG_GROUP = "/aws-glue/crawlers"


@dataclass(kw_only=True)
class Run:
    """One crawl."""

    crawler: str
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started: float = field(default_factory=time.time)
    ended: float | None = None
    status: str = "RUNNING"
    """``RUNNING``, then ``SUCCEEDED``, ``FAILED`` or ``CANCELLED``."""
    error: str = ""
    changes: Changes = field(default_factory=Changes)
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    @property
    def state(self) -> str:
        """The crawler's State while this run is its last."""
        if self.status != "RUNNING":
            return "READY"
        return "STOPPING" if self.stop.is_set() else "RUNNING"

    @property
    def seconds(self) -> float:
        """How long it has run, or ran."""
        return (self.ended or time.time()) - self.started

    def last_crawl(self) -> dict[str, Any]:
        """Give the LastCrawl of GetCrawler."""
        entry = {
            "Status": self.status,
            "LogGroup": LOG_GROUP,
            "LogStream": self.crawler,
            "MessagePrefix": self.run_id,
            "StartTime": self.started,
        }
        return entry | ({"ErrorMessage": self.error} if self.error else {})

    def history(self) -> dict[str, Any]:
        """Give the entry of ListCrawls."""
        names = {"SUCCEEDED": "COMPLETED", "CANCELLED": "STOPPED"}
        entry: dict[str, Any] = {
            "CrawlId": self.run_id,
            "State": names.get(self.status, self.status),
            "StartTime": self.started,
            "Summary": json.dumps(self._summary()),
            "LogGroup": LOG_GROUP,
            "LogStream": self.crawler,
            "MessagePrefix": self.run_id,
            "DPUHour": 0.0,
        }
        if self.ended is not None:
            entry["EndTime"] = self.ended
        return entry | ({"ErrorMessage": self.error} if self.error else {})

    def _summary(self) -> dict[str, dict[str, Any]]:
        kinds = {
            "TABLE": ("tables_added", "tables_updated", "tables_deleted"),
            "PARTITION": ("partitions_added", "partitions_updated", "partitions_deleted"),
        }
        summary: dict[str, dict[str, Any]] = {}
        for kind, attributes in kinds.items():
            for verb, attribute in zip(("ADD", "UPDATE", "DELETE"), attributes, strict=True):
                names = getattr(self.changes, attribute)
                if names:
                    details = {"Details": json.dumps({"names": names}), "Count": len(names)}
                    summary.setdefault(kind, {})[verb] = details
        return summary
