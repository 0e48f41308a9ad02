"""A pipeline's code as assets: a script per processing step, an archive for training, a schema."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from config.sections.section import pascal_case
from pipeline_defs.sdk.bundle import schema_bytes, write_training_archive
from pipeline_defs.sdk.placeholders import SCHEMA_URI, TRAIN_CODE_URI, code_uri
from pipeline_defs.sdk.spec import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline_defs.sdk.spec import PipelineSpec


class PipelineCode(Construct):
    """Files in the bootstrap bucket, named by their content; a pipeline may need none.

    Where the kind learns, ``schema.json`` is one of them, and also lies beside the training code.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        spec: PipelineSpec,
        schema: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._assets = {
            code_uri(script): s3_assets.Asset(
                self,
                pascal_case(Path(script).stem),
                path=str(spec.step_file(script)),
            )
            for script in spec.scripts
        }
        extra = _schema_file(spec, schema)
        with TemporaryDirectory() as folder:
            if spec.training_files:
                archive = write_training_archive(spec, Path(folder), extra=extra)
                self._assets[TRAIN_CODE_URI] = s3_assets.Asset(self, "Train", path=str(archive))
            for name, content in extra.items():
                path = Path(folder) / name
                path.write_bytes(content)
                self._assets[SCHEMA_URI] = s3_assets.Asset(self, "Schema", path=str(path))

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


def _schema_file(spec: PipelineSpec, schema: Mapping[str, Any] | None) -> dict[str, bytes]:
    if not spec.learns:
        return {}
    if schema is None:
        raise DefinitionError(
            f"Pipelines of kind {spec.name} learn, but no schema says of what; hand on that of "
            "the pipeline's data set."
        )
    return {"schema.json": schema_bytes(schema)}
