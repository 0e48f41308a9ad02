"""The back end's records of crawlers, read past our own service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from aws_understudy.core.service import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.core.service import AwsRequest, Context

_HEADER = "x-understudy-records"


class CrawlerRecords:
    """Reads records with requests that :class:`CrawlerService` passes on, known by a header."""

    def __init__(self, context: Context) -> None:
        self._client = context.client("glue")
        self._client.meta.events.register("before-call.glue", self._mark)

    @staticmethod
    def _mark(params: dict[str, Any], **_: Any) -> None:
        params["headers"][_HEADER] = "only"

    @staticmethod
    def is_own(request: AwsRequest) -> bool:
        """Whether the request is one of ours, to be answered by the back end."""
        return _HEADER in request.headers

    def get(self, name: str) -> dict[str, Any]:
        """Read one crawler.

        Raises:
            AwsError: EntityNotFoundException.
        """
        try:
            record: dict[str, Any] = self._client.get_crawler(Name=name)["Crawler"]
        except ClientError as error:
            details = error.response["Error"]
            raise AwsError(details["Code"], details["Message"]) from error
        plain: dict[str, Any] = _plain(record)
        return plain

    def all(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Read a page of crawlers."""
        answer: dict[str, Any] = self._client.get_crawlers(**body)
        answer.pop("ResponseMetadata", None)
        plain: dict[str, Any] = _plain(answer)
        return plain


def _plain(value: Any) -> Any:
    """Turn botocore's dates into the epoch seconds of the wire."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.timestamp() if hasattr(value, "timestamp") else value
