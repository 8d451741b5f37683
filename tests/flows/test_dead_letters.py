"""
Dead letters: whoever submitted the job is told, and what a job changed, it does not change again
when it is redriven weeks later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.cards.forms import working
from bot.core.errors import Forbidden, Unavailable
from bot.core.jobs.messages import CheckForm, ReconcileVersion, WithdrawVote
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.core.registry.version import Status
from bot.core.votes.message_ref import MessageRef
from bot.core.votes.processed import KEPT, ProcessedIds
from bot.core.votes.request import PROCESSED_IDS
from bot.flows.tell.still_trying import LAST_ATTEMPT
from bot.flows.work import work
from tests.core.reading import as_read
from tests.doubles.builders import ANA, CARDS, CHLOE, DAN, NOON, a_click, a_submit, an_offer
from tests.doubles.failures import Killed, none, on
from tests.flows.test_votes import a_card, a_vote, ruled, thread, withdraw

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job, SubmitForm
    from bot.core.registry.version import DescribedVersion
    from tests.doubles.failures import Failures
    from tests.flows.conftest import FakeBot

APPROVED, REJECTED, PENDING = Status.APPROVED, Status.REJECTED, Status.PENDING
IN_THE_QUEUES = timedelta(days=28)
MINUTE = timedelta(minutes=1)


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


def a_submit_never_carried_out(version: DescribedVersion) -> SubmitForm:
    """Ana's vote to reject, pressed at noon, which is a dead letter."""
    return a_submit(an_offer(version, REJECTED), form="dead", pressed=NOON)


def test_a_vote_never_carried_out_is_refused_after_its_person_voted_anew(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    dead = a_submit_never_carried_out(version)
    bot.do(a_submit(an_offer(version, APPROVED), form="later", pressed=NOON + MINUTE))
    bot.do(dead)

    assert [vote.id for vote in bot.ledger.get(version.arn).request.votes] == ["later"]
    assert "after you pressed the button" in bot.chat.private_messages[-1][1]


def test_a_vote_never_carried_out_is_refused_after_its_person_withdrew_another(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    dead = a_submit_never_carried_out(version)
    bot.do(a_submit(an_offer(version, APPROVED), form="earlier", pressed=NOON - MINUTE))
    withdraw(bot, version, ANA, pressed=NOON + MINUTE)
    bot.do(dead)

    assert bot.status(version.arn) is PENDING
    assert bot.ledger.get(version.arn).request.votes == ()


def test_a_withdrawal_never_carried_out_is_refused_after_its_person_voted_anew(
    bot: FakeBot,
) -> None:
    ruled(bot)
    version = a_card(bot)
    bot.do(a_submit(an_offer(version, APPROVED), form="later", pressed=NOON + MINUTE))
    withdraw(bot, version, ANA, pressed=NOON)

    assert [vote.id for vote in bot.ledger.get(version.arn).request.votes] == ["later"]


def test_a_vote_is_not_cast_again_once_its_id_is_forgotten(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    job = a_submit(an_offer(version, APPROVED), pressed=NOON)
    bot.do(job)
    withdraw(bot, version, ANA)
    bot.clock += KEPT + MINUTE
    bot.do(a_submit(an_offer(version, APPROVED), CHLOE, form="chloe", pressed=NOON + MINUTE))
    bot.do(job)

    assert [vote.id for vote in bot.ledger.get(version.arn).request.votes] == ["chloe"]


def test_a_vote_counts_although_somebody_else_pressed_later(bot: FakeBot) -> None:
    ruled(bot)
    version = a_card(bot)
    bot.do(a_submit(an_offer(version, APPROVED), CHLOE, form="later", pressed=NOON + MINUTE))
    bot.do(a_submit(an_offer(version, APPROVED), form="first", pressed=NOON))

    assert bot.status(version.arn) is APPROVED


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


# --- whoever submitted it is told -----------------------------------------------------------------


def is_broken(*calls: str) -> Failures:
    return lambda name: "before" if name in calls else ""


def die(bot: FakeBot, job: Job, failures: Failures) -> None:
    """Let *job* fail as often as the queue delivers it."""
    for attempt in range(1, LAST_ATTEMPT + 1):
        bot.attempt = attempt
        with pytest.raises((Unavailable, Forbidden)):
            bot.do(job, failures)


@pytest.mark.parametrize(
    ("calls", "known"),
    [
        (("describe",), True),
        (("save",), True),
        (("apply",), False),
        (("get_with_servings", "get"), False),
    ],
)
def test_whoever_submitted_a_dead_letter_is_told_in_the_form_and_in_private(
    bot: FakeBot, calls: tuple[str, ...], known: bool
) -> None:
    version = a_card(bot)
    job = replace(a_vote(bot, version, APPROVED, ANA), view="form-1")
    bot.chat.open_form("form-1", working(job))
    die(bot, job, is_broken(*calls))

    texts = [text for person, text in bot.chat.private_messages if person == ANA.id]
    assert len(texts) == 3
    assert texts[-1].startswith("Not done yet: this failed too often.")
    assert "Whoever runs this bot has been alerted" in texts[-1]
    assert ("Nothing has been decided." in texts[-1]) is known
    assert texts[-1] in as_read(bot.chat.forms["form-1"])
    assert "looks good" in as_read(bot.chat.forms["form-1"])


def test_whoever_withdrew_a_vote_is_told_that_it_is_a_dead_letter(bot: FakeBot) -> None:
    version = a_card(bot)
    job = WithdrawVote(id="w", arn=version.arn, person=ANA, message=MessageRef(CARDS, "1.1"))
    die(bot, job, is_broken("describe"))

    assert bot.chat.private_messages[-1][1].startswith("Not done yet: this failed too often.")


def test_whoever_submitted_what_kills_each_worker_is_told_that_it_is_tried_for_the_last_time(
    bot: FakeBot,
) -> None:
    """A worker that is killed tells nothing more, and SQS makes a dead letter of its message."""
    version = a_card(bot)
    job = replace(a_vote(bot, version, APPROVED, ANA), view="form-1")
    bot.chat.open_form("form-1", working(job))
    for attempt in range(1, LAST_ATTEMPT + 1):
        assert bot.chat.private_messages == []
        bot.attempt = attempt
        with pytest.raises(Killed):
            bot.do(job, on("describe", "killed before"))

    ((person, text),) = bot.chat.private_messages
    assert person == ANA.id
    assert "this is the last try" in text
    assert text in as_read(bot.chat.forms["form-1"])


def test_a_dead_letter_of_a_registry_that_cannot_be_read_is_told_as_well(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.registry.unreachable[OWN_REGISTRY] = Forbidden("no")
    die(bot, a_vote(bot, version, APPROVED, ANA), none)

    first, _, last = (text for _, text in bot.chat.private_messages)
    assert first.startswith("AWS does not let this bot read the registry")
    assert last.startswith("Not done yet: this failed too often.")


def test_a_job_of_which_only_telling_is_left_becomes_no_dead_letter(bot: FakeBot) -> None:
    version = a_card(bot)
    work(a_vote(bot, version, APPROVED, ANA), bot.ports(is_broken("update")))

    assert bot.status(version.arn) is APPROVED
    assert bot.queue.waiting() == [ReconcileVersion(version.arn, of_click=True)]
    assert bot.chat.private_messages == []


def test_a_redriven_job_of_which_its_person_was_told_is_done(bot: FakeBot) -> None:
    version = a_card(bot)
    job = a_vote(bot, version, APPROVED, ANA)
    die(bot, job, is_broken("describe"))
    bot.attempt = 1
    bot.do(job)

    assert bot.status(version.arn) is APPROVED
