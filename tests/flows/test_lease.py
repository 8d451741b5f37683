"""A version is worked on under a lease: two workers at the same time tell nothing twice."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from bot.core.errors import Forbidden, Stale, Unavailable
from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import CheckForm, ReconcileEndpoint, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.core.registry.version import Status
from bot.core.votes.lease import DURATION
from bot.flows.work import work
from tests.doubles.builders import CARDS, RELEASES, a_click, a_submit, a_version, an_offer
from tests.doubles.chat import buttons
from tests.doubles.failures import Killed, nth, on
from tests.flows.test_decide import a_card

if TYPE_CHECKING:
    from bot.core.jobs.messages import Job, VersionJob
    from bot.core.registry.version import DescribedVersion
    from tests.doubles.failures import Failures
    from tests.flows.conftest import FakeBot

EACH_CALL = pytest.mark.parametrize("call", range(16))


def interrupted(bot: FakeBot, call: int, job: Job) -> Failures:
    """At that call, another worker begins *job*, and ends it as far as it can."""
    numbers = count()

    def begin(_name: str) -> str:
        if next(numbers) == call:
            with suppress(Unavailable, Stale, Forbidden):
                work(job, bot.ports())
        return ""

    return begin


def until_done(bot: FakeBot, *jobs: Job) -> None:
    """Deliver *jobs* again until each is done."""
    for job in jobs:
        for _ in range(5):
            with suppress(Unavailable):
                bot.do(job)
                break
        else:
            pytest.fail("the job never ends")


def work_side_by_side(bot: FakeBot, call: int, job: Job) -> None:
    """Let another worker begin *job* at that call of it, and deliver it again until it is done."""
    with suppress(Unavailable, Stale):
        bot.do(job, interrupted(bot, call, job))
    until_done(bot, job)


def approve(version: DescribedVersion) -> VersionJob:
    return a_submit(an_offer(version, Status.APPROVED))


def saves(bot: FakeBot, job: Job) -> int:
    """How many writes of the version's record *job* takes."""
    calls: Counter[str] = Counter()

    def counted(name: str) -> str:
        calls[name] += 1
        return ""

    bot.do(job, counted)
    return calls["save"]


def was_told_once(bot: FakeBot) -> bool:
    (card,) = bot.chat.cards()
    return len(bot.chat.thread(card.place)) == len(bot.chat.texts_in_channel(RELEASES)) == 1


@EACH_CALL
@pytest.mark.parametrize("same", [True, False])
def test_two_workers_on_one_version_make_and_tell_a_decision_once(
    bot: FakeBot, call: int, same: bool
) -> None:
    version = a_card(bot)
    job = approve(version)
    other = job if same else ReconcileVersion(version.arn)
    with suppress(Unavailable, Stale):
        bot.do(job, interrupted(bot, call, other))
    until_done(bot, job, other)

    assert len(bot.registry.updates) == 1
    assert was_told_once(bot)
    assert not bot.ledger.get(version.arn).request.unfinished


@EACH_CALL
def test_a_card_that_could_not_be_edited_before_is_not_drawn_by_a_worker_that_is_too_late(
    bot: FakeBot, call: int
) -> None:
    version = a_card(bot)
    bot.chat.refusing[CARDS] = "restricted"
    bot.change(version, description="changed")
    bot.do(ReconcileVersion(version.arn))
    del bot.chat.refusing[CARDS]
    with suppress(Unavailable, Stale):
        bot.do(ReconcileVersion(version.arn), interrupted(bot, call, approve(version)))
    until_done(bot, approve(version), ReconcileVersion(version.arn))

    assert buttons(bot.card(version)) == ["revoke"]


@EACH_CALL
def test_two_workers_on_one_version_post_one_card(bot: FakeBot, call: int) -> None:
    version = bot.registry.add(a_version())
    work_side_by_side(bot, call, ReconcileVersion(version.arn))

    assert len(bot.chat.cards()) == 1
    assert not bot.ledger.get(version.arn).request.unfinished


@EACH_CALL
def test_two_workers_on_one_endpoint_tell_what_became_of_it_once(bot: FakeBot, call: int) -> None:
    version = a_card(bot)
    work_side_by_side(bot, call, ReconcileEndpoint(bot.endpoints.put(version)))

    assert was_told_once(bot)


