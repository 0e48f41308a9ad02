"""SNS topics: ministack drops all attributes but the display name."""

from __future__ import annotations

from typing import Any

from emulator.cloudformation.completed_type import CompletedType, Completion


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
