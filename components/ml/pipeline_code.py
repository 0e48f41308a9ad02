"""A pipeline's code as assets: one script per processing step, one archive for training."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from pipeline_defs.sdk.bundle import write_training_archive
from pipeline_defs.sdk.placeholders import TRAIN_CODE_URI, code_uri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline_defs.sdk.spec import PipelineSpec


class PipelineCode(Construct):
    """Files in the bootstrap bucket, named by their content; a pipeline may need none."""

    def __init__(self, scope: Construct, id_: str, *, spec: PipelineSpec) -> None:
        super().__init__(scope, id_)
        self._assets = {
            code_uri(script): s3_assets.Asset(
                self,
                Path(script).stem.title().replace("_", ""),
                path=str(spec.step_file(script)),
            )
            for script in spec.scripts
        }
        if spec.training_files:
            with TemporaryDirectory() as folder:
                archive = write_training_archive(spec, Path(folder))
                self._assets[TRAIN_CODE_URI] = s3_assets.Asset(self, "Train", path=str(archive))

    @property
    def substitutions(self) -> Mapping[str, str]:
        """Where each file lies, by its placeholder in the rendered definition."""
        return {
            # Not asset.s3_object_url: that is one token, and the job needs the literal name.
            placeholder: f"s3://{asset.s3_bucket_name}/{asset.s3_object_key}"
            for placeholder, asset in self._assets.items()
        }

    @property
    def bucket_arns(self) -> list[str]:
        """The bucket that all of them lie in; empty if there are none."""
        return [asset.bucket.bucket_arn for asset in self._assets.values()][:1]

    @property
    def object_arns(self) -> list[str]:
        """Every object."""
        return [
            asset.bucket.arn_for_objects(asset.s3_object_key) for asset in self._assets.values()
        ]
