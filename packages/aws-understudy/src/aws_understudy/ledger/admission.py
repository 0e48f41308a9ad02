"""Admits a request: its operation is listed, and so is every member that it has."""

from __future__ import annotations

import functools
import json
import re
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from aws_understudy.core.operations import passing_model
from aws_understudy.core.service import AwsError
from aws_understudy.ledger.routes import find_route
from aws_understudy.ledger.service import Admitting, admitting
from aws_understudy.ledger.visits import (
    UnlistedError,
    WrongValueError,
    check_value,
    never,
    visit_form,
    visit_json,
    visit_xml,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aws_understudy.core.service import AwsRequest
    from aws_understudy.ledger.entries import ServiceLedger
    from aws_understudy.ledger.service import Listed, Rest
    from aws_understudy.ledger.tree import Node

FORM: Final = "application/x-www-form-urlencoded"
_VIRTUAL_HOST: Final = re.compile(r"(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com")
_OF_FORMS: Final = {"Action", "Version"}
_OF_SIGNATURES: Final = "x-amz-"
_OF_AWS: Final = ("x-amz-", "x-amzn-")
_OF_CLIENTS: Final = {"x-id"}
"""What JavaScript's SDK adds to a query."""
_TRANSPORT: Final = frozenset(
    {
        *("x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-user-agent"),
        *("x-amz-decoded-content-length", "x-amz-trailer", "x-amz-te", "x-amzn-trace-id"),
    }
)
"""Headers of the request itself, not of what it asks."""
_OF_BODIES: Final = "x-amz-checksum-"
"""Headers by which S3's clients guard any body."""


class Admission:
    """Holds the requests of all services against their ledgers."""

    def __init__(self, ledgers: Iterable[ServiceLedger]) -> None:
        self._by_signing_name: dict[str, list[ServiceLedger]] = {}
        for ledger in ledgers:
            for name in ledger.signing_names:
                self._by_signing_name.setdefault(name, []).append(ledger)
        self._ready: dict[str, Admitting] = {}
        self._lock = threading.Lock()

    def is_ready(self, signing_name: str) -> bool:
        """Whether a request can be held against the ledgers at once, without reading models."""
        return all(
            ledger.service in self._ready for ledger in self._by_signing_name.get(signing_name, ())
        )

    def admit(self, request: AwsRequest) -> bool:
        """Whether the operation is one that is answered.

        Raises:
            AwsError: it is, but the request has a member or a value that is not listed.
        """
        for ledger in self._by_signing_name.get(request.service, ()):
            service = self._admitting(ledger)
            operation = operation_of(service, request)
            if operation is not None:
                listed = service.operations.get(operation)
                if listed is not None:
                    _hold(service.ledger, listed, functools.partial(_visit, listed, request))
                return listed is not None
        return False

    def check(
        self,
        service: str,
        operation: str,
        payload: Mapping[str, Any],
        *,
        is_open: Callable[[object], bool] = never,
    ) -> None:
        """Hold the parameters of an operation, by their names in botocore's model, against it.

        Raises:
            AwsError: it is not answered, or not with these parameters.
        """
        ledger = next(
            ledger
            for ledgers in self._by_signing_name.values()
            for ledger in ledgers
            if ledger.service == service
        )
        listed = self._admitting(ledger).operations[operation]
        _hold(ledger, listed, lambda: visit_json(listed.tree, payload, is_open=is_open))

    def _admitting(self, ledger: ServiceLedger) -> Admitting:
        with self._lock:
            if ledger.service not in self._ready:
                self._ready[ledger.service] = admitting(ledger, passing_model(ledger.service))
            return self._ready[ledger.service]


def operation_of(service: Admitting, request: AwsRequest) -> str | None:
    """The operation that a request asks of a service; None if it is not one of its."""
    if not service.routes:
        return request.action or None
    if request.action and request.headers.get("x-amz-target"):
        return None
    route = find_route(
        service.routes,
        method=request.method,
        path=_path(request),
        query=dict(parse_qsl(request.query, keep_blank_values=True)),
        headers=request.headers,
    )
    return route.operation if route else None


def _path(request: AwsRequest) -> str:
    """The path with S3's bucket before it, where a client names that in the host."""
    bucket = _VIRTUAL_HOST.match(request.headers.get("host", ""))
    return f"/{bucket[1]}{request.path}" if bucket and request.service == "s3" else request.path


def _hold(ledger: ServiceLedger, listed: Listed, visit: Callable[[], None]) -> None:
    entry = listed.entry
    try:
        visit()
    except UnlistedError as error:
        among = f" What may be given there: {', '.join(error.among)}." if error.among else ""
        raise AwsError(
            ledger.error,
            f"{entry.operation}: {error.path} is refused, and nothing was done: "
            f"{entry.reason(error.path)}. Leave it out, or try it in a real account.{among}",
        ) from error
    except WrongValueError as error:
        raise AwsError(
            ledger.error,
            f"{entry.operation}: {error.path} is {error.value!r}, and nothing was done; "
            f"allowed is {error.allowed}.",
        ) from error


def _visit(listed: Listed, request: AwsRequest) -> None:
    if listed.rest is not None:
        _visit_rest(listed.tree, listed.rest, request)
    elif request.headers.get("x-amz-target"):
        visit_json(listed.tree, request.json())
    else:
        is_form = request.headers.get("content-type", "").startswith(FORM)
        text = request.body.decode("utf-8", errors="replace") if is_form else request.query
        for name, value in parse_qsl(text, keep_blank_values=True):
            if name not in _OF_FORMS and not name.lower().startswith(_OF_SIGNATURES):
                visit_form(listed.tree, name, value)


def _visit_rest(tree: Node, rest: Rest, request: AwsRequest) -> None:
    by_path = {node.path: node for node in tree.members.values()}

    def hold(member: str, value: str) -> None:
        if member not in by_path:
            raise UnlistedError(member, tree.names())
        check_value(by_path[member], value)

    for name, value in parse_qsl(request.query, keep_blank_values=True):
        if name in rest.query:
            hold(rest.query[name], value)
        elif not (
            name in rest.fixed_query
            or name in _OF_CLIENTS
            or name.lower().startswith(_OF_SIGNATURES)
        ):
            raise UnlistedError(name, tree.names())
    for name, value in request.headers.items():
        if name in rest.headers:
            hold(rest.headers[name], value)
        elif name.startswith(_OF_AWS) and not _is_transport(name):
            _check_header(rest, name, hold)
    if request.body and rest.body is not None:
        _visit_body(rest.body, request)


def _is_transport(header: str) -> bool:
    return header in _TRANSPORT or header.startswith(_OF_BODIES)


def _check_header(rest: Rest, name: str, hold: Callable[[str, str], None]) -> None:
    for prefix, member in rest.prefixes.items():
        if name.startswith(prefix):
            hold(member, "")
            return
    raise UnlistedError(name, ())


def _visit_body(body: Node, request: AwsRequest) -> None:
    if request.body.lstrip()[:1] == b"<":
        visit_xml(body, ET.fromstring(request.body))  # noqa: S314 - bounded by the door; expat expands nothing from outside
    else:
        visit_json(body, json.loads(request.body))
