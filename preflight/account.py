"""The account: asks AWS, and tells "not there" and "not allowed" from an answer; reads only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from preflight.deployed import Deployed

if TYPE_CHECKING:
    from collections.abc import Iterator

ABSENT_CODES: Final = (
    "404", "EntityNotFoundException", "NoSuchEntity", "ParameterNotFound",
    "ResourceNotFoundException",
)  # fmt: skip
UNSPECIFIC_CODES: Final = ("InvalidRequestException", "ValidationError", "ValidationException")
ABSENT_MESSAGE: Final = re.compile(r"does not exist|not found", re.IGNORECASE)
"""What services say that have no code of their own for it, such as CloudFormation and Athena."""
DENIED_CODES: Final = (
    "403", "AccessDenied", "AccessDeniedException", "ForbiddenException", "UnauthorizedOperation",
)  # fmt: skip
RENAMED_ACTIONS: Final = {"s3:HeadBucket": "s3:ListBucket"}
"""Operations that another action allows
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html)."""
PATIENCE: Final = Config(
    connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 4}
)


class DeniedError(Exception):
    """AWS refused a question; ``action`` is what a policy has to allow."""

    def __init__(self, action: str, message: str) -> None:
        super().__init__(message)
        self.action = action


class Account:
    """The account that the credentials of this process belong to, in one region."""

    def __init__(self, *, region: str) -> None:
        self.region = region
        self.asked: set[str] = set()
        """The IAM actions that were needed so far."""
        self._session = boto3.session.Session()
        self._clients: dict[tuple[str, str], Any] = {}
        self._deployed: dict[str, Deployed] = {}

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client, made once."""
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = self._session.client(service, region_name=key[1], config=PATIENCE)
        return self._clients[key]

    def ask(
        self, service: str, operation: str, *, region: str | None = None, **request: Any
    ) -> Any:
        """The answer of an operation, such as ``ask("iam", "get_role", RoleName="a")``.

        Raises:
            DeniedError: the caller may not ask this.
            ClientError: AWS refused for another reason.
        """
        client = self.client(service, region)
        action = self._action(client, operation)
        try:
            return getattr(client, operation)(**request)
        except ClientError as error:
            raise _denial(error, action) or error from None

    def find(self, service: str, operation: str, **request: Any) -> Any:
        """The answer of an operation, or None where what it asks for is not there.

        Raises:
            DeniedError: the caller may not ask this.
            ClientError: AWS refused for another reason.
        """
        try:
            return self.ask(service, operation, **request)
        except ClientError as error:
            if is_absent(error):
                return None
            raise

    def pages(self, service: str, operation: str, **request: Any) -> Iterator[Any]:
        """The answers of an operation, page after page.

        Raises:
            DeniedError: the caller may not ask this.
            ClientError: AWS refused for another reason.
        """
        client = self.client(service)
        action = self._action(client, operation)
        try:
            yield from client.get_paginator(operation).paginate(**request)
        except ClientError as error:
            raise _denial(error, action) or error from None

    def identity(self) -> tuple[str, str]:
        """The account's number and the caller's ARN."""
        answer = self.ask("sts", "get_caller_identity")
        return str(answer["Account"]), str(answer["Arn"])

    def deployed(self, platform: str) -> Deployed:
        """What CloudFormation has deployed under a platform's name; asked once."""
        if platform not in self._deployed:
            self._deployed[platform] = Deployed.read(self.pages, platform)
        return self._deployed[platform]

    def _action(self, client: Any, operation: str) -> str:
        """The IAM action of an operation, which is noted down as asked."""
        name = client.meta.method_to_api_mapping[operation]
        action = f"{client.meta.service_model.signing_name}:{name}"
        action = RENAMED_ACTIONS.get(action, action)
        self.asked.add(action)
        return action


def is_absent(error: ClientError) -> bool:
    """Whether AWS says that something is not there."""
    details = error.response["Error"]
    if details["Code"] in ABSENT_CODES:
        return True
    unspecific = details["Code"] in UNSPECIFIC_CODES
    return unspecific and bool(ABSENT_MESSAGE.search(details["Message"]))


def _denial(error: ClientError, action: str) -> DeniedError | None:
    details = error.response["Error"]
    if details["Code"] not in DENIED_CODES:
        return None
    return DeniedError(action, details.get("Message", ""))
