from __future__ import annotations

import pytest

from tests.world.embedded import ANA, CHLOE, DAN, Embedded, buttons, words


def test_a_click_by_somebody_who_may_not_is_told_who_may_and_changes_nothing(
    world: Embedded,
) -> None:
    arn = world.register(world.new_group())
    card = world.card(arn)
    answer = world.click(DAN, card, "approve")
    view = world.refusal(DAN)

    assert answer["messages"] == []
    assert "may not approve" in words(view)
    assert f"@{ANA} or @S0RISK0000 may" in words(view)
    assert world.card(arn) == card
    assert world.updates(arn) == []


def test_a_member_of_the_user_group_may(world: Embedded) -> None:
    arn = world.register(world.new_group())
    world.decide(CHLOE, arn, "approve", "risk is fine with it")

    assert world.status(arn) == "Approved"
    assert f"Approved by @{CHLOE}" in words(world.card(arn))


@pytest.mark.parametrize("error", ["ratelimited", "no_such_subteam"])
def test_a_user_group_that_cannot_be_read_lets_nobody_in(world: Embedded, error: str) -> None:
    arn = world.register(world.new_group())
    form = world.open_form(CHLOE, arn, "approve")
    world.rest()
    world.trouble("usergroups.users.list", error)
    world.submit(CHLOE, form, "fine")
    world.rest()

    expected = "Approved" if error == "ratelimited" else "PendingManualApproval"
    assert world.status(arn) == expected
    assert len(buttons(world.card(arn))) == {"Approved": 1}.get(expected, 2)
