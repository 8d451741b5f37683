from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import ANY

import pytest

from bot.core.audit.chain import CHECKPOINTS, ChainHead
from bot.core.errors import Forbidden, Unavailable
from bot.core.jobs.messages import AnswerQuestion, ReconcileEndpoint, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId, full_group_name
from bot.core.registry.version import Readiness, Status
from bot.core.rules.rule import Rules
from bot.flows.clock.next_to_deploy import GROUPS
from bot.flows.clock.sweep import SAMPLE, sweep
from bot.flows.clock.turns import SWEEPS_EVERY
from tests.core.reading import as_read
from tests.doubles.builders import (
    ANYWHERE,
    CARDS,
    LATER,
    LONG_AGO,
    THERE,
    a_submit,
    a_version,
    an_arn,
    an_offer,
)
from tests.doubles.chat import buttons
from tests.doubles.failures import on

if TYPE_CHECKING:
    from bot.core.errors import BotError
    from bot.core.registry.version import Arn
    from tests.flows.conftest import FakeBot


def swept(bot: FakeBot) -> set[Arn]:
    """The versions that a sweep puts into the queue."""
    sweep(bot.ports())
    return {job.arn for job in bot.queue.waiting() if isinstance(job, ReconcileVersion)}


def test_a_waiting_version_without_a_card_is_found(bot: FakeBot) -> None:
    missed = bot.registry.add(a_version(1))
    bot.do(ReconcileVersion(bot.registry.add(a_version(2)).arn))

    assert swept(bot) == {missed.arn}


def test_a_card_with_outdated_buttons_is_found(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.move_outside(version.arn, Status.REJECTED)

    assert swept(bot) == {version.arn}


def test_a_card_of_a_version_that_is_gone_is_found(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    del bot.registry.registered[version.arn]

    assert swept(bot) == {version.arn}


def test_a_decided_card_whose_event_was_lost_is_found(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(version, Status.APPROVED)))
    bot.registry.move_outside(version.arn, Status.REJECTED)

    for arn in swept(bot):
        bot.do(ReconcileVersion(arn))

    assert buttons(bot.card(version)) == ["reinstate"]


def test_a_decision_that_was_saved_and_not_settled_is_found_and_finished(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    with pytest.raises(Unavailable):
        bot.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "before"))

    for arn in swept(bot):
        bot.do(ReconcileVersion(arn))

    assert len(bot.registry.updates) == 1
    assert bot.ledger.get(version.arn).request.unfinished is False


