"""Stand-ins in a rendered definition for what only a deployment knows.

The SageMaker SDK parses URIs and ARNs, so it takes no CDK token; these literals are well-formed
instead. ``pipeline_defs.sdk.load`` replaces each by the value that the stack gives for it. No
placeholder is contained in a word that a definition also uses otherwise.
"""

from __future__ import annotations

from typing import Final

ROLE_ARN: Final = "arn:aws:iam::111111111111:role/placeholder-job-role"
"""Role of the processing, training and transform jobs, and of the model."""
BUCKET: Final = "placeholder-artifact-bucket"
"""Name of the bucket that receives what the steps write."""
INPUT_DATA_URI: Final = "s3://placeholder-data-bucket/placeholder-prefix"
"""Default of the parameter ``InputDataUri``."""
TRAIN_CODE_URI: Final = "s3://placeholder-code-bucket/placeholder-train.tar.gz"
"""S3 URI of the archive that ``pipeline_defs.sdk.bundle`` writes."""
KMS_KEY_ARN: Final = "arn:aws:kms:us-east-1:111111111111:key/00000000-1111-2222-3333-444444444444"
"""Key of the volumes and outputs; the empty string leaves encryption to the bucket's default."""
IMAGE_URI: Final = "111111111111.dkr.ecr.us-east-1.amazonaws.com/placeholder-image:1"
"""Image of every job; ``pipeline_defs.sdk.load.image_uri`` knows it per region and algorithm."""
REGION: Final = "placeholder-region"
"""Region of the deployment, which the training toolkit downloads its code from."""
MODEL_PACKAGE_GROUP: Final = "placeholder-model-package-group"
"""Name of the group that the model is registered in."""
PIPELINE_NAME: Final = "placeholder-pipeline-name"
"""First part of the keys below which the steps write."""
SCHEMA_URI: Final = "s3://placeholder-code-bucket/placeholder-schema.json"
"""S3 URI of the file that says what the data consists of and what is to be predicted."""
ANSWERS_FOLDER: Final = "placeholder-answers-folder"
"""First part of the keys of a batch transform's answers, one for each pipeline."""
MODEL_DESCRIPTION: Final = "placeholder-model-description"
"""What a registered model predicts, for the console."""

OF_EVERY_PIPELINE: Final = (
    ROLE_ARN,
    BUCKET,
    INPUT_DATA_URI,
    TRAIN_CODE_URI,
    KMS_KEY_ARN,
    IMAGE_URI,
    REGION,
    MODEL_PACKAGE_GROUP,
    PIPELINE_NAME,
    SCHEMA_URI,
    ANSWERS_FOLDER,
    MODEL_DESCRIPTION,
)
"""The placeholders that any pipeline may use; each script adds its ``code_uri``."""


def code_uri(script: str) -> str:
    """The stand-in for a script's S3 URI; its last part is replaced by the literal file name."""
    return f"s3://placeholder-code-bucket/placeholder-{script}"
