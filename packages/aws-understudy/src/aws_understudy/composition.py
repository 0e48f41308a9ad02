"""The one list of services, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_understudy.backends.fidelity import FIDELITY as MINISTACK_FIDELITY
from aws_understudy.backends.fidelity import LEDGERS as MINISTACK_LEDGERS
from aws_understudy.cloudformation.api_handler import ApiHandler
from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.cloudformation.completed_type import CompletedHandler
from aws_understudy.cloudformation.hooks import usual_handler
from aws_understudy.cloudformation.loopback import Loopback
from aws_understudy.services.athena.part import PART as ATHENA
from aws_understudy.services.budgets.part import PART as BUDGETS
from aws_understudy.services.cloud9.part import PART as CLOUD9
from aws_understudy.services.ec2.part import PART as EC2
from aws_understudy.services.glue.part import PART as GLUE
from aws_understudy.services.lambda_.part import PART as LAMBDA
from aws_understudy.services.quicksight.part import PART as QUICKSIGHT
from aws_understudy.services.s3.part import PART as S3
from aws_understudy.services.sagemaker.part import PART as SAGEMAKER
from aws_understudy.services.sns.part import PART as SNS

if TYPE_CHECKING:
    from aws_understudy.cloudformation.hooks import TypeHandler
    from aws_understudy.core.service import Context, Service
    from aws_understudy.sandbox.sandboxes import Sandboxes

PARTS = (ATHENA, BUDGETS, CLOUD9, EC2, GLUE, LAMBDA, QUICKSIGHT, S3, SAGEMAKER, SNS)
"""Every service that has a folder; another one is listed here and nowhere else."""

FIDELITY = tuple(
    sorted(
        (*MINISTACK_FIDELITY, *(entry for part in PARTS for entry in part.fidelity)),
        key=lambda entry: entry.type,
    )
)
"""Every resource type that may be deployed; one that is not here is refused up front."""

SUPPORTED_TYPES = frozenset(entry.type for entry in FIDELITY)


LEDGERS = (*MINISTACK_LEDGERS, *(path for part in PARTS for path in part.ledgers))
"""The files that list every operation that is answered."""


def build_services(context: Context, sandboxes: Sandboxes) -> list[Service]:
    """Make what answers before the back ends do; several may answer to one signing name."""
    return [service for part in PARTS for service in part.make(context, sandboxes)]


def own_types(context: Context) -> dict[str, TypeHandler]:
    """A handler for each type that ministack lacks, or of which it drops properties."""
    loopback = Loopback(context)
    handlers: dict[str, TypeHandler] = {}
    for own in (own for part in PARTS for own in part.types):
        if isinstance(own, ApiType):
            handlers[own.type] = ApiHandler(own, loopback)
        else:
            handlers[own.type] = CompletedHandler(own, loopback, usual_handler(own.type))
    return handlers
