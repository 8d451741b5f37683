from __future__ import annotations

import json

import pytest

from tests.world.embedded import SLOW, Embedded, buttons, until
from tests.world.test_events import without_events


def dead_letters(world: Embedded) -> list[str]:
    answer = world.sqs.receive_message(
        QueueUrl=world.dead_letters, MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return [raw["Body"] for raw in answer.get("Messages", [])]


@pytest.mark.parametrize("body", ["{ this is no JSON", '{"v": 1, "job": "reconcile_version"}'])
def test_a_malformed_message_becomes_a_dead_letter_and_the_next_one_is_processed(
    world: Embedded, body: str
) -> None:
    with without_events(world):
        arn = world.register(world.new_group())
    behind = json.dumps({"v": 1, "job": "reconcile_version", "arn": arn})
    for number, each in enumerate([body, behind]):
        world.sqs.send_message(
            QueueUrl=world.queue_url,
            MessageBody=each,
            MessageGroupId=f"group of {arn}",
            MessageDeduplicationId=f"{number} of {len(body)}",
        )
    card = world.card(arn, SLOW)
    until(lambda: body in dead_letters(world), "the dead letter")

    assert buttons(card) == ["approve", "reject"]
    assert any("Malformed" in entry.get("exception_name", "") for entry in world.log())
