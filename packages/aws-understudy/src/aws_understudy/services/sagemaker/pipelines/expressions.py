"""Evaluates the expressions in a pipeline's definition: Get, Std:Join, Std:JsonGet."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.containers.failures import JobFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PART: Final = re.compile(r"\.?(?P<name>[^.\[\]]+)|\['?(?P<index>[^'\]]+)'?\]")


def referenced_steps(value: Any) -> Iterator[str]:
    """The names of the steps that an expression needs."""
    if isinstance(value, dict):
        get = value.get("Get")
        if isinstance(get, str) and get.startswith("Steps."):
            yield get.split(".")[1].split("[")[0]
        for item in value.values():
            yield from referenced_steps(item)
    elif isinstance(value, list):
        for item in value:
            yield from referenced_steps(item)


class Scope:
    """What expressions of one execution may name."""

    def __init__(
        self,
        *,
        parameters: Mapping[str, Any],
        execution: Mapping[str, Any],
        read_property_file: Callable[[str, str], bytes],
    ) -> None:
        self._values = {"Parameters": parameters, "Execution": execution}
        self._read_property_file = read_property_file
        self.steps: dict[str, dict[str, Any]] = {}
        """What the Describe call of each finished step's job gives."""

    def evaluate(self, value: Any) -> Any:
        """Replace every expression in a value by what it stands for.

        Raises:
            JobFailedError: it names something that is not there.
        """
        if isinstance(value, list):
            return [self.evaluate(item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Get"}:
            return self._get(value["Get"])
        if set(value) == {"Std:Join"}:
            join = value["Std:Join"]
            return str(join.get("On", "")).join(as_text(self.evaluate(v)) for v in join["Values"])
        if set(value) == {"Std:JsonGet"}:
            return self._json_get(value["Std:JsonGet"])
        return {key: self.evaluate(item) for key, item in value.items()}

    def _get(self, path: str) -> Any:
        root, _, rest = path.partition(".")
        if root == "Steps":
            name, _, rest = rest.partition(".")
            if name not in self.steps:
                raise JobFailedError(f"{path}: step {name!r} has not run.")
            return follow(self.steps[name], rest, path)
        return follow(self._values.get(root, {}), rest, path)

    def _json_get(self, arguments: dict[str, Any]) -> Any:
        if "PropertyFile" not in arguments:
            raise JobFailedError("Std:JsonGet is run on property files here, not on S3 URIs.")
        reference = re.fullmatch(
            r"Steps\.([^.]+)\.PropertyFiles\.(.+)", arguments["PropertyFile"]["Get"]
        )
        if reference is None:
            raise JobFailedError(f"{arguments['PropertyFile']} names no property file.")
        content = self._read_property_file(reference[1], reference[2])
        path = as_text(self.evaluate(arguments["Path"]))
        try:
            parsed = json.loads(content)
        except ValueError as error:
            raise JobFailedError(f"Property file {reference[2]} is no JSON: {error}") from error
        return follow(parsed, path, f"{path} of property file {reference[2]}")


def follow(value: Any, path: str, what: str) -> Any:
    """Follow a path such as ``Outputs['train'].S3Output``; lists are looked up by a name in them.

    Raises:
        JobFailedError: the path leads nowhere.
    """
    for part in _PART.finditer(path):
        key = part["name"] or part["index"]
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list):
            value = _item(value, key, what)
        else:
            raise JobFailedError(f"{what}: there is no {key!r}.")
    return value


def _item(items: list[Any], key: str, what: str) -> Any:
    if key.isdecimal() and int(key) < len(items):
        return items[int(key)]
    for item in items:
        # The SDK writes Outputs['train'], where the answer has a list with OutputName: train.
        names = [v for k, v in item.items() if k.endswith("Name")] if isinstance(item, dict) else []
        if key in names:
            return item
    raise JobFailedError(f"{what}: there is no {key!r}.")


def as_text(value: Any) -> str:
    """A value as Std:Join writes it."""
    return value if isinstance(value, str) else json.dumps(value)
