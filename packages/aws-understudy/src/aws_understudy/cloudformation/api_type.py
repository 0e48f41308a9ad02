"""A resource type whose life is a few API calls: create, update, delete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.cloudformation.loopback import Loopback
    from aws_understudy.cloudformation.tagging import Tagging

Parameters = dict[str, Any]


def as_given(properties: Mapping[str, Any], _loopback: Loopback) -> Parameters:
    """Take the properties of the template as they are."""
    return dict(properties)


def no_attributes(_physical_id: str, _loopback: Loopback) -> Parameters:
    """A type without ``Fn::GetAtt``."""
    return {}


@dataclass(frozen=True, kw_only=True)
class ApiType:
    """How one CloudFormation type maps to the operations of its service."""

    type: str
    service: str
    """The name of the boto3 client."""
    create: str
    """The operation, as ``CreateNamedQuery``; ``update`` and ``delete`` likewise."""
    delete: str
    identify: Callable[[Parameters, Parameters], str]
    """The physical id (what ``Ref`` gives) from the create call's parameters and answer."""
    key: Callable[[str, Loopback], Parameters]
    """The parameters that name the resource in ``update`` and ``delete``, from its physical id."""
    update: str | None = None
    """None where any change needs a new resource."""
    prepare: Callable[[Mapping[str, Any], Loopback], Parameters] = as_given
    """Renames or reshapes properties before they are fitted to the operation."""
    attributes: Callable[[str, Loopback], Parameters] = no_attributes
    """What ``Fn::GetAtt`` gives, from the physical id."""
    recreated: bool = False
    """Whether a change, in place on AWS, is a deletion and a creation under the same name here."""
    update_names: Mapping[str, str] = field(default_factory=dict)
    """Properties that the update operation calls otherwise than the create operation."""
    tags: Tagging | None = None
    """How tags change in place; None where a type has no tags."""
    name_property: str | None = None
    """What CloudFormation fills with a generated name when it is missing, as ``Budget.Name``."""
    name_length: int = 63
    before_delete: Callable[[str, Loopback], None] | None = None
    generated: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    """Parameters that operations ask for and templates do not have, such as client tokens."""
