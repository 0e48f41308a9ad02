"""The account: whose it is, and which templates are deployed in it; reading only."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

MISSING = "does not exist"
"""How CloudFormation ends its message on a stack that is not there; it has no code of its own."""
NOTHING = "{}"
"""The template of a stack that is not there."""


class Account:
    """The account that the credentials of this process belong to, in one region.

    It takes ``cloudformation:DescribeStacks`` and ``cloudformation:GetTemplate``, and no more.
    """

    def __init__(self, *, region: str) -> None:
        self._sts = boto3.client("sts", region_name=region)
        self._cloudformation = boto3.client("cloudformation", region_name=region)

    def number(self) -> str:
        """Ask AWS whose credentials these are.

        Raises:
            DeliveryError: there are no usable ones.
        """
        with _explained():
            return str(self._sts.get_caller_identity()["Account"])

    def template(self, stack: str) -> str:
        """The template that a stack was deployed with; an empty one where there is no stack.

        Raises:
            DeliveryError: AWS refused the question.
        """
        with _explained():
            try:
                (description,) = self._cloudformation.describe_stacks(StackName=stack)["Stacks"]
            except ClientError as error:
                if error.response["Error"]["Message"].endswith(MISSING):
                    return NOTHING
                raise
            if description["StackStatus"] == "REVIEW_IN_PROGRESS":  # a change set, no stack yet
                return NOTHING
            body = self._cloudformation.get_template(StackName=stack)["TemplateBody"]
        return body if isinstance(body, str) else json.dumps(body)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise DeliveryError(f"the account cannot be asked: {error}") from None
