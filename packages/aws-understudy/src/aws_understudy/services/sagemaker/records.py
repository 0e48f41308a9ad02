"""Models and endpoint configurations: kept as they were given, and read when an endpoint starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.inputs import check_input, invalid, newest_first, now, page

if TYPE_CHECKING:
    from aws_understudy.core.service import Context


class Records:
    """The records of one noun, by name."""

    def __init__(self, context: Context, *, noun: str, kind: str) -> None:
        """Args: noun, as in ``CreateEndpointConfig``; kind, as in an ARN: ``endpoint-config``."""
        self._context = context
        self._noun = noun
        self._kind = kind
        self._records: dict[str, dict[str, Any]] = {}

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Keep a record.

        Raises:
            AwsError: the name is taken.
        """
        check_input(f"Create{self._noun}", request)
        name = request[f"{self._noun}Name"]
        arn = self._arn(name)
        if name in self._records:
            raise invalid(f'Cannot create already existing {self._kind} "{arn}".')
        kept = {key: value for key, value in request.items() if key != "Tags"}
        self._records[name] = {**kept, f"{self._noun}Arn": arn, "CreationTime": now()}
        return {f"{self._noun}Arn": arn}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """Show what was kept.

        Raises:
            AwsError: there is no such record.
        """
        return dict(self._get(request))

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """List the records, the newest first."""
        noun, part = self._noun, request.get("NameContains", "")
        members = (f"{noun}Name", f"{noun}Arn", "CreationTime")
        summaries = [
            {member: record[member] for member in members}
            for name, record in list(self._records.items())
            if part.lower() in name.lower()
        ]
        return page(newest_first(summaries, request, "CreationTime"), request, f"{noun}s")

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Forget a record.

        Raises:
            AwsError: there is no such record.
        """
        del self._records[self._get(request)[f"{self._noun}Name"]]
        return {}

    def _get(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request.get(f"{self._noun}Name", "")
        if name not in self._records:
            noun = self._kind.replace("endpoint-config", "endpoint configuration")
            raise invalid(f'Could not find {noun} "{self._arn(name)}".')
        return self._records[name]

    def _arn(self, name: str) -> str:
        context = self._context
        return f"arn:aws:sagemaker:{context.region}:{context.account}:{self._kind}/{name.lower()}"
