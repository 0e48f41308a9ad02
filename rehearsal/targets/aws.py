"""The target ``aws``: a platform that ``make deploy`` has put into a real account."""

from __future__ import annotations

import importlib.metadata
import os
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.errors import RehearsalError
from rehearsal.run.runner import Say, Step
from rehearsal.targets.stack_outputs import StackOutputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config import Settings

AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn")
COSTS = (
    "It costs money: jobs and queries are billed by use, and the endpoint that the approval "
    "makes stays until `make destroy`."
)


class AwsTarget:
    """A real account, reached with the caller's own credentials; nothing is deployed here."""

    name: Literal["local", "aws"] = "aws"
    poll_seconds = 5.0

    def __init__(self, settings: Settings) -> None:
        redirected = sorted(name for name in os.environ if name.startswith("AWS_ENDPOINT_URL"))
        if redirected:
            raise RehearsalError(
                f"target aws, but {', '.join(redirected)} is set, so that calls would not go to "
                "AWS; unset it, or use --target local"
            )
        self._settings = settings
        self._session = boto3.Session(region_name=settings.region)
        self._outputs: StackOutputs | None = None

    def set_up_steps(self) -> Sequence[Step]:
        """Find the deployed stacks, in an account that is named."""
        return [Step(name="find the platform", run=self._find)]

    def tear_down_steps(self) -> Sequence[Step]:
        """None: a rehearsal deletes nothing in a real account; ``make destroy`` does."""
        return []

    def client(self, service: str) -> Any:
        """A client that surely speaks to AWS; a profile may name another endpoint."""
        client = self._session.client(service)
        host = urlsplit(client.meta.endpoint_url).hostname or ""
        if not host.endswith(AWS_DOMAINS):
            raise RehearsalError(
                f"target aws, but {service} is configured to be at {host}; remove endpoint_url "
                "from the AWS profile, or use --target local"
            )
        return client

    def output(self, stack: str, key: str) -> str:
        """The value of a stack's output."""
        return self._deployed().get(stack, key)

    def stack_names(self) -> Sequence[str]:
        """The full names of the deployed stacks."""
        return self._deployed().names

    def levels(self) -> Mapping[str, str]:
        """Nothing is emulated, so there is nothing to grade: see ``steps.platform``."""
        return {}

    def explain(self) -> str:
        """Nothing beyond what AWS said."""
        return ""

    def measurements(self) -> Mapping[str, Any]:
        """The client's version; memory is AWS's own affair."""
        return {"versions": {"boto3": importlib.metadata.version("boto3")}}

    def _find(self, say: Say) -> str:
        say("asking AWS who calls")
        try:
            account = self.client("sts").get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as error:
            raise RehearsalError(
                f"no usable AWS credentials ({error}); log in, or use --target local"
            ) from None
        outputs = StackOutputs(
            cloudformation=self.client("cloudformation"), platform=self._settings.name
        )
        if not outputs.names:
            raise RehearsalError(
                f"account {account} has no complete stack named {self._settings.name}-… in "
                f"{self._settings.region}; deploy first with `make deploy`"
            )
        self._outputs = outputs
        where = f"account {account}, {self._settings.region}"
        return f"{len(outputs.names)} stacks of {self._settings.name} in {where}. {COSTS}"

    def _deployed(self) -> StackOutputs:
        if self._outputs is None:
            raise RehearsalError("the platform has not been looked for yet")
        return self._outputs
