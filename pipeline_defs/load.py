"""Read a rendered definition and put a deployment's values in place of its placeholders.

No SageMaker SDK is imported here, so that ``cdk synth`` stays fast. Values may be CDK tokens: they
are copied as strings into JSON strings, which ``Stack.to_json_string`` resolves.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline_defs.catch_value import placeholders

if TYPE_CHECKING:
    from collections.abc import Mapping

RENDERED: Final = Path(__file__).parent / "rendered"
MODES: Final = ("realtime", "batch")
_KMS_FIELDS: Final = frozenset({"KmsKeyId", "VolumeKmsKeyId"})
_SCRIPTS: Final = (placeholders.PREPROCESS_CODE_URI, placeholders.EVALUATE_CODE_URI)


class DefinitionError(Exception):
    """A definition, a mode, a region or a substitution that cannot be used."""


def image_uri(region: str) -> str:
    """The scikit-learn 1.9-0 image of a region.

    Raises:
        DefinitionError: the SageMaker SDK knows no such image there.
    """
    images: dict[str, str] = json.loads((RENDERED / "images.json").read_text(encoding="utf-8"))
    if region not in images:
        raise DefinitionError(
            f"No scikit-learn 1.9-0 image is known in region {region!r}; it is in "
            f"{', '.join(sorted(images))}."
        )
    return images[region]


def load_definition(
    name: str,
    mode: str,
    substitutions: Mapping[str, str],
    *,
    parameter_defaults: Mapping[str, str | float] | None = None,
) -> dict[str, Any]:
    """Read a definition with a deployment's values in it.

    Args:
        name: the pipeline's folder, such as ``catch_value``.
        mode: ``realtime`` or ``batch``.
        substitutions: a value for each placeholder of ``catch_value.placeholders``. The empty
            string for ``KMS_KEY_ARN`` drops the key, and the bucket's default encryption holds.
        parameter_defaults: other defaults of pipeline parameters, such as ``MaxErrorRatio``.

    Raises:
        DefinitionError: an unknown definition, placeholder or parameter, or a placeholder left.
    """
    path = RENDERED / f"{name}.{mode}.json"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in RENDERED.glob("*.*.json")))
        raise DefinitionError(f"No definition {name}.{mode} is rendered; there are: {known}.")
    unknown = set(substitutions) - set(placeholders.ALL)
    if unknown:
        raise DefinitionError(f"Not placeholders: {', '.join(sorted(unknown))}.")
    text = path.read_text(encoding="utf-8")
    missing = [p for p in placeholders.ALL if p in text and p not in substitutions]
    if missing:
        raise DefinitionError(f"{path.name} needs a value for {', '.join(missing)}.")
    values = {**substitutions, **_script_names(substitutions)}
    definition: dict[str, Any] = _replace(json.loads(text), values)
    _set_defaults(definition, parameter_defaults or {})
    return definition


def _script_names(substitutions: Mapping[str, str]) -> dict[str, str]:
    # A processing job finds its script under the file name that the object has in S3.
    names = {}
    for placeholder in _SCRIPTS:
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
    if isinstance(value, str):
        # In one pass, so that nothing is replaced in what was put in; the longest first.
        longest_first = sorted(values, key=len, reverse=True)
        pattern = "|".join(re.escape(placeholder) for placeholder in longest_first)
        return re.sub(pattern, lambda found: values[found[0]], value)
    return value


def _set_defaults(definition: dict[str, Any], defaults: Mapping[str, str | float]) -> None:
    parameters = {parameter["Name"]: parameter for parameter in definition["Parameters"]}
    for name, value in defaults.items():
        if name not in parameters:
            raise DefinitionError(f"No parameter {name!r}; there are {', '.join(parameters)}.")
        parameters[name]["DefaultValue"] = value
