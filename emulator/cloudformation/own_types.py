"""Every type that we carry ourselves, ready for ministack's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.cloudformation.account_types import BUDGET
from emulator.cloudformation.api_handler import ApiHandler
from emulator.cloudformation.athena_types import ATHENA_TYPES
from emulator.cloudformation.bucket import BUCKET
from emulator.cloudformation.cloud9_types import CLOUD9_ENVIRONMENT
from emulator.cloudformation.completed_type import CompletedHandler
from emulator.cloudformation.function import FUNCTION
from emulator.cloudformation.glue_types import GLUE_TYPES
from emulator.cloudformation.hooks import usual_handler
from emulator.cloudformation.loopback import Loopback
from emulator.cloudformation.network_types import FLOW_LOG
from emulator.cloudformation.notebook_types import NOTEBOOK_TYPES
from emulator.cloudformation.quicksight_types import QUICKSIGHT_TYPES
from emulator.cloudformation.sagemaker_types import SAGEMAKER_TYPES
from emulator.cloudformation.studio_types import STUDIO_TYPES
from emulator.cloudformation.topic import TOPIC

if TYPE_CHECKING:
    from emulator.cloudformation.hooks import TypeHandler
    from emulator.service import Context

API_TYPES = (
    BUDGET,
    CLOUD9_ENVIRONMENT,
    FLOW_LOG,
    *ATHENA_TYPES,
    *GLUE_TYPES,
    *NOTEBOOK_TYPES,
    *QUICKSIGHT_TYPES,
    *SAGEMAKER_TYPES,
    *STUDIO_TYPES,
)


def own_types(context: Context) -> dict[str, TypeHandler]:
    """A handler for each type that ministack lacks, or of which it drops properties."""
    loopback = Loopback(context)
    handlers: dict[str, TypeHandler] = {
        api_type.type: ApiHandler(api_type, loopback) for api_type in API_TYPES
    }
    for completed in (BUCKET, FUNCTION, TOPIC):
        usual = usual_handler(completed.type)
        handlers[completed.type] = CompletedHandler(completed, loopback, usual)
    return handlers
