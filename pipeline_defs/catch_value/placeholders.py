"""Stand-ins in the rendered definition for what only a deployment knows.

The SageMaker SDK parses URIs and ARNs, so it takes no CDK token; these literals are well-formed
instead. ``pipeline_defs.load`` replaces each by the value that the stack gives for it. No
placeholder is contained in a word that the definition also uses otherwise.
"""

from __future__ import annotations

from typing import Final

ROLE_ARN: Final = "arn:aws:iam::111111111111:role/placeholder-job-role"
"""Role of the processing, training and transform jobs, and of the model."""
BUCKET: Final = "placeholder-artifact-bucket"
"""Name of the bucket that receives what the steps write."""
INPUT_DATA_URI: Final = "s3://placeholder-data-bucket/placeholder-prefix"
"""Default of the parameter ``InputDataUri``."""
PREPROCESS_CODE_URI: Final = "s3://placeholder-code-bucket/placeholder-preprocess.py"
"""S3 URI of steps/preprocess.py; its last part must be the literal file name."""
EVALUATE_CODE_URI: Final = "s3://placeholder-code-bucket/placeholder-evaluate.py"
"""S3 URI of steps/evaluate.py; its last part must be the literal file name."""
TRAIN_CODE_URI: Final = "s3://placeholder-code-bucket/placeholder-train.tar.gz"
"""S3 URI of the archive that ``pipeline_defs.bundle`` writes."""
KMS_KEY_ARN: Final = "arn:aws:kms:us-east-1:111111111111:key/00000000-1111-2222-3333-444444444444"
"""Key of the volumes and outputs; the empty string leaves encryption to the bucket's default."""
IMAGE_URI: Final = "111111111111.dkr.ecr.us-east-1.amazonaws.com/placeholder-scikit-learn:1.9-0"
"""Image of every job; ``pipeline_defs.load.image_uri`` knows it per region."""
REGION: Final = "placeholder-region"
"""Region of the deployment, which the training toolkit downloads its code from."""
MODEL_PACKAGE_GROUP: Final = "placeholder-model-package-group"
"""Name of the group that the model is registered in."""
PIPELINE_NAME: Final = "placeholder-pipeline-name"
"""First part of the keys below which the steps write."""

ALL: Final = (
    ROLE_ARN,
    BUCKET,
    INPUT_DATA_URI,
    PREPROCESS_CODE_URI,
    EVALUATE_CODE_URI,
    TRAIN_CODE_URI,
    KMS_KEY_ARN,
    IMAGE_URI,
    REGION,
    MODEL_PACKAGE_GROUP,
    PIPELINE_NAME,
)
"""Every placeholder."""
