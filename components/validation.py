"""Synthesis with every validator on, and a refusal that shows findings rather than a traceback."""

from __future__ import annotations

import os
import sys

import aws_cdk as cdk


def validates() -> bool:
    """Whether synthesis validates; the CDK's own switch, ``CDK_VALIDATION=false``, turns it off."""
    return os.environ.get("CDK_VALIDATION", "").lower() != "false"


def synthesize_validated(app: cdk.App) -> None:
    """Write the assembly; exit if cdk-nag or CloudFormation Validate has an open finding."""
    if not validates():
        app.synth()
        return
    from cdk_nag import AwsSolutionsChecks  # noqa: PLC0415 - only validation pays for loading it

    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
        # The library has printed the findings; its traceback would only hide them.
        sys.exit("synthesis refused: correct the findings above, or acknowledge them with a reason")
