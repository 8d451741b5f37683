"""Jobs that nobody asked for do not pile up while Slack or AWS is away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Forbidden, Ignored, LeftToSweep, Unavailable
from bot.core.jobs.messages import ReconcileEndpoint, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.core.registry.version import Status
from bot.flows.clock.sweep import sweep
from bot.flows.left_to_sweep import ATTEMPTS_BEFORE_SWEEP, ATTEMPTS_BEHIND_NOBODY
from bot.flows.tell.still_trying import LAST_ATTEMPT
from bot.flows.work import work
from tests.doubles.builders import ANA, RELEASES, a_submit, a_version, an_offer
from tests.doubles.chat import buttons
from tests.flows.test_decide import a_card
from tests.flows.test_votes import ruled, vote

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job
    from bot.core.registry.version import DescribedVersion
    from tests.doubles.failures import Failures
    from tests.flows.conftest import FakeBot

CALLS_OF_SLACK = {"post", "update", "post_private", "permalink", "answer"}


def slack_is(how: str) -> Failures:
    """Slack refuses every call: it is away, or throttles everything."""
    return lambda name: how if name in CALLS_OF_SLACK else ""


def attempts(bot: FakeBot, job: Job, failures: Failures) -> int:
    """Deliver *job* as the queue does; return after how many attempts it is done."""
    for attempt in range(1, LAST_ATTEMPT + 1):
        bot.attempt = attempt
        try:
            work(job, bot.ports(failures))
        except Ignored:
            return attempt
        except Unavailable:
            continue
        return attempt
    raise AssertionError("a dead letter")


def sweep_and_work(bot: FakeBot) -> None:
    bot.attempt = 1
    sweep(bot.ports())
    bot.finish()


def changed(bot: FakeBot, what: str) -> DescribedVersion:
    """A version of which something is to be told."""
    if what == "new":
        return bot.registry.add(a_version())
    version = a_card(bot)
    if what == "next to deploy":
        bot.registry.add(a_version(2, Status.APPROVED))
    elif what == "evidence":
        bot.change(version, artifact="another")
    elif what == "deleted":
        del bot.registry.registered[version.arn]
    else:
        bot.registry.move_outside(version.arn, Status.APPROVED)
    return version


@pytest.mark.parametrize(
    ("how", "most"),
    [("before", ATTEMPTS_BEFORE_SWEEP), ("throttled", ATTEMPTS_BEHIND_NOBODY)],
    ids=["away", "throttled"],
)
@pytest.mark.parametrize("what", ["new", "outside", "next to deploy", "evidence", "deleted"])
def test_a_job_that_only_fails_to_tell_is_done_after_some_attempts_and_the_sweep_tells(
    bot: FakeBot, what: str, how: str, most: int
) -> None:
    version = changed(bot, what)

    assert attempts(bot, ReconcileVersion(version.arn), slack_is(how)) == most < LAST_ATTEMPT
    assert bot.metrics.counted["LeftToSweep"] == 1
    sweep_and_work(bot)
    request = bot.ledger.get(version.arn).request
    assert not request.unfinished
    (card,) = request.cards
    (posted,) = bot.chat.cards()
    assert card.digest == posted.message.digest
    assert posted.place == card.ref
    is_news = what in {"outside", "next to deploy"}  # approved outside: this one, or another
    assert len(bot.chat.texts_in_channel(RELEASES)) == is_news


@pytest.mark.parametrize(
    ("how", "most"),
    [("before", ATTEMPTS_BEFORE_SWEEP), ("throttled", ATTEMPTS_BEHIND_NOBODY)],
    ids=["away", "throttled"],
)
def test_the_jobs_of_the_sweep_make_few_attempts_while_slack_is_away_for_a_day(
    bot: FakeBot, how: str, most: int
) -> None:
    version = a_card(bot)
    offer = an_offer(version, Status.APPROVED)
    bot.change(version, description="changed")
    away = slack_is(how)
    attempts(bot, ReconcileVersion(version.arn), away)
    for _ in range(3):
        sweep(bot.ports())
    jobs = bot.queue.waiting()

    assert len(jobs) == 3
    assert [attempts(bot, job, away) for job in jobs] == [most] * 3
    bot.queue.message_groups.clear()
    bot.attempt = 1
    with pytest.raises(Unavailable):
        bot.do(a_submit(offer), away)
    assert bot.status(version.arn) is Status.APPROVED
    sweep_and_work(bot)
    assert buttons(bot.card(version)) == ["revoke"]


def test_a_job_of_no_sweep_that_fails_to_fetch_comes_again(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.attempt = LAST_ATTEMPT

    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), lambda name: "before" if name == "describe" else "")


@pytest.mark.parametrize("call", ["describe", "get_with_servings", "members", "profile"])
def test_a_job_of_the_sweep_is_done_after_its_third_attempt_whatever_is_away(
    bot: FakeBot, call: str
) -> None:
    ruled(bot)
    version = a_card(bot)
    vote(bot, version, Status.APPROVED, ANA)
    job = ReconcileVersion(version.arn, from_sweep=True)

    assert attempts(bot, job, lambda name: "before" if name == call else "") == 3
    assert bot.metrics.counted["LeftToSweep"] == 1


def test_a_job_of_the_sweep_is_done_after_its_third_attempt_if_the_bot_may_not_read(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    endpoint = bot.endpoints.put(version)
    bot.registry.unreachable[OWN_REGISTRY] = Forbidden("AccessDenied")
    jobs = (ReconcileVersion(version.arn), ReconcileEndpoint(endpoint))
    for job in jobs:
        for attempt, error in ((2, Forbidden), (3, LeftToSweep)):
            bot.attempt = attempt
            with pytest.raises(error):
                work(replace(job, from_sweep=True), bot.ports())
        with pytest.raises(Forbidden):
            work(job, bot.ports())


def test_the_sweep_says_of_its_jobs_that_it_sent_them(bot: FakeBot) -> None:
    bot.registry.add(a_version())
    sweep(bot.ports())

    assert [job.from_sweep for job in bot.queue.waiting()] == [True]


def test_a_job_of_the_sweep_about_an_endpoint_is_done_after_its_third_attempt(
    bot: FakeBot,
) -> None:
    job = ReconcileEndpoint(bot.endpoints.put(a_card(bot)), from_sweep=True)

    assert attempts(bot, job, lambda name: "before" if name == "get_endpoint" else "") == 3


def test_a_click_whose_decision_could_not_be_told_is_done_and_another_job_tells_it(
    bot: FakeBot,
) -> None:
    """The next click on the version need not wait until Slack has time."""
    version = a_card(bot)
    work(a_submit(an_offer(version, Status.APPROVED)), bot.ports(slack_is("before")))

    assert bot.status(version.arn) is Status.APPROVED
    assert bot.queue.waiting() == [ReconcileVersion(version.arn, of_click=True)]
    bot.finish()
    assert bot.ledger.get(version.arn).request.outbox == ()
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_a_click_whose_decision_could_not_be_told_comes_again_if_no_other_job_can_be_sent(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    submit = a_submit(an_offer(version, Status.APPROVED))
    with pytest.raises(Unavailable):
        work(submit, bot.ports(lambda name: "before" if name in {"update", "send"} else ""))
    work(submit, bot.ports())

    assert bot.ledger.get(version.arn).request.outbox == ()


def test_a_job_that_is_left_to_the_sweep_says_why(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.attempt = ATTEMPTS_BEFORE_SWEEP

    with pytest.raises(LeftToSweep, match="the sweep does what is left: nothing was done"):
        work(ReconcileVersion(version.arn), bot.ports(slack_is("before")))
