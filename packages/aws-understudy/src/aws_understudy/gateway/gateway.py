"""The one door of the emulator: an ASGI application in front of our services and ministack.

First **admit**: may the request come in at all, and is it one to AWS? Such a one passes the
stages of ``stages.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from aws_understudy.core.service import AwsError
from aws_understudy.gateway.asgi import naming_author, replaying, with_cors
from aws_understudy.gateway.aws_requests import header_map
from aws_understudy.gateway.bodies import BodyRefused, ClientGone, read_body
from aws_understudy.gateway.dispatch import BY_UNDERSTUDY
from aws_understudy.gateway.errors import error_response
from aws_understudy.gateway.exchange import Call, Exchange
from aws_understudy.gateway.stack_progress import StackProgress
from aws_understudy.gateway.stages import (
    FORBIDDEN,
    Admit,
    Answer,
    Identify,
    authorize,
    complete,
    requested,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.core.service import AwsResponse, Context
    from aws_understudy.gateway.asgi import Application, Receive, Scope, Send
    from aws_understudy.gateway.dispatch import Dispatcher
    from aws_understudy.gateway.front_door import FrontDoor
    from aws_understudy.gateway.key_ring import KeyRing
    from aws_understudy.gateway.stages import Stage
    from aws_understudy.ledger.admission import Admission

T = TypeVar("T")

WORKER_THREADS = 256
"""Requests of ours that may be in progress at once.

A request may call the emulator back and wait for that, so a small pool would lock itself up.
Threads are only started when needed.
"""

NO_CONTENT = 204
NOT_FOUND = 404
POLICY_VIOLATION = 1008
"""How a WebSocket is closed: nothing here needs one, and web pages can open them."""
PAGES_PREFIX = "/_understudy/"
CALLBACKS = ("/_ministack/cfn-response/", "/_ministack/cfn-signal/")
"""Where a custom resource and a wait condition answer, as on AWS by an address that nobody
guesses: the last part is a random UUID."""


class Gateway:
    """Admits requests, and takes those to AWS through their stages."""

    def __init__(
        self,
        *,
        ministack: Application,
        dispatcher: Dispatcher,
        pages: Mapping[str, Callable[[], AwsResponse]],
        context: Context,
        keys: KeyRing,
        door: FrontDoor,
        admission: Admission,
    ) -> None:
        self._ministack = ministack
        self._dispatcher = dispatcher
        self._pages = pages
        self._context = context
        self._door = door
        self._pool = ThreadPoolExecutor(WORKER_THREADS, thread_name_prefix="understudy")
        self._stages: tuple[Stage, ...] = (
            Identify(keys=keys, context=context, in_thread=self._in_thread),
            authorize,
            complete,
            Admit(admission=admission, in_thread=self._in_thread),
            Answer(
                dispatcher=dispatcher,
                ministack=ministack,
                progress=StackProgress(context),
                in_thread=self._in_thread,
            ),
        )

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
        await exchange.reply(page())

    async def _callback(self, exchange: Exchange) -> None:
        try:
            body = await read_body(exchange.receive, exchange.headers, service="cloudformation")
        except BodyRefused as refused:
            await exchange.tell(refused.status, refused.message)
        else:
            receive = replaying(body, exchange.receive)
            await self._ministack(exchange.scope, receive, exchange.send)

    async def _aws(self, exchange: Exchange) -> None:
        call = Call(exchange=exchange)
        try:
            for stage in self._stages:
                call = await stage(call)
        except AwsError as error:
            request = call.request or requested(exchange, b"", self._context)
            named = replace(exchange, send=naming_author(exchange.send, BY_UNDERSTUDY))
            await named.reply(error_response(request, error))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Stop the services, then the worker threads; those that block end with the process."""
        self._dispatcher.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
