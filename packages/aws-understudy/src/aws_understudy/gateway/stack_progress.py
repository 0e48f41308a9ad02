"""Holds back the answer to a stack operation until the stack is at rest.

The CDK CLI looks at a stack at once and then only every 5 seconds. A stack is deployed here in
a fraction of that, so an answer a moment later saves the CLI a whole wait for every stack.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from aws_understudy.core.service import AwsRequest, Context

HELD_ACTIONS = frozenset({"CreateStack", "UpdateStack", "DeleteStack", "ExecuteChangeSet"})
LONGEST_HOLD_SECONDS = 20.0
"""Well under the time after which clients give up on an answer (60 s in botocore)."""
_PAUSE_SECONDS = 0.05


class StackProgress:
    """Watches stacks through the CloudFormation API."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def hold(self, request: AwsRequest) -> None:
        """Return when the stack that the request names is at rest, or after the longest hold.

        A stack that takes longer, such as one that waits for an endpoint, simply goes on.
        """
        named = parse_qs(request.body.decode()).get("StackName")
        if not named:
            return
        client = self._context.client("cloudformation", region=request.region)
        give_up = time.monotonic() + LONGEST_HOLD_SECONDS
        while time.monotonic() < give_up:
            try:
                stack = client.describe_stacks(StackName=named[0])["Stacks"][0]
            except ClientError:
                return  # deleted
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                return
            time.sleep(_PAUSE_SECONDS)
