from __future__ import annotations

import pytest

from tests.world.embedded import ANA, CHLOE, Embedded, buttons, words

CONSOLE = "somebody-in-the-console"


@pytest.mark.parametrize(
    ("status", "left"), [("Approved", ["revoke"]), ("Rejected", ["reinstate"])]
)
def test_a_decision_made_in_the_console_reaches_the_card_the_thread_and_the_channels(
    world: Embedded, status: str, left: list[str]
) -> None:
    arn = world.register(world.new_group())
    world.card(arn)
    world.outside(arn, status, CONSOLE)
    card = world.card_when(arn, lambda card: "approve" not in buttons(card))
    (message,) = world.thread_with(card, 1)
    world.rest()
    (notice,) = world.notices(world.describe(arn)["ModelPackageGroupName"])

    assert buttons(card) == left
    for text in (words(card), message, notice):
        assert f"{status} outside this bot; last changed by" in text
        assert f"user/{CONSOLE}" in text
    assert len(world.updates(arn)) == 1


def test_a_decision_of_ours_that_is_undone_in_the_console_is_not_shown_as_ours(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group())
    world.decide(ANA, arn, "approve", "looks good to me")
    world.outside(arn, "Rejected", CONSOLE)
    card = world.card_when(arn, lambda card: "reinstate" in buttons(card))

    assert "Rejected outside this bot" in words(card)
    assert "looks good to me" not in words(card)
    assert ANA not in words(card).split("Can reinstate")[0]


def test_what_was_written_in_the_console_is_on_the_card(world: Embedded) -> None:
    arn = world.register(world.new_group())
    world.card(arn)
    world.client("sagemaker", CONSOLE).update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Rejected", ApprovalDescription="by phone"
    )
    card = world.card_when(arn, lambda card: "reinstate" in buttons(card))

    assert "by phone" in words(card)


def test_an_open_form_is_refused_after_a_decision_in_the_console_and_says_who_was_first(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group())
    form = world.open_form(CHLOE, arn, "approve")
    world.outside(arn, "Rejected", CONSOLE)
    world.card_when(arn, lambda card: "reinstate" in buttons(card))
    world.submit(CHLOE, form, "me too")
    group = world.describe(arn)["ModelPackageGroupName"]
    message = world.private_message(CHLOE, group)

    assert "is now rejected" in message.lower()
    assert "changed outside this bot" in message
    assert f"user/{CONSOLE}" in message
    assert world.status(arn) == "Rejected"
    assert len(world.updates(arn)) == 1


def test_a_version_that_was_registered_as_approved_is_told_and_needs_no_card(
    world: Embedded,
) -> None:
    group = world.new_group()
    approved = world.register(group, "Approved")
    waits = world.register(group)
    card = world.card(waits)
    world.rest()

    assert "Next to deploy: version 1" in words(card)
    assert world.cards(approved) == []
    (notice,) = [text for text in world.notices(group) if "version 1" in text]
    assert "Registered as Approved by user/" in notice
    assert "This went around the rule fraud" in notice


def test_a_change_of_another_field_is_not_announced(world: Embedded) -> None:
    arn = world.register(world.new_group())
    card = world.card(arn)
    world.sagemaker.update_model_package(
        ModelPackageArn=arn, CustomerMetadataProperties={"team": "growth"}
    )
    world.updates(arn)
    world.rest()

    assert world.thread(card) == []
    assert buttons(world.card(arn)) == ["approve", "reject"]
