"""One endpoint: its state, how the API shows it, and its events."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.inputs import now

if TYPE_CHECKING:
    from aws_understudy.core.service import Context
    from aws_understudy.services.sagemaker.endpoints.endpoint_config import Plan
    from aws_understudy.services.sagemaker.serving.model_server import ModelServer

_WORDS: Final = {"InService": "IN_SERVICE", "Failed": "FAILED", "Updating": "UPDATING"}
"""Events say the status in other words than the API."""


@dataclass(kw_only=True)
class Endpoint:
    """One endpoint and what serves it now."""

    name: str
    arn: str
    plan: Plan
    """What serves, or what is being started first."""
    status: str = "Creating"
    reason: str = ""
    created: float = field(default_factory=now)
    changed: float = field(default_factory=now)
    server: ModelServer | None = None
    slots: threading.Semaphore = field(default_factory=threading.Semaphore)
    gone: threading.Event = field(default_factory=threading.Event)

    def summary(self) -> dict[str, Any]:
        """The endpoint as ListEndpoints shows it."""
        return {
            "EndpointName": self.name,
            "EndpointArn": self.arn,
            "EndpointStatus": self.status,
            "CreationTime": self.created,
            "LastModifiedTime": self.changed,
        }

    def described(self) -> dict[str, Any]:
        """The endpoint as DescribeEndpoint shows it."""
        return {
            **self.summary(),
            "EndpointConfigName": self.plan.config_name,
            "ProductionVariants": [self.plan.summary()],
            **({"FailureReason": self.reason} if self.reason else {}),
        }

    def emit(self, context: Context) -> None:
        """Put its status on the event bus."""
        detail = {
            "EndpointName": self.name,
            "EndpointArn": self.arn,
            "EndpointConfigName": self.plan.config_name,
            "EndpointStatus": _WORDS.get(self.status, "CREATING"),
            "CreationTime": self.created * 1000,
            "LastModifiedTime": self.changed * 1000,
        }
        context.emit_event("aws.sagemaker", "SageMaker Endpoint State Change", detail)
