"""Makes moto's records of models keep what moto drops and then describes otherwise."""

from __future__ import annotations

import functools
from typing import Any

from moto.sagemaker.responses import SageMakerResponse


def keep_network_isolation() -> None:
    """Let CreateModel keep ``EnableNetworkIsolation``, which moto always describes as false."""
    create = SageMakerResponse.create_model
    if hasattr(create, "__wrapped__"):
        return

    @functools.wraps(create)
    def create_model(self: Any) -> Any:
        answer = create(self)
        model = self.sagemaker_backend.describe_model(self._get_param("ModelName"))
        model.enable_network_isolation = bool(self._get_param("EnableNetworkIsolation"))
        return answer

    SageMakerResponse.create_model = create_model  # type: ignore[method-assign] # its mend
