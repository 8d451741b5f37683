"""Outages of SageMaker, Slack, queue and ledger: all is done once, and right in the end."""

from __future__ import annotations

import pytest

from tests.world.embedded import ANA, DAN, SLOW, Embedded, buttons, words

SLACK = ("ratelimited", "500", "timeout")


@pytest.mark.parametrize("times", [2, 5], ids=["twice", "longer than botocore tries"])
def test_a_decision_is_made_once_although_sagemaker_throttles(world: Embedded, times: int) -> None:
    arn = world.register(world.new_group())
    form = world.open_form(ANA, arn, "approve")
    world.add_fault("UpdateModelPackage", "ThrottlingException", times)
    world.submit(ANA, form, "fine")
    card = world.card_when(arn, lambda card: "revoke" in buttons(card), patience=SLOW)
    thread = world.thread_with(card, 1)

    assert world.status(arn) == "Approved"
    assert len(world.updates(arn)) == 1
    assert len(thread) == 1


@pytest.mark.parametrize("error", SLACK)
def test_there_is_one_card_although_posting_it_failed_twice(world: Embedded, error: str) -> None:
    world.add_fault("chat.postMessage", error, 2)
    arn = world.register(world.new_group())
    world.card(arn, SLOW)
    world.rest()

    assert len(world.cards(arn)) == 1


@pytest.mark.parametrize("error", SLACK)
@pytest.mark.parametrize("method", ["chat.update", "chat.postMessage"])
def test_after_an_outage_of_slack_card_thread_and_notice_are_right(
    world: Embedded, method: str, error: str
) -> None:
    arn = world.register(world.new_group())
    form = world.open_form(ANA, arn, "approve")
    world.add_fault(method, error, 2)
    world.submit(ANA, form, "fine")
    card = world.card_when(arn, lambda card: "revoke" in buttons(card), patience=SLOW)
    world.rest()
    group = world.describe(arn)["ModelPackageGroupName"]

    assert f" by @{ANA}: “" in words(card)
    assert len(world.thread(card)) == 1
    assert len(world.notices(group)) == 1
    assert len(world.updates(arn)) == 1


@pytest.mark.parametrize("error", ["ratelimited", "500", "refused"])
def test_a_form_that_could_not_be_opened_is_an_error_and_the_next_click_opens_it(
    world: Embedded, error: str
) -> None:
    arn = world.register(world.new_group())
    card, before = world.card(arn), world.state()["views"].get(ANA)
    world.add_fault("views.open", error)
    failed = world.click(ANA, card, "approve")
    world.decide(ANA, arn, "approve")

    assert not failed["ok"]
    assert failed["view"] == before
    assert world.status(arn) == "Approved"
    assert len(world.updates(arn)) == 1


def test_a_form_whose_opening_timed_out_decides_like_any_other(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group())
    card = world.card(arn)
    world.add_fault("views.open", "timeout")
    unsure = world.click(ANA, card, "approve")
    answer = world.submit(ANA, unsure["view"], "fine")
    world.card_when(arn, lambda card: "revoke" in buttons(card))

    assert answer["ok"]
    assert len(world.updates(arn)) == 1


def test_a_form_that_could_not_be_updated_is_updated_later(world: Embedded) -> None:
    arn = world.register(world.new_group())
    card = world.card(arn)
    world.add_fault("views.update", "ratelimited")
    world.click(DAN, card, "approve")
    view = world.refusal(DAN, SLOW)

    assert "may not approve" in words(view)


def test_a_receipt_that_could_not_be_shown_keeps_no_decision_from_being_made(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group())
    form = world.open_form(ANA, arn, "approve")
    world.add_fault("views.update", "ratelimited")
    world.submit(ANA, form, "fine")
    card = world.card_when(arn, lambda card: "revoke" in buttons(card))
    world.rest()

    assert "Working on it…" in words(world.state()["views"][ANA])
    assert len(world.thread(card)) == 1
    assert len(world.updates(arn)) == 1


def test_an_answer_that_could_not_be_sent_is_sent_later(world: Embedded) -> None:
    world.add_fault("response_url", "500")
    world.act("command", user=ANA, channel="C0MODELS00", text="help")

    assert "/model-status pending" in world.private_message(ANA, "What you can ask", SLOW)


def test_an_event_is_not_lost_although_the_queue_was_unavailable(world: Embedded) -> None:
    world.add_fault("SendMessage", "500", 4)
    arn = world.register(world.new_group())

    assert buttons(world.card(arn, SLOW)) == ["approve", "reject"]


def test_a_decision_is_made_once_although_the_ledger_was_unavailable(world: Embedded) -> None:
    arn = world.register(world.new_group())
    form = world.open_form(ANA, arn, "reject")
    world.add_fault("PutItem", "ProvisionedThroughputExceededException", 5)
    world.submit(ANA, form, "too slow")
    card = world.card_when(arn, lambda card: "reinstate" in buttons(card), patience=SLOW)

    assert len(world.updates(arn)) == 1
    assert len(world.thread_with(card, 1)) == 1


def test_a_card_with_refused_blocks_is_posted_in_the_plain_form_with_its_buttons(
    world: Embedded,
) -> None:
    world.add_fault("chat.postMessage", "invalid_blocks")
    group = world.new_group()
    world.register(group)
    card = world.wait(
        lambda state: next(
            (m for m in state["messages"] if m["text"].startswith(f"{group} version 1")), None
        ),
        "a card in the plain form",
    )

    assert buttons(card) == ["approve", "reject"]
