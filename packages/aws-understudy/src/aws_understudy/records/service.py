"""A service that keeps records, and says so: nothing is run, rendered or started behind them."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_understudy.core.operations import service_model
from aws_understudy.core.service import AwsError, AwsRequest, AwsResponse
from aws_understudy.records.projection import check_input, project, read_input
from aws_understudy.records.tags import TAG_OPERATIONS, RecordTags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_understudy.records.kind import RecordKind, Values

RecordKey = tuple[str, ...]


class RecordService:
    """Answers the operations of its kinds of records; leaves all others to the back end."""

    def __init__(self, *, name: str, kinds: Sequence[RecordKind]) -> None:
        self.name = name
        self._model = service_model(name)
        self._kinds = {operation: kind for kind in kinds for operation in kind.operations}
        self._children = [kind for kind in kinds if kind.parent]
        self._records: dict[str, dict[RecordKey, Values]] = {kind.noun: {} for kind in kinds}
        self._tags = RecordTags()
        self._lock = threading.RLock()

    def handle(self, request: AwsRequest) -> AwsResponse | None:
        """Answer an operation on a record, or None where the operation is not of ours."""
        operation, values = read_input(request, self.name)
        with self._lock:
            if operation in TAG_OPERATIONS:
                return self._tags.handle(operation, values)
            kind = self._kinds.get(operation)
            if kind is None:
                return None
            check_input(self.name, operation, values)
            verb = kind.operations[operation]
            answer = getattr(self, f"_{verb}")(kind, values, request)
            return self._reply(operation, answer)

    def close(self) -> None:
        """Nothing runs, so nothing is stopped."""

    def _create(self, kind: RecordKind, values: Values, request: AwsRequest) -> Values:
        now = datetime.now(UTC)
        record = {name: value for name, value in values.items() if name not in kind.unchanged}
        record.update(kind.on_create(values, request))
        key = _key(kind, record, request)
        if key in self._records[kind.noun]:
            raise AwsError(kind.exists, f"{kind.noun} {'/'.join(key[1:])} exists already", 409)
        if kind.parent is not None:
            self._require_parent(kind, record, request)
        naming = {name: record[name] for name in kind.identity}
        arn = kind.arn.format(region=request.region, account=request.account, **naming)
        times = {"CreationTime": now, "CreatedTime": now}
        record.update(times, LastModifiedTime=now, LastUpdatedTime=now, **{kind.arn_member: arn})
        self._tags.register(arn, values.get("Tags", []))
        self._records[kind.noun][key] = record
        return record

    def _describe(self, kind: RecordKind, values: Values, request: AwsRequest) -> Values:
        record = self._find(kind, values, request)
        return {kind.noun: record} if kind.nested else record

    def _view(self, kind: RecordKind, values: Values, request: AwsRequest) -> Values:
        return self._find(kind, values, request)

    def _update(self, kind: RecordKind, values: Values, request: AwsRequest) -> Values:
        record = self._find(kind, values, request)
        now = datetime.now(UTC)
        record.update(
            {
                kind.update_names.get(name, name): value
                for name, value in values.items()
                if name not in kind.unchanged
            },
            LastModifiedTime=now,
            LastUpdatedTime=now,
        )
        return record

    def _delete(self, kind: RecordKind, values: Values, request: AwsRequest) -> Values:
        record = self._find(kind, values, request)
        for child in self._children:
            if child.parent == kind.noun and self._of_parent(child, kind, record):
                raise AwsError(
                    "ResourceInUse", f"{kind.noun} still has a {child.noun}; delete that first"
                )
        self._tags.forget(record[kind.arn_member])
        del self._records[kind.noun][_key(kind, record, request)]
        return record

    def _list(self, kind: RecordKind, values: Values, request: AwsRequest) -> Values:
        records = [
            record
            for key, record in self._records[kind.noun].items()
            if key[0] == request.region
            and all(
                values[name] == record.get(member)
                for name, member in kind.filters.items()
                if name in values
            )
        ]
        return {kind.list_member: records}

    def _find(self, kind: RecordKind, values: Values, request: AwsRequest) -> Values:
        key = _key(kind, values, request)
        record = self._records[kind.noun].get(key)
        if record is None:
            raise AwsError(kind.not_found, f"{kind.noun} {'/'.join(key[1:])} does not exist", 404)
        return record

    def _require_parent(self, kind: RecordKind, record: Values, request: AwsRequest) -> None:
        parent = next(
            candidate for candidate in self._kinds.values() if candidate.noun == kind.parent
        )
        self._find(parent, record, request)

    def _of_parent(self, child: RecordKind, parent: RecordKind, record: Values) -> bool:
        return any(
            all(held[name] == record[name] for name in parent.identity)
            for held in self._records[child.noun].values()
        )

    def _reply(self, operation: str, answer: Values) -> AwsResponse:
        shape = self._model.operation_model(operation).output_shape
        values: Any = {"RequestId": str(uuid.uuid4()), **answer}
        return AwsResponse.of_json(project(values, shape) if shape else {})


def _key(kind: RecordKind, values: Values, request: AwsRequest) -> RecordKey:
    return (request.region, *(str(values[name]) for name in kind.identity))
