"""moto as a back end: the services that ministack lacks, as records without behaviour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client

from aws_understudy.core.operations import operation_name
from aws_understudy.core.service import AwsError, AwsResponse

if TYPE_CHECKING:
    from aws_understudy.core.service import AwsRequest

MOTO_SERVICES = frozenset({"sagemaker", "quicksight", "lakeformation"})
"""The signing names that moto answers; ministack answers all others."""

_NOT_PASSED_ON = frozenset({"content-length", "host", "connection", "transfer-encoding"})


class MotoBackEnd:
    """Passes a request to moto's own web application, in this process."""

    def __init__(self) -> None:
        self._client = Client(DomainDispatcherApplication(_application), use_cookies=False)

    def answer(self, request: AwsRequest) -> AwsResponse:
        """Answer from moto's records.

        Raises:
            AwsError: moto does not have the operation (501), or broke on it (500).
        """
        headers = {k: v for k, v in request.headers.items() if k not in _NOT_PASSED_ON}
        headers["x-moto-account-id"] = request.account
        try:
            reply = self._client.open(
                request.path,
                method=request.method,
                query_string=request.query,
                headers=headers,
                data=request.body,
            )
        except NotImplementedError as error:
            raise not_implemented(request) from error
        except Exception as error:
            raise AwsError(
                "InternalFailure",
                f"The emulator's back end moto broke on {request.service} "
                f"{operation_name(request)}: {type(error).__name__}: {error}",
                status=500,
            ) from error
        if reply.status_code in {404, 405, 500} and reply.mimetype == "text/html":
            raise not_implemented(request)
        return AwsResponse(
            status=reply.status_code,
            headers={name.lower(): value for name, value in reply.headers.items()},
            body=reply.get_data(),
        )


def not_implemented(request: AwsRequest) -> AwsError:
    """Say honestly that nothing here carries out the operation."""
    return AwsError(
        "NotImplemented",
        f"The emulator does not implement {request.service} {operation_name(request)}. "
        "Nothing was done. It can only be tried in a real account.",
        status=501,
    )


def _application(service: Any) -> Any:
    application = create_backend_app(service)
    # Let exceptions out, which sets "not implemented" apart from "broke on this request".
    application.config["PROPAGATE_EXCEPTIONS"] = True
    return application
