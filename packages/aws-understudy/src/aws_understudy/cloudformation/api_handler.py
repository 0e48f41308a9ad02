"""Carries out the life of a resource of an ``ApiType`` through calls to the emulator."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.exceptions import ClientError

from aws_understudy.cloudformation.shapes import to_parameters
from aws_understudy.core.operations import service_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.cloudformation.api_type import ApiType, Parameters
    from aws_understudy.cloudformation.loopback import Loopback

    Created = tuple[str, dict[str, Any]]

_GONE_CODES = frozenset(
    {
        "EntityNotFoundException",
        "NotFoundException",
        "ResourceNotFound",
        "ResourceNotFoundException",
    }
)
_GONE_WORDS = ("could not find", "not found", "does not exist")


class ApiHandler:
    """What ministack calls for a resource of an ``ApiType``. Every failure is raised."""

    def __init__(self, api_type: ApiType, loopback: Loopback) -> None:
        self._type = api_type
        self._loopback = loopback
        self._model = service_model(api_type.service)

    def create(self, logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Created:
        """Create the resource; the result is its physical id and attributes."""
        api_type = self._type
        prepared = api_type.prepare(properties, self._loopback)
        if api_type.name_property is not None:
            name = f"{stack_name}-{logical_id}"[: api_type.name_length - 9]
            _fill(prepared, api_type.name_property.split("."), f"{name}-{uuid.uuid4().hex[:8]}")
        parameters = self._fit(api_type.create, prepared)
        answer = self._call(api_type.create, parameters)
        physical_id = api_type.identify(parameters, answer)
        try:
            return physical_id, api_type.attributes(physical_id, self._loopback)
        except Exception:
            # It was made, but did not become what it should, as an endpoint that does not serve.
            self.delete(physical_id, properties)
            raise

    def update(
        self,
        physical_id: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        stack_name: str,
        logical_id: str,
    ) -> Created:
        """Change the resource in place where its API can, else create its successor.

        ministack deletes the predecessor when the physical id has changed.
        """
        api_type = self._type
        before = api_type.prepare(old, self._loopback)
        after = api_type.prepare(new, self._loopback)
        path = (api_type.name_property or "").split(".")
        if len(path) > 1:  # the key does not reach into a nested name that was generated
            _fill(before, path, physical_id)
            _fill(after, path, physical_id)
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        if api_type.tags is not None:
            changed.discard(api_type.tags.property)
        if changed and api_type.recreated:
            self.delete(physical_id, old)
            return self.create(logical_id, new, stack_name)
        if not changed <= self._updatable():
            return self._replace(physical_id, new, stack_name, logical_id)
        if changed and api_type.update is not None:
            renamed = {api_type.update_names.get(name, name): after[name] for name in after}
            taken = self._fit(api_type.update, renamed, skip_unknown=True)
            key = api_type.key(physical_id, self._loopback)
            named = self._fit(api_type.update, key, skip_unknown=True)
            self._call(api_type.update, {**taken, **named})
        if api_type.tags is not None:
            api_type.tags.apply(physical_id, before, after, self._loopback)
        return physical_id, api_type.attributes(physical_id, self._loopback)

    def delete(self, physical_id: str, _properties: Mapping[str, Any]) -> None:
        """Delete the resource; one that is gone already is deleted."""
        if self._type.before_delete is not None:
            self._type.before_delete(physical_id, self._loopback)
        try:
            self._call(self._type.delete, self._type.key(physical_id, self._loopback))
        except ClientError as error:
            if not _is_gone(error):
                raise

    def _replace(
        self, physical_id: str, new: Mapping[str, Any], stack_name: str, logical_id: str
    ) -> Created:
        created = self.create(logical_id, new, stack_name)
        if created[0] == physical_id:
            raise ValueError(
                f"{self._type.type} {physical_id} needs a replacement, which cannot have the same "
                "name. Give the resource another name."
            )
        return created

    def _updatable(self) -> set[str]:
        """The properties that the update operation takes, by their names in the template."""
        if self._type.update is None:
            return set()
        taken = self._model.operation_model(self._type.update).input_shape.members
        created = self._model.operation_model(self._type.create).input_shape.members
        lower = {name.lower() for name in taken}
        return {
            name
            for member in created
            for name in (member, member[0].upper() + member[1:])
            if self._type.update_names.get(name, name).lower() in lower
        }

    def _fit(
        self, operation: str, properties: Mapping[str, Any], *, skip_unknown: bool = False
    ) -> Parameters:
        shape = self._model.operation_model(operation).input_shape
        return to_parameters(
            properties, shape, type_name=self._type.type, skip_unknown=skip_unknown
        )

    def _call(self, operation: str, parameters: Parameters) -> Parameters:
        members = self._model.operation_model(operation).input_shape.members
        for name, make in self._type.generated.items():
            if name in members:
                parameters.setdefault(name, make())
        client = self._loopback.client(self._type.service)
        answer: Parameters = getattr(client, xform_name(operation))(**parameters)
        return answer


def _is_gone(error: ClientError) -> bool:
    details = error.response["Error"]
    if details["Code"] in _GONE_CODES:
        return True
    # Some services have no code of their own for this and say it in words.
    return any(words in details["Message"].lower() for words in _GONE_WORDS)


def _fill(properties: Parameters, path: list[str], name: str) -> None:
    """Put the name where ``path`` leads, unless one is there."""
    for step in path[:-1]:
        properties[step] = dict(properties[step])
        properties = properties[step]
    properties[path[-1]] = properties.get(path[-1]) or name
