"""The one door of the emulator: an ASGI application in front of our services and ministack.

A request passes named stages, each of which may end it: **admit** (may it come in at all),
**identify** (who signed it), **complete** (what AWS would add or refuse), **answer**.
"""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from emulator.asgi import (
    after,
    naming_author,
    replaying,
    send_response,
    with_cors,
)
from emulator.aws_requests import header_map, read_request
from emulator.bodies import BodyRefused, ClientGone, check_form, read_body
from emulator.dispatch import BY_CAPSTONE, BY_MINISTACK
from emulator.errors import error_response
from emulator.moto_backend import not_implemented
from emulator.s3_uploads import with_default_kms_key
from emulator.service import AwsError
from emulator.signatures import SignatureError, SignedLines, check_signature, read_signature
from emulator.stack_progress import HELD_ACTIONS, StackProgress
from emulator.unknown_services import naming_unknown_services
from emulator.unknown_types import explaining

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.asgi import Application, Receive, Scope, Send
    from emulator.dispatch import Dispatcher
    from emulator.front_door import FrontDoor
    from emulator.key_ring import KeyRing
    from emulator.service import AwsRequest, AwsResponse, Context

T = TypeVar("T")

WORKER_THREADS = 256
"""Requests of ours that may be in progress at once.

A request may call the emulator back and wait for that, so a small pool would lock itself up.
Threads are only started when needed.
"""

NO_CONTENT = 204
FORBIDDEN = 403
NOT_FOUND = 404
POLICY_VIOLATION = 1008
"""How a WebSocket is closed: nothing here needs one, and web pages can open them."""
PAGES_PREFIX = "/_capstone/"
CALLBACKS = ("/_ministack/cfn-response/", "/_ministack/cfn-signal/")
"""Where a custom resource and a wait condition answer, as on AWS by an address that nobody
guesses: the last part is a random UUID."""
_HASHED_IN_PLACE = 64 * 1024
"""Bytes of a body that may be hashed on the event loop; larger ones go to a thread."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and the way of its answer."""

    scope: Scope
    receive: Receive
    send: Send
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def path(self) -> str:
        """The path, decoded."""
        return str(self.scope["path"])

    @property
    def method(self) -> str:
        """The method in capitals."""
        return str(self.scope["method"])

    @property
    def lines(self) -> SignedLines:
        """What the signature covers beside the body."""
        return SignedLines(
            method=self.method,
            raw_path=self.scope["raw_path"].decode("latin-1").partition("?")[0],
            query=self.scope.get("query_string", b"").decode("latin-1"),
            headers=self.headers,
        )

    async def tell(self, status: int, words: str) -> None:
        """Answer in plain words."""
        body = b"" if self.method == "HEAD" or not words else f"{words}\n".encode()
        await send_response(self.send, status, {"content-type": "text/plain"}, body)


