"""A request that comes twice, or from two people at once, is one decision and one update."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.core.cards.effects import production
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from tests.world.embedded import ANA, CHLOE, Embedded, buttons, words


def test_a_double_click_and_two_submits_are_one_decision(world: Embedded) -> None:
    arn = world.register(world.new_group())
    card = world.card(arn)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: world.click(ANA, card, "approve"), range(2)))
        form = world.state()["views"][ANA]
        list(pool.map(lambda _: world.submit(ANA, form, "fine"), range(2)))
    card = world.card_when(arn, lambda card: "revoke" in buttons(card))
    world.rest()

    assert len(world.updates(arn)) == 1
    assert len(world.thread(card)) == 1
    assert len(world.notices(world.describe(arn)["ModelPackageGroupName"])) == 1


def test_of_two_people_the_first_decides_and_the_second_is_told_so(world: Embedded) -> None:
    arn = world.register(world.new_group())
    first, second = world.open_form(ANA, arn, "approve"), world.open_form(CHLOE, arn, "reject")
    world.submit(ANA, first, "fine")
    world.submit(CHLOE, second, "too slow")
    group = world.describe(arn)["ModelPackageGroupName"]
    message = world.private_message(CHLOE, group)

    assert "is now approved" in message.lower()
    assert f"@{ANA} was first" in message
    assert world.status(arn) == "Approved"
    assert len(world.updates(arn)) == 1
    assert len(world.thread(world.card(arn))) == 1


def test_of_two_people_at_the_same_moment_one_decides_and_the_other_is_told_so(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group())
    forms = {
        ANA: world.open_form(ANA, arn, "approve"),
        CHLOE: world.open_form(CHLOE, arn, "reject"),
    }
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda person: world.submit(person, forms[person], "now"), forms))
    world.card_when(arn, lambda card: "approve" not in buttons(card))
    world.rest()
    group = world.describe(arn)["ModelPackageGroupName"]
    winner, loser = (ANA, CHLOE) if world.status(arn) == "Approved" else (CHLOE, ANA)

    assert len(world.updates(arn)) == 1
    assert f"@{winner} was first" in world.private_message(loser, group)
    assert world.private_messages(winner, group) == []


def test_a_second_person_with_the_same_decision_is_told_who_was_first(
    world: Embedded,
) -> None:
    """The second person is told even though both wanted the same."""
    arn = world.register(world.new_group())
    first, second = world.open_form(ANA, arn, "approve"), world.open_form(CHLOE, arn, "approve")
    world.submit(ANA, first, "fine")
    world.submit(CHLOE, second, "fine by me as well")
    world.rest()
    message = world.private_message(CHLOE, world.describe(arn)["ModelPackageGroupName"])

    assert f"@{ANA} was first" in message
    assert "fine by me as well" not in words(world.card(arn))
    assert len(world.updates(arn)) == 1


def test_a_decision_with_another_outcome_than_its_form_said_is_refused(
    world: Embedded,
) -> None:
    group = world.new_group()
    first, second = world.register(group), world.register(group)
    world.decide(ANA, first, "approve")
    world.decide(ANA, second, "approve")
    form = world.open_form(CHLOE, second, "revoke")
    world.decide(ANA, first, "revoke")
    world.submit(CHLOE, form, "roll back")
    message = world.private_message(CHLOE, "no version is next to deploy")
    again = world.state()["views"][CHLOE]

    assert production(2, Status.REJECTED, Outcome(2, 1), now=True) in words(form)
    assert "Nothing was changed" in message
    assert world.status(second) == "Approved"
    assert production(2, Status.REJECTED, Outcome(2, None), now=True) in words(again)
    (comment,) = (block["element"] for block in again["blocks"] if block["type"] == "input")
    assert comment["initial_value"] == "roll back"

    world.submit(CHLOE, again, "roll back")
    assert world.status(second) == "Rejected"