def test_a_card_whose_posting_was_interrupted_is_found(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    with pytest.raises(Unavailable):
        bot.do(ReconcileVersion(version.arn), on("post", "before"))
    bot.registry.move_outside(version.arn, Status.REJECTED)

    assert swept(bot) == {version.arn}


def test_waiting_versions_are_listed_once_per_registry_and_not_once_per_group(bot: FakeBot) -> None:
    for group in ("a", "b", f"{THERE}/c", f"{THERE}/d"):
        bot.registry.add(a_version(group=group))
    calls: list[object] = []
    list_versions = bot.registry.versions_with_status
    bot.registry.versions_with_status = lambda *what, **more: (
        calls.append(what) or list_versions(*what, **more)
    )  # type: ignore[method-assign,func-returns-value]

    sweep(bot.ports())

    assert calls == [
        (Status.PENDING, OWN_REGISTRY),
        (Status.PENDING, THERE),
        (Status.APPROVED, OWN_REGISTRY),  # those that were registered lately
        (Status.APPROVED, THERE),
    ]


# --- what no listing of waiting versions shows


def test_a_version_registered_as_approved_whose_event_was_lost_is_found_and_told_once(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version(1, Status.APPROVED))
    bot.registry.add(a_version(2, Status.APPROVED, created=LONG_AGO))  # no news

    assert swept(bot) == {version.arn}
    bot.finish()
    assert len(bot.chat.texts_in_channel(CARDS)) == 1
    sweep(bot.ports())
    bot.finish()
    assert len(bot.chat.texts_in_channel(CARDS)) == 1


def test_a_failed_listing_of_approved_versions_is_an_error_at_the_end(bot: FakeBot) -> None:
    waiting = bot.registry.add(a_version(1))
    failing = (call for call in ("", "", "before"))  # after the two listings of what waits
    ports = bot.ports(lambda name: next(failing, "") if name == "versions_with_status" else "")
    with pytest.raises(Unavailable):
        sweep(ports)

    assert waiting.arn in {
        job.arn for job in bot.queue.waiting() if not isinstance(job, AnswerQuestion)
    }


def test_an_endpoint_whose_event_was_lost_is_looked_at_again(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(1))
    bot.do(ReconcileVersion(version.arn))
    arn = bot.endpoints.put(version)
    bot.do(ReconcileEndpoint(arn))
    bot.endpoints.put(a_version(2))
    sweep(bot.ports())

    assert ReconcileEndpoint(arn, from_sweep=True) in bot.queue.waiting()


# --- registries elsewhere -------------------------------------------------------------------------

SILENT = [Unavailable("STS is busy"), Forbidden("the bot may not take the role")]
ELSEWHERE = full_group_name(THERE, "fraud")
REGISTRY_IDS = (OWN_REGISTRY, THERE)


def test_a_waiting_version_elsewhere_without_a_card_is_found(bot: FakeBot) -> None:
    bot.do(ReconcileVersion(bot.registry.add(a_version()).arn))
    missed = bot.registry.add(a_version(group=ELSEWHERE))

    assert swept(bot) == {missed.arn}


def test_groups_of_one_name_in_two_registries_do_not_mix(bot: FakeBot) -> None:
    """The number that is next to deploy elsewhere says nothing about our own registry."""
    there = a_version(1, Status.APPROVED, group=ELSEWHERE, created=LONG_AGO)
    bot.registry.add(there)
    bot.do(ReconcileVersion(bot.registry.add(a_version(2, group=ELSEWHERE)).arn))
    bot.do(ReconcileVersion(bot.registry.add(a_version(1)).arn))

    assert swept(bot) == set()
    assert bot.ledger.get(an_arn(2, ELSEWHERE)).request.cards[0].next_to_deploy == there.number


@pytest.mark.parametrize("why", SILENT)
@pytest.mark.parametrize("registry_id", [OWN_REGISTRY, THERE])
def test_a_registry_that_does_not_answer_hides_nothing_in_the_others(
    bot: FakeBot, registry_id: RegistryId, why: BotError
) -> None:
    missed = {
        id_: bot.registry.add(a_version(group=full_group_name(id_, "fraud"))).arn
        for id_ in REGISTRY_IDS
    }
    bot.registry.unreachable[registry_id] = why
    with pytest.raises(type(why)):
        sweep(bot.ports())

    (other,) = [id_ for id_ in REGISTRY_IDS if id_ != registry_id]
    assert bot.queue.waiting() == [ReconcileVersion(missed[other], from_sweep=True)]
    assert bot.ledger.chain_head(CHECKPOINTS) == ChainHead(1, ANY)


@pytest.mark.parametrize("registry_id", [OWN_REGISTRY, THERE])
def test_the_number_of_waiting_versions_is_not_measured_while_a_registry_fails(
    bot: FakeBot, registry_id: RegistryId
) -> None:
    """The versions that wait there would look decided."""
    for id_ in REGISTRY_IDS:
        bot.registry.add(a_version(group=full_group_name(id_, "fraud")))
    bot.registry.unreachable[registry_id] = Unavailable("STS is busy")
    with pytest.raises(Unavailable):
        sweep(bot.ports())
    measured = {*bot.metrics.counted, *bot.metrics.times}
    del bot.registry.unreachable[registry_id]
    sweep(bot.ports())

    assert {"Waiting", "OldestWaiting"} & measured == set()
    assert "Repaired" in measured
    assert bot.metrics.counted["Waiting"] == len(REGISTRY_IDS)
    assert len(bot.metrics.times["OldestWaiting"]) == 1


@pytest.mark.parametrize("why", SILENT)
def test_versions_of_a_registry_that_does_not_answer_are_left_as_they_are(
    bot: FakeBot, why: BotError
) -> None:
    """Waiting, decided, or half done: none of it could be looked at now."""
    bot.rules = ANYWHERE
    waiting, decided, half_done = (
        bot.registry.add(a_version(number, group=ELSEWHERE)) for number in (1, 2, 3)
    )
    for version in (waiting, decided, half_done):
        bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(decided, Status.REJECTED, waiting, half_done)))
    submit = a_submit(an_offer(half_done, Status.REJECTED, waiting), form="form-2")
    with pytest.raises(Unavailable):
        bot.do(submit, on("apply", "before"))
    bot.queue.message_groups.clear()
    bot.registry.unreachable[THERE] = why
    with pytest.raises(type(why)):
        sweep(bot.ports())
    jobs = bot.queue.waiting()
    del bot.registry.unreachable[THERE]

    assert jobs == []
    assert swept(bot) == {decided.arn, half_done.arn}


