"""Read a rendered definition and put a deployment's values in place of its placeholders.

No SageMaker SDK is imported here, so that ``cdk synth`` stays fast. Values may be CDK tokens: they
are copied as strings into JSON strings, which ``Stack.to_json_string`` resolves.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pipeline_defs.sdk.placeholders import code_uri
from pipeline_defs.sdk.spec import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline_defs.sdk.spec import PipelineSpec

_KMS_FIELDS: Final = frozenset({"KmsKeyId", "VolumeKmsKeyId"})


def image_uri(spec: PipelineSpec, region: str, algorithm: str) -> str:
    """The image of a pipeline's jobs in a region.

    Raises:
        DefinitionError: the kind has no such algorithm, or the SageMaker SDK knows no such image
            there.
    """
    image = spec.image(algorithm)
    images: dict[str, str] = json.loads(_rendered(spec, "images"))[algorithm]
    if region not in images:
        raise DefinitionError(
            f"No {image.framework} {image.version} image is known in region {region!r}; "
            f"it is in {', '.join(sorted(images))}."
        )
    return images[region]


def load_definition(
    spec: PipelineSpec,
    mode: str,
    substitutions: Mapping[str, str],
    *,
    parameter_defaults: Mapping[str, str | float],
) -> dict[str, Any]:
    """Read a definition with a deployment's values in it.

    Args:
        spec: the kind of pipeline.
        mode: one of its modes, such as ``realtime``.
        substitutions: a value for each placeholder in the definition; one for a placeholder that
            this definition does not hold is of no effect. The empty string for ``KMS_KEY_ARN``
            drops the key, and the bucket's default encryption holds.
        parameter_defaults: a default for each parameter that the spec takes from the settings,
            in place of what was rendered; and for others, if need be.

    Raises:
        DefinitionError: an unknown mode, placeholder or parameter, or one without a value.
    """
    if mode not in spec.modes:
        raise DefinitionError(
            f"Pipelines of kind {spec.name} have no mode {mode!r}; set deploy to one of: "
            f"{', '.join(spec.modes)}."
        )
    unknown = set(substitutions) - set(spec.placeholders)
    if unknown:
        raise DefinitionError(f"Not placeholders: {', '.join(sorted(unknown))}.")
    text = _rendered(spec, mode)
    missing = [p for p in spec.placeholders if p in text and p not in substitutions]
    if missing:
        raise DefinitionError(f"{spec.name}, {mode}: needs a value for {', '.join(missing)}.")
    values = {**substitutions, **_script_names(spec, substitutions)}
    definition: dict[str, Any] = _replace(json.loads(text), values)
    _set_defaults(spec, definition, parameter_defaults)
    return definition


def _rendered(spec: PipelineSpec, name: str) -> str:
    path = spec.folder / "rendered" / f"{name}.json"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DefinitionError(f"{path} is not rendered; run: make pipelines") from None


def _script_names(spec: PipelineSpec, substitutions: Mapping[str, str]) -> dict[str, str]:
    # A processing job finds its script under the file name that the object has in S3.
    names = {}
    for placeholder in map(code_uri, spec.scripts):
        if placeholder not in substitutions:
            continue  # the definition of this mode does not use it
        name = substitutions[placeholder].rpartition("/")[2]
        if not re.fullmatch(r"[\w.-]+\.py", name):
            raise DefinitionError(
                f"The code URI {substitutions[placeholder]!r} must end in the literal name of a "
                "Python file: an Asset's s3_object_url does."
            )
        names[placeholder.rpartition("/")[2]] = name
    return names


def _replace(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _replace(item, values)
            for key, item in value.items()
            if not (key in _KMS_FIELDS and values.get(item) == "")
        }
    if isinstance(value, list):
        return [_replace(item, values) for item in value]
    if isinstance(value, str) and values:
        # In one pass, so that nothing is replaced in what was put in; the longest first.
        longest_first = sorted(values, key=len, reverse=True)
        pattern = "|".join(re.escape(placeholder) for placeholder in longest_first)
        return re.sub(pattern, lambda match: values[match[0]], value)
    return value


def _set_defaults(
    spec: PipelineSpec, definition: dict[str, Any], defaults: Mapping[str, str | float]
) -> None:
    parameters = {parameter["Name"]: parameter for parameter in definition["Parameters"]}
    unknown = defaults.keys() - parameters.keys()
    if unknown:
        raise DefinitionError(
            f"No parameter {', '.join(map(repr, sorted(unknown)))}; there are "
            f"{', '.join(parameters)}."
        )
    missing = spec.parameters.keys() - defaults.keys()
    if missing:
        raise DefinitionError(
            f"{spec.name}: needs a default for {', '.join(sorted(missing))}, which the settings "
            "give; what was rendered only stands in for it."
        )
    for name, value in defaults.items():
        parameters[name]["DefaultValue"] = value
