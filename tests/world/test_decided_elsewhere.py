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
    (told,) = world.thread_with(card, 1)
    world.rest()
    (heard,) = world.notices(world.describe(arn)["ModelPackageGroupName"])

    assert buttons(card) == left
    for said in (words(card), told, heard):
        assert "not decided here" in said.lower()
        assert status in said
        assert f"user/{CONSOLE}" in said
    assert len(world.updates(arn)) == 1


def test_a_decision_of_ours_that_is_undone_in_the_console_is_not_shown_as_ours(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group())
    world.decide(ANA, arn, "approve", "looks good to me")
    world.outside(arn, "Rejected", CONSOLE)
    card = world.card_when(arn, lambda card: "reinstate" in buttons(card))

    assert "not decided here" in words(card).lower()
    assert "looks good to me" not in words(card)
    assert ANA not in words(card).split("Can decide")[0]


def test_what_was_written_in_the_console_is_on_the_card(world: Embedded) -> None:
    arn = world.register(world.new_group())
    world.card(arn)
    world.client("sagemaker", CONSOLE).update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Rejected", ApprovalDescription="by phone"
    )
    card = world.card_when(arn, lambda card: "reinstate" in buttons(card))

    assert "by phone" in words(card)


def test_a_form_that_was_open_meanwhile_is_refused_and_says_who_was_first(world: Embedded) -> None:
    arn = world.register(world.new_group())
    form = world.open_form(CHLOE, arn, "approve")
    world.outside(arn, "Rejected", CONSOLE)
    world.card_when(arn, lambda card: "reinstate" in buttons(card))
    world.submit(CHLOE, form, "me too")
    group = world.describe(arn)["ModelPackageGroupName"]
    told = world.private_message(CHLOE, group)

    assert "is now rejected" in told.lower()
    assert "not decided here" in told
    assert f"user/{CONSOLE}" in told
    assert world.status(arn) == "Rejected"
    assert len(world.updates(arn)) == 1


def test_a_version_that_was_approved_when_it_was_registered_needs_no_card(world: Embedded) -> None:
    group = world.new_group()
    approved = world.register(group, "Approved")
    waits = world.register(group)
    card = world.card(waits)
    world.rest()

    assert "Live now: version 1" in words(card)
    assert world.cards(approved) == []


def test_a_change_of_something_else_is_told_to_nobody(world: Embedded) -> None:
    arn = world.register(world.new_group())
    card = world.card(arn)
    world.sagemaker.update_model_package(
        ModelPackageArn=arn, CustomerMetadataProperties={"team": "growth"}
    )
    world.updates(arn)
    world.rest()

    assert world.thread(card) == []
    assert buttons(world.card(arn)) == ["approve", "reject"]
