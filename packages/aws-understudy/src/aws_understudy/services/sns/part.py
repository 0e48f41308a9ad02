"""SNS, as far as it is here: ministack drops all attributes of topics but the display name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aws_understudy.cloudformation.completed_type import CompletedType, Completion
from aws_understudy.core.fidelity import control_plane, real
from aws_understudy.services.part import Part


def _attribute(name: str, *, absent: str) -> Completion:
    """A property that is a topic attribute of the same name; ``absent`` is AWS's default."""

    def put(client: Any, topic: str, value: Any) -> None:
        client.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=str(value))

    return Completion(put=put, remove=lambda client, topic: put(client, topic, absent))


TOPIC = CompletedType(
    type="AWS::SNS::Topic",
    service="sns",
    carried=frozenset({"DisplayName", "Subscription", "Tags", "TopicName"}),
    completions={
        "KmsMasterKeyId": _attribute("KmsMasterKeyId", absent=""),
        "SignatureVersion": _attribute("SignatureVersion", absent="1"),
        "TracingConfig": _attribute("TracingConfig", absent="PassThrough"),
    },
)

FIDELITY = (
    real("AWS::SNS::Subscription", "queues and functions get messages; e-mail is not sent"),
    real("AWS::SNS::Topic", "messages reach queues and functions"),
    control_plane("AWS::SNS::TopicPolicy", "kept and shown; not enforced"),
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=(TOPIC,),
)