class Gateway:
    """Takes every request through its stages."""

    def __init__(
        self,
        *,
        ministack: Application,
        dispatcher: Dispatcher,
        pages: Mapping[str, Callable[[], AwsResponse]],
        context: Context,
        keys: KeyRing,
        door: FrontDoor,
    ) -> None:
        self._ministack = ministack
        self._dispatcher = dispatcher
        self._pages = pages
        self._context = context
        self._keys = keys
        self._door = door
        self._progress = StackProgress(context)
        self._pool = ThreadPoolExecutor(WORKER_THREADS, thread_name_prefix="capstone")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._ministack(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            headers = header_map(scope)
            allowed = self._door.cors_headers(headers)
            exchange = Exchange(
                scope=scope, receive=receive, send=with_cors(send, allowed), headers=headers
            )
            with contextlib.suppress(ClientGone):
                await self._admit(exchange, is_allowed_page=bool(allowed))

    async def _admit(self, exchange: Exchange, *, is_allowed_page: bool) -> None:
        lines = exchange.lines
        reason = self._door.refusal(
            method=lines.method, query=lines.query, headers=exchange.headers
        )
        if reason is not None:
            await exchange.tell(FORBIDDEN, f"The emulator refuses this request: {reason}.")
        elif exchange.method == "OPTIONS":
            # The question that a browser asks before a page's request; nobody else does.
            await exchange.tell(NO_CONTENT if is_allowed_page else FORBIDDEN, "")
        elif exchange.path.startswith(PAGES_PREFIX):
            await self._page(exchange)
        elif exchange.path.startswith(CALLBACKS) and exchange.method == "PUT":
            await self._callback(exchange)
        elif exchange.path.startswith("/_"):
            await exchange.tell(NOT_FOUND, f"{exchange.path} is no address of AWS.")
        else:
            await self._aws(exchange)

    async def _page(self, exchange: Exchange) -> None:
        page = self._pages.get(exchange.path.removeprefix(PAGES_PREFIX))
        if page is None or exchange.method != "GET":
            known = ", ".join(PAGES_PREFIX + name for name in sorted(self._pages))
            asked = f"{exchange.method} {exchange.path}"
            await exchange.tell(NOT_FOUND, f"No page answers {asked}. There are: {known}")
            return
        response = page()
        await send_response(exchange.send, response.status, dict(response.headers), response.body)

    async def _callback(self, exchange: Exchange) -> None:
        try:
            body = await read_body(exchange.receive, exchange.headers, service="cloudformation")
        except BodyRefused as refused:
            await exchange.tell(refused.status, refused.message)
        else:
            receive = replaying(body, exchange.receive)
            await self._ministack(exchange.scope, receive, exchange.send)

    async def _aws(self, exchange: Exchange) -> None:
        try:
            service, body = await self._identify(exchange)
            check_form(body, exchange.headers, service=service)
        except SignatureError as error:
            await self._error(exchange, AwsError(error.code, error.message, status=FORBIDDEN))
        except BodyRefused as refused:
            fault = AwsError(refused.code, refused.message, status=refused.status)
            await self._error(exchange, fault)
        else:
            await self._answer(self._completed(exchange, service, body), service, body)

    async def _identify(self, exchange: Exchange) -> tuple[str, bytes]:
        """Check the signature; the key and the time before the body is read."""
        lines = exchange.lines
        signature = read_signature(lines, self._keys)
        body = await read_body(exchange.receive, exchange.headers, service=signature.service)
        if len(body) <= _HASHED_IN_PLACE:
            check_signature(signature, lines, body)
        else:
            await self._in_thread(lambda: check_signature(signature, lines, body))
        return signature.service, body

    def _completed(self, exchange: Exchange, service: str, body: bytes) -> Exchange:
        scope = exchange.scope
        if service == "s3":
            scope = with_default_kms_key(scope, exchange.headers)
        return replace(exchange, scope=scope, receive=replaying(body, exchange.receive))

    async def _answer(self, exchange: Exchange, service: str, body: bytes) -> None:
        request = self._read(exchange, body)
        send = exchange.send
        if service == "cloudformation":
            send = explaining(send)
            if request.action in HELD_ACTIONS:
                send = after(lambda: self._in_thread(lambda: self._progress.hold(request)), send)
        elif self._dispatcher.claims(service):
            answered = await self._in_thread(lambda: self._dispatcher.answer(request))
            if answered is not None:
                response, author = answered
                await _send(naming_author(send, author), response)
                return

        async def refuse() -> None:
            fault = await self._in_thread(lambda: not_implemented(request))
            await _send(naming_author(send, BY_CAPSTONE), error_response(request, fault))

        await self._ministack(
            exchange.scope,
            exchange.receive,
            naming_unknown_services(naming_author(send, BY_MINISTACK), refuse),
        )

    async def _error(self, exchange: Exchange, error: AwsError) -> None:
        response = error_response(self._read(exchange, b""), error)
        await _send(
            naming_author(exchange.send, BY_CAPSTONE), response, head=exchange.method == "HEAD"
        )

    def _read(self, exchange: Exchange, body: bytes) -> AwsRequest:
        return read_request(
            exchange.scope,
            headers=exchange.headers,
            body=body,
            region=self._context.region,
            account=self._context.account,
        )

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Stop the services, then the worker threads; those that block are left to the process."""
        self._dispatcher.close()
        self._pool.shutdown(wait=False, cancel_futures=True)


async def _send(send: Send, response: AwsResponse, *, head: bool = False) -> None:
    body = b"" if head else response.body
    await send_response(send, response.status, dict(response.headers), body)