def test_versions_of_a_registry_that_is_not_configured_any_more_are_left_as_they_are(
    bot: FakeBot,
) -> None:
    bot.do(ReconcileVersion(bot.registry.add(a_version(group=ELSEWHERE)).arn))
    bot.registry.registry_ids = (OWN_REGISTRY,)

    assert swept(bot) == set()


def test_a_sweep_finds_nothing_if_all_is_up_to_date(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))

    assert swept(bot) == set()


def test_a_sweep_checks_some_of_many_decided_cards_and_the_next_one_checks_others(
    bot: FakeBot,
) -> None:
    for number in range(1, SAMPLE * 2 + 1):
        version = bot.registry.add(a_version(number))
        bot.do(ReconcileVersion(version.arn))
        bot.registry.move_outside(version.arn, Status.REJECTED)
        bot.do(ReconcileVersion(version.arn))

    first = swept(bot)
    bot.queue.message_groups.clear()
    second = swept(bot)

    assert len(first) == len(second) == SAMPLE
    assert first != second


def test_a_waiting_card_rendered_with_another_rule_is_found(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    (rule,) = bot.rules.rules
    bot.rules = Rules(bot.rules.channel, (replace(rule, roles=()),))

    for arn in swept(bot):
        bot.do(ReconcileVersion(arn))

    assert "U0ANA00000" not in str(bot.card(version).blocks)


def test_a_waiting_card_that_calls_another_waiting_version_live_is_found(bot: FakeBot) -> None:
    first = bot.registry.add(a_version(1))
    second = bot.registry.add(a_version(2))
    bot.do(ReconcileVersion(first.arn))
    bot.registry.move_outside(first.arn, Status.APPROVED)
    bot.do(ReconcileVersion(second.arn))
    bot.registry.move_outside(first.arn, Status.PENDING)

    assert swept(bot) == {second.arn}


def test_the_first_sweep_of_a_day_writes_a_checkpoint(bot: FakeBot) -> None:
    for _ in range(3):
        sweep(bot.ports())
    assert bot.ledger.chain_head(CHECKPOINTS) == ChainHead(1, ANY)

    bot.clock += timedelta(days=1)
    sweep(bot.ports())

    assert bot.ledger.chain_head(CHECKPOINTS) == ChainHead(2, ANY)


def test_an_outdated_version_is_found_though_the_checkpoint_fails(bot: FakeBot) -> None:
    missed = bot.registry.add(a_version())
    with pytest.raises(Unavailable):
        sweep(bot.ports(on("append_checkpoint", "before")))

    assert bot.queue.waiting() == [ReconcileVersion(missed.arn, from_sweep=True)]


# --- what cards say of next to deploy -------------------------------------------------------------


def a_waiting_card(bot: FakeBot, number: int, group: str = "fraud") -> Arn:
    version = bot.registry.add(a_version(number, group=group))
    bot.do(ReconcileVersion(version.arn))
    return version.arn


def test_a_version_registered_as_approved_whose_event_was_lost_is_found(bot: FakeBot) -> None:
    waiting = a_waiting_card(bot, 1)
    lost = bot.registry.add(a_version(2, Status.APPROVED))

    assert swept(bot) == {waiting, lost.arn}
    bot.finish()
    assert "Next to deploy: version 2" in as_read(bot.card(bot.registry.registered[waiting]))
    assert swept(bot) == {lost.arn}  # one of the sample of decided versions


def test_a_version_with_the_arn_of_a_deleted_one_is_found_if_it_was_registered_as_approved(
    bot: FakeBot,
) -> None:
    deleted = bot.registry.add(a_version(1))
    bot.do(ReconcileVersion(deleted.arn))
    del bot.registry.registered[deleted.arn]
    bot.clock += timedelta(minutes=1)
    bot.do(ReconcileVersion(deleted.arn))
    again = bot.registry.add(a_version(1, Status.APPROVED, created=LATER + timedelta(hours=1)))

    assert swept(bot) == {again.arn}
    bot.finish()
    assert bot.ledger.get(again.arn).request.status is Status.APPROVED
    assert swept(bot) == {again.arn}  # one of the sample of decided versions


def test_a_deleted_version_whose_event_was_lost_is_named_next_to_deploy_by_no_card(
    bot: FakeBot,
) -> None:
    deployed = bot.registry.add(a_version(1, Status.APPROVED))
    waiting = a_waiting_card(bot, 2)
    del bot.registry.registered[deployed.arn]

    assert swept(bot) == {waiting}
    bot.finish()
    assert "Next to deploy" not in as_read(bot.card(bot.registry.registered[waiting]))
    assert swept(bot) == set()


def test_a_version_that_needs_no_card_yet_is_no_card_that_names_another(bot: FakeBot) -> None:
    bot.registry.add(a_version(1, Status.APPROVED, created=LONG_AGO))
    making = bot.registry.add(a_version(2, readiness=Readiness.IN_PROGRESS))
    bot.do(ReconcileVersion(making.arn))
    before = bot.metrics.counted["Repaired"]
    sweep(bot.ports())

    assert bot.metrics.counted["Repaired"] == before


def test_versions_whose_jobs_could_not_be_sent_keep_their_turn(bot: FakeBot) -> None:
    for number in range(1, 6):
        bot.do(ReconcileVersion(bot.registry.add(a_version(number, Status.REJECTED)).arn))
    with pytest.raises(Unavailable):
        sweep(bot.ports(on("send_all", "before")), sample=2)
    sweep(bot.ports(), sample=2)
    first = bot.queue.waiting()
    for name in list(bot.queue.message_groups):
        bot.queue.done(name)
    sweep(bot.ports(), sample=2)

    assert [job.arn for job in first] == [a_version(1).arn, a_version(2).arn]
    assert [job.arn for job in bot.queue.waiting()] == [a_version(3).arn, a_version(4).arn]


def test_each_group_is_listed_once_and_of_many_groups_four_with_each_sweep(bot: FakeBot) -> None:
    bot.rules = Rules("C0MODELS00", (replace(bot.rules.rules[0], patterns=("*",)),), digest="all")
    many = [f"group-{number:02}" for number in range(12)]
    for group in many:
        for number in (1, 2):
            a_waiting_card(bot, number, group)
    listed: list[str] = []
    list_versions = bot.registry.versions

    def versions(group: str, **more: Any) -> Any:
        listed.append(group)
        return list_versions(group, **more)

    bot.registry.versions = versions  # type: ignore[method-assign]
    per_sweep = []
    for _ in range(3):
        listed.clear()
        sweep(bot.ports())
        per_sweep.append(set(listed))
        assert len(listed) == GROUPS == 4
        bot.clock += SWEEPS_EVERY

    assert set.union(*per_sweep) == set(many)


def test_a_group_that_cannot_be_listed_hides_no_other_and_is_an_error_at_the_end(
    bot: FakeBot,
) -> None:
    bot.rules = ANYWHERE
    here, there = a_waiting_card(bot, 1), a_waiting_card(bot, 1, ELSEWHERE)
    for group in ("fraud", ELSEWHERE):
        bot.registry.add(a_version(2, Status.APPROVED, group=group))
    with pytest.raises(Unavailable):
        sweep(bot.ports(on("versions", "before")))
    assert {job.arn for job in bot.queue.waiting() if isinstance(job, ReconcileVersion)} >= {here}

    assert swept(bot) >= {here, there}
