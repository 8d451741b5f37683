"""Dead letters: what a job changed, it does not change again when it is redriven weeks later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.jobs.messages import CheckForm
from bot.core.registry.version import Status
from bot.core.votes.processed import ProcessedIds
from bot.core.votes.request import PROCESSED_IDS
from tests.doubles.builders import ANA, CHLOE, DAN, a_click, a_submit, an_offer
from tests.flows.test_votes import a_card, a_vote, ruled, thread, withdraw

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from tests.flows.conftest import FakeBot

APPROVED, REJECTED, PENDING = Status.APPROVED, Status.REJECTED, Status.PENDING
IN_THE_QUEUES = timedelta(days=28)


def refused_clicks(bot: FakeBot, version: DescribedVersion) -> None:
    """Somebody who may not decide clicks and submits again and again."""
    click = a_click(an_offer(version, REJECTED), DAN)
    for number in range(PROCESSED_IDS):
        bot.do(CheckForm(click, f"dans-{number}"))
        bot.do(a_submit(click.button, DAN, form=f"dans-{number}"))


def test_a_vote_that_was_withdrawn_is_not_cast_by_its_redriven_job(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    job = a_vote(bot, version, APPROVED, ANA)
    bot.do(job)
    withdraw(bot, version, ANA)
    refused_clicks(bot, version)
    before = thread(bot)
    bot.clock += IN_THE_QUEUES
    bot.do(job)

    assert bot.ledger.get(version.arn).request.votes == ()
    assert thread(bot) == before


def test_a_redriven_withdrawal_does_not_withdraw_a_later_vote(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    bot.do(a_vote(bot, version, APPROVED, ANA))
    withdraw(bot, version, ANA)
    bot.do(a_vote(bot, version, APPROVED, ANA, "after all"))
    refused_clicks(bot, version)
    bot.clock += IN_THE_QUEUES
    withdraw(bot, version, ANA)

    (vote,) = bot.ledger.get(version.arn).request.votes
    assert vote.comment == "after all"


@pytest.mark.parametrize("after_an_older_version", [False, True])
def test_a_vote_is_not_cast_again_by_its_redriven_job_after_many_refused_clicks(
    bot: FakeBot, after_an_older_version: bool
) -> None:
    ruled(bot)
    version = a_card(bot)
    job = a_vote(bot, version, APPROVED, ANA)
    bot.do(job)
    if after_an_older_version:
        as_an_older_version_left_it(bot, version)
    refused_clicks(bot, version)
    before = thread(bot)
    bot.do(job)

    assert len(bot.ledger.get(version.arn).request.votes) == 1
    assert thread(bot) == before


def as_an_older_version_left_it(bot: FakeBot, version: DescribedVersion) -> None:
    """It knew one list of ids, without times."""
    record = bot.ledger.get(version.arn)
    request = replace(record.request, processed=ProcessedIds())
    bot.ledger.save(replace(record, request=request))


def test_a_decision_that_was_revoked_is_not_made_again_by_its_redriven_job(bot: FakeBot) -> None:
    version = a_card(bot)
    shown = a_vote(bot, version, APPROVED, ANA)
    bot.do(shown)
    bot.do(a_vote(bot, bot.registry.registered[version.arn], REJECTED, ANA))
    bot.registry.move_outside(version.arn, PENDING)
    refused_clicks(bot, bot.registry.registered[version.arn])
    bot.clock += IN_THE_QUEUES
    bot.do(shown)

    assert len(bot.registry.updates) == 2
    assert bot.status(version.arn) is PENDING


def test_a_vote_of_two_people_is_not_completed_by_a_redriven_job(bot: FakeBot) -> None:
    """The vote of one was withdrawn; that of the other stands."""
    ruled(bot)
    version = a_card(bot)
    job = a_vote(bot, version, APPROVED, ANA)
    bot.do(job)
    withdraw(bot, version, ANA)
    refused_clicks(bot, version)
    bot.do(a_vote(bot, version, APPROVED, CHLOE))
    bot.do(job)

    assert bot.registry.updates == []