@EACH_CALL
@pytest.mark.parametrize("when", ["killed before", "killed after"])
def test_a_worker_that_dies_while_it_tells_of_an_endpoint_has_the_next_one_tell_it_once(
    bot: FakeBot, call: int, when: str
) -> None:
    version = a_card(bot)
    job = ReconcileEndpoint(bot.endpoints.put(version))
    with suppress(Killed):
        bot.do(job, nth(call, when))
    bot.clock += DURATION
    until_done(bot, job)

    assert was_told_once(bot)


def test_an_endpoint_that_another_worker_tells_of_is_left_alone(bot: FakeBot) -> None:
    job = ReconcileEndpoint(bot.endpoints.put(a_card(bot)))
    with pytest.raises(Killed):
        bot.do(job, on("post", "killed before"))
    with pytest.raises(Unavailable, match="nothing can be told"):
        bot.do(job)

    assert bot.chat.texts_in_channel(RELEASES) == []


def test_what_sagemaker_shows_of_an_endpoint_from_before_is_not_told(bot: FakeBot) -> None:
    version = a_card(bot)
    arn = bot.endpoints.put(version)
    older = bot.endpoints.endpoints[arn]
    bot.endpoints.put(version, state=EndpointStatus.FAILED)
    bot.do(ReconcileEndpoint(arn))
    told = bot.chat.texts_in_channel(RELEASES)
    bot.endpoints.endpoints[arn] = older
    with pytest.raises(Unavailable, match="as it was before"):
        bot.do(ReconcileEndpoint(arn))

    assert bot.chat.texts_in_channel(RELEASES) == told


