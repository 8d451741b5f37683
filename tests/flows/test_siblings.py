"""The cards of other versions of a group, when several things change before the bot looks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Gone
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Status
from bot.flows.work import work
from tests.core.reading import as_read
from tests.doubles.builders import LATER, a_submit, a_version, an_offer
from tests.doubles.failures import on

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from tests.flows.conftest import FakeBot

NEXT = "; next to deploy"


def waiting(bot: FakeBot, number: int) -> DescribedVersion:
    version = bot.registry.add(a_version(number))
    bot.do(ReconcileVersion(version.arn))
    return version


def approved(bot: FakeBot, number: int) -> DescribedVersion:
    version = waiting(bot, number)
    approve_outside(bot, version)
    bot.do(ReconcileVersion(version.arn))
    bot.finish()
    return bot.registry.registered[version.arn]


def approve_outside(bot: FakeBot, version: DescribedVersion) -> None:
    bot.registry.move_outside(version.arn, Status.APPROVED)


def headline(bot: FakeBot, version: DescribedVersion) -> str:
    return as_read(bot.card(version)).splitlines()[1]


@pytest.mark.parametrize("newer", [2, 5])
def test_a_card_that_called_its_version_next_is_updated_though_some_newer_ones_changed_at_once(
    bot: FakeBot, newer: int
) -> None:
    first = approved(bot, 1)
    *others, last = [waiting(bot, number) for number in range(2, 2 + newer)]
    for version in (*others, last):
        approve_outside(bot, version)
    for version in (*others, last):
        bot.do(ReconcileVersion(version.arn))
    bot.finish()

    assert NEXT in headline(bot, last)
    assert [headline(bot, each) for each in (first, *others) if NEXT in headline(bot, each)] == []


def test_a_card_that_called_its_version_next_is_updated_though_a_decision_came_in_between(
    bot: FakeBot,
) -> None:
    first, second, third = approved(bot, 1), waiting(bot, 2), waiting(bot, 3)
    offer = an_offer(second, Status.APPROVED, first, third)
    approve_outside(bot, third)
    bot.do(a_submit(offer))
    bot.do(ReconcileVersion(third.arn))
    bot.finish()

    assert bot.status(second.arn) is Status.APPROVED
    assert NEXT not in headline(bot, first)


def test_a_card_that_called_its_version_next_is_updated_though_newer_ones_were_registered_so(
    bot: FakeBot,
) -> None:
    first = approved(bot, 1)
    new = [bot.registry.add(a_version(number, Status.APPROVED)) for number in (2, 3)]
    for version in new:
        bot.do(ReconcileVersion(version.arn))
    bot.finish()

    assert NEXT not in headline(bot, first)


def test_the_version_before_a_deleted_one_is_next_although_that_one_is_still_listed(
    bot: FakeBot,
) -> None:
    first, second = approved(bot, 1), approved(bot, 2)
    bot.clock += timedelta(minutes=1)
    del bot.registry.registered[second.arn]
    listed = bot.registry.versions
    bot.registry.versions = lambda group, **more: (second, *listed(group, **more))  # type: ignore[method-assign]
    with pytest.raises(Gone):
        work(ReconcileVersion(second.arn), bot.ports())
    bot.registry.versions = listed  # type: ignore[method-assign]
    bot.finish()

    assert NEXT in headline(bot, first)


def test_what_was_to_be_told_below_the_card_of_a_deleted_version_is_not_told_below_another(
    bot: FakeBot,
) -> None:
    version = waiting(bot, 1)
    work(a_submit(an_offer(version, Status.APPROVED)), bot.ports(on("update", "before")))
    bot.clock += timedelta(minutes=1)
    bot.registry.registered.pop(version.arn)
    bot.registry.add(a_version(1, created=LATER + timedelta(days=1)))
    bot.do(ReconcileVersion(version.arn))
    bot.finish()

    (card,) = bot.ledger.get(version.arn).request.cards
    assert card.ref
    assert bot.chat.thread(card.ref) == []
