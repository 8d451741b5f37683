from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.world.embedded import ANA, CHLOE, DAN, Embedded, running, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHY = {
    "plan_upgrade_required": "user groups need a paid plan of Slack",
    "missing_scope": "the Slack app lacks the scope for it",
    "no_such_subteam": "there is no such user group",
}


def test_a_person_who_may_not_decide_is_told_who_may_and_changes_nothing(
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


def test_a_member_of_the_user_group_may_decide(world: Embedded) -> None:
    arn = world.register(world.new_group())
    world.decide(CHLOE, arn, "approve", "risk is fine with it")

    assert world.status(arn) == "Approved"
    assert f" by @{CHLOE}" in words(world.card(arn))


@pytest.fixture
def fresh_world(tmp_path: Path) -> Iterator[Embedded]:
    """A world without cached answers about who is in which user group."""
    with running("empty", tmp_path) as world:
        yield world


def test_nobody_may_decide_through_a_user_group_that_cannot_be_read(fresh_world: Embedded) -> None:
    arn = fresh_world.register(fresh_world.new_group())
    card = fresh_world.card(arn)
    for error in ("plan_upgrade_required", "missing_scope", "no_such_subteam"):
        fresh_world.add_fault("usergroups.users.list", error)
        fresh_world.click(CHLOE, card, "approve")
        assert WHY[error] in words(fresh_world.refusal(CHLOE))
        fresh_world.act("close", user=CHLOE)

    assert fresh_world.card(arn) == card


def test_while_slack_is_busy_the_click_waits_and_is_not_refused(fresh_world: Embedded) -> None:
    arn = fresh_world.register(fresh_world.new_group())
    fresh_world.card(arn)
    fresh_world.add_fault("usergroups.users.list", "ratelimited")
    fresh_world.decide(CHLOE, arn, "approve", "risk is fine with it")

    assert fresh_world.status(arn) == "Approved"