def test_a_deleted_endpoint_that_sagemaker_shows_for_a_moment_is_not_told_as_a_new_one(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    arn = bot.endpoints.put(version)
    deleted = bot.endpoints.endpoints[arn]
    bot.do(ReconcileEndpoint(arn))
    later = deleted.modified + timedelta(hours=1)
    bot.endpoints.put(version, created=later, modified=later)
    bot.do(ReconcileEndpoint(arn))
    bot.endpoints.endpoints[arn] = deleted
    with pytest.raises(Unavailable, match="as it was before"):
        bot.do(ReconcileEndpoint(arn))

    assert bot.ledger.get_endpoint(arn).created == later


@EACH_CALL
def test_two_workers_on_one_version_tell_a_change_from_outside_once(
    bot: FakeBot, call: int
) -> None:
    version = a_card(bot)
    bot.registry.move_outside(version.arn, Status.APPROVED)
    work_side_by_side(bot, call, ReconcileVersion(version.arn))

    assert was_told_once(bot)


@EACH_CALL
@pytest.mark.parametrize("when", ["killed before", "killed after"])
def test_a_worker_that_is_killed_leaves_a_decision_that_another_one_ends(
    bot: FakeBot, call: int, when: str
) -> None:
    version = a_card(bot)
    job = approve(version)
    with suppress(Killed):
        bot.do(job, nth(call, when))
    until_done(bot, job)

    assert len(bot.registry.updates) == 1
    assert was_told_once(bot)
    assert not bot.ledger.get(version.arn).request.unfinished


@pytest.mark.parametrize("call", range(8))
def test_two_workers_tell_once_that_the_registry_cannot_be_read(bot: FakeBot, call: int) -> None:
    version = a_card(bot)
    job = approve(version)
    bot.registry.unreachable[OWN_REGISTRY] = Forbidden("denied")
    with suppress(Unavailable, Stale, Forbidden):
        bot.do(job, interrupted(bot, call, job))
    with suppress(Forbidden):
        until_done(bot, job)

    assert len(bot.chat.private_messages) == 1


def test_a_version_that_another_worker_holds_comes_again_when_its_lease_ends(bot: FakeBot) -> None:
    version = a_card(bot)
    with pytest.raises(Killed):
        bot.do(approve(version), on("apply", "killed before"))
    before = len(bot.chat.posted)
    with pytest.raises(Unavailable) as error:
        bot.do(ReconcileVersion(version.arn))

    assert bot.registry.updates == []
    assert len(bot.chat.posted) == before
    assert timedelta(seconds=60) < timedelta(seconds=error.value.retry_after) <= DURATION

    bot.do(ReconcileVersion(version.arn))
    assert bot.status(version.arn) is Status.APPROVED


def test_a_failure_ends_the_lease_so_that_the_job_is_tried_again_at_once(bot: FakeBot) -> None:
    version = a_card(bot)
    with pytest.raises(Unavailable):
        bot.do(approve(version), on("apply", "before"))

    assert bot.ledger.get(version.arn).request.lease is None
    bot.do(approve(version))
    assert bot.status(version.arn) is Status.APPROVED


def test_a_form_is_answered_while_another_worker_holds_the_version(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.registry.move_outside(version.arn, Status.REJECTED)
    with pytest.raises(Killed):
        bot.do(ReconcileVersion(version.arn), on("update", "killed before"))
    version = bot.registry.registered[version.arn]
    offer = an_offer(version, Status.APPROVED)
    revision = bot.ledger.get(version.arn).revision
    with suppress(Unavailable):
        bot.do(CheckForm(a_click(offer), "form-1"))

    assert "form-1" in bot.chat.forms
    assert bot.ledger.get(version.arn).revision == revision


def test_a_lease_takes_no_write_that_was_not_made_anyway(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())

    assert saves(bot, ReconcileVersion(version.arn)) == 2  # the card
    assert saves(bot, CheckForm(a_click(an_offer(version, Status.APPROVED)), "form-1")) == 0
    assert saves(bot, ReconcileVersion(version.arn)) == 0
    assert saves(bot, approve(version)) == 2  # the decision, and that it was told


def test_a_card_that_is_only_drawn_anew_takes_one_write_more_for_the_lease(bot: FakeBot) -> None:
    version = a_card(bot)
    bot.registry.add(a_version(7, Status.APPROVED))

    assert saves(bot, ReconcileVersion(version.arn)) == 2
    assert bot.ledger.get(version.arn).request.lease is None


@pytest.mark.parametrize("when", ["killed before", "killed after", "before", "after"])
def test_a_card_whose_drawing_was_interrupted_is_drawn_again_though_it_looked_right_before(
    bot: FakeBot, when: str
) -> None:
    version = a_card(bot)
    before, other = bot.card(version), a_version(7, Status.APPROVED)
    bot.registry.add(other)
    with suppress(Killed, Unavailable):
        bot.do(ReconcileVersion(version.arn), on("update", when))
    assert bot.ledger.get(version.arn).request.unfinished
    del bot.registry.registered[other.arn]
    bot.clock += DURATION
    bot.do(ReconcileVersion(version.arn))

    assert bot.card(version) == before
    assert not bot.ledger.get(version.arn).request.unfinished


@pytest.mark.parametrize("name", ["save", "post"])
def test_the_card_of_a_replaced_version_says_so_though_a_worker_died_over_its_open_decision(
    bot: FakeBot, name: str
) -> None:
    version = a_card(bot)
    with pytest.raises(Killed):
        bot.do(approve(version), on("apply", "killed before"))
    bot.change(version, created=version.created + timedelta(hours=1))
    bot.clock += DURATION
    with pytest.raises(Killed):
        bot.do(ReconcileVersion(version.arn), on(name, "killed after"))
    until_done(bot, ReconcileVersion(version.arn))

    old, new = bot.chat.cards()
    assert "Not in the registry any more" in old.message.text
    assert "Waiting for a decision" in new.message.text


def test_a_form_is_checked_once_while_another_worker_holds_its_version(bot: FakeBot) -> None:
    """Else a later check would take the place of what was submitted meanwhile."""
    version = a_card(bot)
    with suppress(Killed):  # when the card shows the decision, before the thread is told
        work(approve(version), bot.ports(on("post", "killed before")))
    now = bot.registry.registered[version.arn]
    bot.chat.open_form("form-1", {"opened": True})
    click = a_click(an_offer(now, Status.REJECTED))
    work(CheckForm(click, "form-1", hash=bot.chat.hash_of("form-1")), bot.ports())

    assert bot.ledger.get(version.arn).request.lease
    assert "Reject" in str(bot.chat.forms["form-1"]) or "Revoke" in str(bot.chat.forms["form-1"])
