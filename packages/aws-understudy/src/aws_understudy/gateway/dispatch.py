"""Finds who answers a request: a service of ours, or a back end behind it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aws_understudy.backends.moto_backend import MOTO_SERVICES
from aws_understudy.core.service import AwsError, AwsRequest, AwsResponse, Service
from aws_understudy.gateway.errors import error_response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_understudy.backends.moto_backend import MotoBackEnd

BY_UNDERSTUDY = "understudy"
BY_MOTO = "moto"
BY_MINISTACK = "ministack"

_log = logging.getLogger(__name__)


class Dispatcher:
    """Asks the services of ours in their order; the first that answers has answered."""

    def __init__(self, *, services: Sequence[Service], moto: MotoBackEnd) -> None:
        self._services = tuple(services)
        self._moto = moto
        self._claimed = MOTO_SERVICES | {service.name for service in services}

    def claims(self, signing_name: str) -> bool:
        """Whether ``answer`` must be asked before ministack."""
        return signing_name in self._claimed

    def answer(self, request: AwsRequest) -> tuple[AwsResponse, str] | None:
        """The response and who gave it, or None where ministack is to answer. May block."""
        author = BY_UNDERSTUDY
        try:
            for service in self._services:
                if service.name == request.service:
                    response = service.handle(request)
                    if response is not None:
                        return response, author
            if request.service not in MOTO_SERVICES:
                return None
            author = BY_MOTO
            return self._moto.answer(request), author
        except AwsError as error:
            return error_response(request, error), author
        except Exception as error:  # noqa: BLE001 - the client must get an answer
            _log.exception("%s %s failed", request.service, request.action)
            broken = AwsError(
                "InternalFailure",
                f"The emulator broke on {request.service} {request.action or request.path}: "
                f"{type(error).__name__}: {error}. This is a fault of the emulator.",
                status=500,
            )
            return error_response(request, broken), author

    def close(self) -> None:
        """Close every service, the last first; one that fails does not keep the others."""
        for service in reversed(self._services):
            try:
                service.close()
            except Exception:  # noqa: BLE001 - the others must be closed too
                _log.exception("closing %s failed", service.name)
