"""The stages that a request to AWS passes, in their order; each may end it with an error.

**identify** (who signed it), **authorize** (may that be), **complete** (what AWS would add),
**admit** (is every member in the ledger), **answer** (a service of ours, or a back end).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from aws_understudy.backends.moto_backend import not_implemented
from aws_understudy.core.service import AwsError
from aws_understudy.gateway.asgi import after, naming_author, replaying
from aws_understudy.gateway.aws_requests import read_request
from aws_understudy.gateway.bodies import BodyRefused, check_form, read_body
from aws_understudy.gateway.dispatch import BY_MINISTACK, BY_UNDERSTUDY
from aws_understudy.gateway.errors import error_response
from aws_understudy.gateway.s3_uploads import with_default_kms_key
from aws_understudy.gateway.signatures import SignatureError, check_signature, read_signature
from aws_understudy.gateway.stack_progress import HELD_ACTIONS, StackProgress
from aws_understudy.gateway.unknown_services import naming_unknown_services
from aws_understudy.gateway.unknown_types import explaining

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aws_understudy.core.service import AwsRequest, Context
    from aws_understudy.gateway.asgi import Application, Send
    from aws_understudy.gateway.dispatch import Dispatcher
    from aws_understudy.gateway.exchange import Call, Exchange
    from aws_understudy.gateway.key_ring import KeyRing
    from aws_understudy.ledger.admission import Admission

T = TypeVar("T")

FORBIDDEN: Final = 403
_READ_IN_PLACE: Final = 64 * 1024
"""Bytes of a body that may be hashed or parsed on the event loop; larger ones go to a thread."""


class Threads(Protocol):
    """Run what may block."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]:
        """Do the work in a thread."""
        ...


class Stage(Protocol):
    """One station of a request."""

    async def __call__(self, call: Call) -> Call:
        """Do this stage's part; the result is the request with what the stage added.

        Raises:
            AwsError: it ends here; the client gets the error in its service's own format.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Identify:
    """Who asks: the signature is checked against the keys of this run."""

    keys: KeyRing
    context: Context
    in_thread: Threads

    async def __call__(self, call: Call) -> Call:
        """Check the key and the time, and only then read the body."""
        exchange = call.exchange
        try:
            signature = read_signature(exchange.lines, self.keys)
            body = await read_body(exchange.receive, exchange.headers, service=signature.service)
            if len(body) <= _READ_IN_PLACE:
                check_signature(signature, exchange.lines, body)
            else:
                await self.in_thread(lambda: check_signature(signature, exchange.lines, body))
            check_form(body, exchange.headers, service=signature.service)
        except SignatureError as error:
            raise AwsError(error.code, error.message, status=FORBIDDEN) from error
        except BodyRefused as refused:
            raise AwsError(refused.code, refused.message, status=refused.status) from refused
        return replace(
            call,
            exchange=replace(exchange, receive=replaying(body, exchange.receive)),
            service=signature.service,
            access_key_id=signature.access_key_id,
            request=requested(exchange, body, self.context),
        )


async def authorize(call: Call) -> Call:
    """Let pass whoever is identified: policies are kept, but not evaluated."""
    if not call.access_key_id:
        raise AwsError("AccessDenied", "Nobody has signed this request.", status=FORBIDDEN)
    return call


async def complete(call: Call) -> Call:
    """Add what AWS would take where the client is silent."""
    if call.service != "s3":
        return call
    exchange = call.exchange
    scope = with_default_kms_key(exchange.scope, exchange.headers)
    return replace(call, exchange=replace(exchange, scope=scope))


@dataclass(frozen=True, kw_only=True)
class Admit:
    """What is asked: an operation of the ledgers, with members that they list."""

    admission: Admission
    in_thread: Threads

    async def __call__(self, call: Call) -> Call:
        """Refuse what nobody carries out, before anybody is asked."""
        request = _request_of(call)
        if len(request.body) <= _READ_IN_PLACE and self.admission.is_ready(call.service):
            is_listed = self.admission.admit(request)
        else:
            is_listed = await self.in_thread(lambda: self.admission.admit(request))
        if not is_listed:
            raise await self.in_thread(lambda: not_implemented(request))
        return call


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Ask the services of ours, then moto, then ministack."""

    dispatcher: Dispatcher
    ministack: Application
    progress: StackProgress
    in_thread: Threads

    async def __call__(self, call: Call) -> Call:
        """Send the answer of whoever has one."""
        exchange, request = call.exchange, _request_of(call)
        send = exchange.send
        if call.service == "cloudformation":
            send = self._held(explaining(send), request)
        elif self.dispatcher.claims(call.service):
            answered = await self.in_thread(lambda: self.dispatcher.answer(request))
            if answered is not None:
                response, author = answered
                await replace(exchange, send=naming_author(send, author)).reply(response)
                return call

        async def refuse() -> None:
            fault = await self.in_thread(lambda: not_implemented(request))
            named = replace(exchange, send=naming_author(send, BY_UNDERSTUDY))
            await named.reply(error_response(request, fault))

        await self.ministack(
            exchange.scope,
            exchange.receive,
            naming_unknown_services(naming_author(send, BY_MINISTACK), refuse),
        )
        return call

    def _held(self, send: Send, request: AwsRequest) -> Send:
        if request.action not in HELD_ACTIONS:
            return send
        return after(lambda: self.in_thread(lambda: self.progress.hold(request)), send)


def _request_of(call: Call) -> AwsRequest:
    if call.request is None:
        raise AwsError("InternalFailure", "The request was not read.", status=500)
    return call.request


def requested(exchange: Exchange, body: bytes, context: Context) -> AwsRequest:
    """What an exchange asks of AWS."""
    return read_request(
        exchange.scope,
        headers=exchange.headers,
        body=body,
        region=context.region,
        account=context.account,
    )
