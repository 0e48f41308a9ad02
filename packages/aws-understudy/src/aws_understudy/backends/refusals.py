"""What ministack does and AWS refuses: a taken role name, a strange principal, a used subnet."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id
from ministack.services import ec2, iam, s3
from ministack.services.cloudformation import provisioners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Answer = tuple[int, dict[str, str], bytes]

_OF_IAM = re.compile(r"arn:[\w-]+:iam::(\d{12}):(?:role|user)/.+")
_INVALID_PRINCIPAL = "Invalid principal in policy"


def install_refusals() -> None:
    """Put the checks before what ministack does, by API and by CloudFormation alike."""
    role = _before(provisioners._iam_role_create, _refuse_taken_role)  # noqa: SLF001 - see pins
    provisioners._iam_role_create = role  # noqa: SLF001 - a replacement calls it by this name
    _set("AWS::IAM::Role", "create", role)
    for action in ("create", "update"):
        usual = _handlers("AWS::S3::BucketPolicy")[action]
        _set("AWS::S3::BucketPolicy", action, _before(usual, _refuse_strange_policy))
    _set(
        "AWS::EC2::Subnet",
        "delete",
        _before(_handlers("AWS::EC2::Subnet")["delete"], _refuse_used_subnet),
    )
    s3._put_bucket_policy = _checked_bucket_policy(s3._put_bucket_policy)  # noqa: SLF001 - see pins
    actions = ec2._ACTION_MAP  # noqa: SLF001 - see pins
    actions["DeleteSubnet"] = _checked_subnet(actions["DeleteSubnet"])


def _handlers(type_name: str) -> dict[str, Any]:
    handlers: dict[str, Any] = provisioners._RESOURCE_HANDLERS[type_name]  # noqa: SLF001 - see pins
    return handlers


def _set(type_name: str, action: str, function: Callable[..., Any]) -> None:
    _handlers(type_name)[action] = function


def _before(usual: Callable[..., Any], check: Callable[..., None]) -> Callable[..., Any]:
    """A handler that checks first; the check takes what the handler takes, and raises."""

    def handle(*arguments: Any, **named: Any) -> Any:
        check(*arguments)
        return usual(*arguments, **named)

    return handle


def _refuse_taken_role(_logical_id: str, properties: Mapping[str, Any], _stack: str) -> None:
    name = properties.get("RoleName")
    if name in iam._roles:  # noqa: SLF001 - see pins
        raise ValueError(
            f"Resource of type 'AWS::IAM::Role' with identifier '{name}' already exists."
        )


def _refuse_strange_policy(*arguments: Any) -> None:
    """Look at the newest properties: the second argument of a creation, the third of an update."""
    properties = [argument for argument in arguments if isinstance(argument, dict)][-1]
    if strangers(properties.get("PolicyDocument")):
        raise ValueError(f"{_INVALID_PRINCIPAL} (Service: S3, Status Code: 400)")


def _refuse_used_subnet(subnet: str, _properties: Mapping[str, Any]) -> None:
    if _is_used(subnet):
        raise ValueError(_in_use(subnet))


def _checked_bucket_policy(usual: Callable[[str, bytes], Answer]) -> Callable[[str, bytes], Answer]:
    def put(name: str, body: bytes) -> Answer:
        if strangers(body):
            answer: Answer = s3._error("MalformedPolicy", _INVALID_PRINCIPAL, 400)  # noqa: SLF001 - see pins
            return answer
        return usual(name, body)

    return put


def _checked_subnet(usual: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    def delete(parameters: Any) -> Answer:
        subnet = ec2._p(parameters, "SubnetId")  # noqa: SLF001 - see pins
        if _is_used(subnet):
            answer: Answer = ec2._error("DependencyViolation", _in_use(subnet), 400)  # noqa: SLF001 - ditto
            return answer
        return usual(parameters)

    return delete


def _is_used(subnet: str) -> bool:
    interfaces = ec2._network_interfaces.values()  # noqa: SLF001 - see pins
    return any(interface["SubnetId"] == subnet for interface in interfaces)


def _in_use(subnet: str) -> str:
    return f"The subnet '{subnet}' has dependencies and cannot be deleted."


def strangers(policy: Any) -> list[str]:
    """The roles and users of this account that a policy names and that do not exist.

    Who is in another account cannot be known, nor who has a principal of another kind.
    """
    known = {identity["Arn"] for identity in (*iam._roles.values(), *iam._users.values())}  # noqa: SLF001 - see pins
    return [
        arn
        for arn in _principals(policy)
        if (match := _OF_IAM.fullmatch(arn)) and match[1] == get_account_id() and arn not in known
    ]


def _principals(policy: Any) -> Iterator[str]:
    """The values of every ``Principal`` for ``AWS``; of a text that is no policy, none."""
    if isinstance(policy, (bytes, str)):
        try:
            policy = json.loads(policy)
        except ValueError:
            return
    statements = policy.get("Statement", []) if isinstance(policy, dict) else []
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal") if isinstance(statement, dict) else None
        values = principal.get("AWS", []) if isinstance(principal, dict) else []
        yield from map(str, values if isinstance(values, list) else [values])
