"""A SageMaker session that builds definitions without AWS: no call, no upload, no telemetry.

Import this module before any other of the SageMaker SDK: the SDK makes clients at import and
needs a region by then.
"""

from __future__ import annotations

import os
from typing import Any, NoReturn

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
# Else the SDK asks IAM whether the role may be assumed.
os.environ["SAGEMAKER_VALIDATE_ROLE"] = "false"

import boto3
from sagemaker.core.workflow.pipeline_context import PipelineSession


class OfflineSession(PipelineSession):  # type: ignore[misc]  # the SDK ships no types
    """A pipeline session that refuses to upload and has a fixed bucket."""

    def __init__(self, *, bucket: str, region: str) -> None:
        boto_session = boto3.Session(
            aws_access_key_id="placeholder",
            aws_secret_access_key="placeholder",  # noqa: S106 - never sent anywhere
            # The SDK writes it into the model package's environment, so it may be a placeholder.
            region_name=region,
        )
        # An empty configuration, not a file of the user's, which would change the rendering.
        super().__init__(
            boto_session=boto_session, default_bucket=bucket, sagemaker_config=_configuration()
        )
        self._bucket = bucket

    def default_bucket(self) -> str:
        """The bucket's name, without asking who calls or making it."""
        return self._bucket

    def upload_data(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: code travels by the S3 URI of a CDK asset.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("A definition must name code by S3 URI; the build uploads nothing.")

    def upload_string_as_file_body(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse, as ``upload_data``.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("A definition must name code by S3 URI; the build uploads nothing.")


def _configuration() -> dict[str, Any]:
    return {
        "SchemaVersion": "1.0",
        "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
    }
