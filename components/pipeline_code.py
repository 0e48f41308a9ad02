"""The pipeline's code as assets: one script per processing step, one archive for training."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from pipeline_defs.bundle import STEPS, write_training_archive
from pipeline_defs.catch_value import placeholders

if TYPE_CHECKING:
    from collections.abc import Mapping


class PipelineCode(Construct):
    """Three files in the bootstrap bucket, named by their content."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.preprocess = self._script("Preprocess", "preprocess.py")
        self.evaluate = self._script("Evaluate", "evaluate.py")
        with TemporaryDirectory() as folder:
            archive = write_training_archive(Path(folder))
            self.training = s3_assets.Asset(self, "Train", path=str(archive))

    def _script(self, id_: str, file_name: str) -> s3_assets.Asset:
        return s3_assets.Asset(self, id_, path=str(STEPS / file_name))

    @property
    def substitutions(self) -> Mapping[str, str]:
        """Where each file lies, by its placeholder in the rendered definition."""
        return {
            placeholders.PREPROCESS_CODE_URI: _url(self.preprocess),
            placeholders.EVALUATE_CODE_URI: _url(self.evaluate),
            placeholders.TRAIN_CODE_URI: _url(self.training),
        }

    @property
    def bucket_arn(self) -> str:
        """The bucket that all three lie in."""
        return self.preprocess.bucket.bucket_arn

    @property
    def object_arns(self) -> list[str]:
        """The three objects."""
        return [
            asset.bucket.arn_for_objects(asset.s3_object_key)
            for asset in (self.preprocess, self.evaluate, self.training)
        ]


def _url(asset: s3_assets.Asset) -> str:
    # Not asset.s3_object_url: that is one token, and the job needs the file's literal name.
    return f"s3://{asset.s3_bucket_name}/{asset.s3_object_key}"
