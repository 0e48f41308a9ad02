"""SageMaker, as far as it is here: its resource types, and how true each is."""

from __future__ import annotations

from pathlib import Path

from aws_understudy.core.fidelity import control_plane, real, record_only
from aws_understudy.services.part import Part
from aws_understudy.services.sagemaker.notebooks import NOTEBOOK_TYPES
from aws_understudy.services.sagemaker.service import LEDGER, SageMakerService
from aws_understudy.services.sagemaker.studio import STUDIO_TYPES, studio_records
from aws_understudy.services.sagemaker.types import SAGEMAKER_TYPES

FIDELITY = (
    record_only("AWS::SageMaker::Domain", "no Studio behind it"),
    real("AWS::SageMaker::Endpoint", "a sandboxed local process serves it"),
    real("AWS::SageMaker::EndpointConfig", "read by the endpoint"),
    real("AWS::SageMaker::Model", "read by the endpoint"),
    real("AWS::SageMaker::ModelPackageGroup", "the registry; an approval is an event"),
    control_plane("AWS::SageMaker::NotebookInstance", "in service at once; no notebook behind it"),
    control_plane("AWS::SageMaker::NotebookInstanceLifecycleConfig", "kept; no script runs"),
    real("AWS::SageMaker::Pipeline", "its steps run as sandboxed local processes"),
    record_only("AWS::SageMaker::Space", "no application behind it"),
    record_only("AWS::SageMaker::UserProfile", "no application behind it"),
)

PART = Part(
    fidelity=FIDELITY,
    ledgers=(LEDGER, Path(__file__).with_name("ledger-runtime.toml")),
    types=(*SAGEMAKER_TYPES, *NOTEBOOK_TYPES, *STUDIO_TYPES),
    make=lambda context, sandboxes: [SageMakerService(context, sandboxes), studio_records()],
)
