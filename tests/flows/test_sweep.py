from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest

from bot.core.audit.chain import CHECKPOINTS, ChainHead
from bot.core.errors import Forbidden, Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId, full_group_name
from bot.core.registry.version import Status
from bot.core.rules.rule import Rules
from bot.flows.clock.sweep import SAMPLE, sweep
from tests.doubles.builders import ANYWHERE, THERE, a_submit, a_version, an_arn, an_offer
from tests.doubles.chat import buttons
from tests.doubles.trouble import on

if TYPE_CHECKING:
    from bot.core.errors import BotError
    from bot.core.registry.version import Arn
    from tests.flows.conftest import Office


def swept(office: Office) -> set[Arn]:
    """What a sweep puts into the line."""
    sweep(office.ports())
    return {job.arn for job in office.line.waiting() if isinstance(job, ReconcileVersion)}


def test_a_waiting_version_without_a_card_is_found(office: Office) -> None:
    missed = office.registry.add(a_version(1))
    office.do(ReconcileVersion(office.registry.add(a_version(2)).arn))

    assert swept(office) == {missed.arn}


def test_a_card_with_spent_buttons_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.registry.move_outside(version.arn, Status.REJECTED)

    assert swept(office) == {version.arn}


def test_a_card_of_a_version_that_is_gone_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    del office.registry.known[version.arn]

    assert swept(office) == {version.arn}


def test_a_decided_card_whose_event_was_lost_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    office.do(a_submit(an_offer(version, Status.APPROVED)))
    office.registry.move_outside(version.arn, Status.REJECTED)

    for arn in swept(office):
        office.do(ReconcileVersion(arn))

    assert buttons(office.card(version)) == ["reinstate"]


def test_a_decision_written_down_and_not_settled_is_found_and_finished(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    with pytest.raises(Unavailable):
        office.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "before"))

    for arn in swept(office):
        office.do(ReconcileVersion(arn))

    assert len(office.registry.updates) == 1
    assert office.ledger.get(version.arn).request.unfinished is False


def test_a_card_half_posted_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    with pytest.raises(Unavailable):
        office.do(ReconcileVersion(version.arn), on("post", "before"))
    office.registry.move_outside(version.arn, Status.REJECTED)

    assert swept(office) == {version.arn}


def test_what_waits_is_asked_for_once_and_not_once_per_group(office: Office) -> None:
    for group in ("a", "b", f"{THERE}/c", f"{THERE}/d"):
        office.registry.add(a_version(group=group))
    asked: list[object] = []
    having = office.registry.having
    office.registry.having = lambda *what: asked.append(what) or having(*what)  # type: ignore[method-assign,func-returns-value]

    sweep(office.ports())

    assert asked == [(Status.PENDING, OWN_REGISTRY), (Status.PENDING, THERE)]


# --- registries elsewhere -------------------------------------------------------------------------

SILENT = [Unavailable("STS is busy"), Forbidden("the bot may not take the role")]
ELSEWHERE = full_group_name(THERE, "fraud")
SITES = (OWN_REGISTRY, THERE)


def test_a_waiting_version_elsewhere_without_a_card_is_found(office: Office) -> None:
    office.do(ReconcileVersion(office.registry.add(a_version()).arn))
    missed = office.registry.add(a_version(group=ELSEWHERE))

    assert swept(office) == {missed.arn}


def test_groups_of_one_name_at_two_sites_do_not_mix(office: Office) -> None:
    """The live version at home waits again; a card elsewhere says nothing about it."""
    there = office.registry.add(a_version(1, Status.APPROVED, group=ELSEWHERE))
    office.do(ReconcileVersion(office.registry.add(a_version(2, group=ELSEWHERE)).arn))
    office.do(ReconcileVersion(office.registry.add(a_version(1)).arn))

    assert swept(office) == set()
    assert office.ledger.get(an_arn(2, ELSEWHERE)).request.cards[0].next_to_deploy == there.number


@pytest.mark.parametrize("why", SILENT)
@pytest.mark.parametrize("site", [OWN_REGISTRY, THERE])
def test_a_registry_that_does_not_answer_keeps_nothing_of_the_others_from_being_found(
    office: Office, site: RegistryId, why: BotError
) -> None:
    missed = {
        s: office.registry.add(a_version(group=full_group_name(s, "fraud"))).arn for s in SITES
    }
    office.registry.silent[site] = why
    with pytest.raises(type(why)):
        sweep(office.ports())

    (other,) = [each for each in SITES if each != site]
    assert office.line.waiting() == [ReconcileVersion(missed[other])]
    assert office.ledger.chain_head(CHECKPOINTS) == ChainHead(1, ANY)


@pytest.mark.parametrize("site", [OWN_REGISTRY, THERE])
def test_how_many_wait_is_not_measured_while_a_registry_is_silent(
    office: Office, site: RegistryId
) -> None:
    """What waits there would look decided."""
    for each in SITES:
        office.registry.add(a_version(group=full_group_name(each, "fraud")))
    office.registry.silent[site] = Unavailable("STS is busy")
    with pytest.raises(Unavailable):
        sweep(office.ports())
    silent = {*office.meter.counted, *office.meter.times}
    del office.registry.silent[site]
    sweep(office.ports())

    assert {"Waiting", "OldestWaiting"} & silent == set()
    assert "Repaired" in silent
    assert office.meter.counted["Waiting"] == len(SITES)
    assert len(office.meter.times["OldestWaiting"]) == 1


@pytest.mark.parametrize("why", SILENT)
def test_what_a_silent_registry_has_is_left_as_it_is(office: Office, why: BotError) -> None:
    """Waiting, decided, or half done: none of it could be looked at now."""
    office.rules = ANYWHERE
    waiting, decided, half_done = (
        office.registry.add(a_version(number, group=ELSEWHERE)) for number in (1, 2, 3)
    )
    for version in (waiting, decided, half_done):
        office.do(ReconcileVersion(version.arn))
    office.do(a_submit(an_offer(decided, Status.REJECTED, waiting, half_done)))
    submit = a_submit(an_offer(half_done, Status.REJECTED, waiting), form="form-2")
    with pytest.raises(Unavailable):
        office.do(submit, on("apply", "before"))
    office.line.lanes.clear()
    office.registry.silent[THERE] = why
    with pytest.raises(type(why)):
        sweep(office.ports())
    silent = office.line.waiting()
    del office.registry.silent[THERE]

    assert silent == []
    assert swept(office) == {decided.arn, half_done.arn}


def test_what_is_at_a_site_that_is_no_longer_named_is_left_as_it_is(office: Office) -> None:
    office.do(ReconcileVersion(office.registry.add(a_version(group=ELSEWHERE)).arn))
    office.registry.sites = (OWN_REGISTRY,)

    assert swept(office) == set()


def test_all_is_well_means_nothing_to_do(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))

    assert swept(office) == set()


def test_of_many_decided_cards_a_sweep_looks_at_some_and_the_next_at_others(
    office: Office,
) -> None:
    for number in range(1, SAMPLE * 2 + 1):
        version = office.registry.add(a_version(number))
        office.do(ReconcileVersion(version.arn))
        office.registry.move_outside(version.arn, Status.REJECTED)
        office.do(ReconcileVersion(version.arn))

    first = swept(office)
    office.line.lanes.clear()
    second = swept(office)

    assert len(first) == len(second) == SAMPLE
    assert first != second


def test_a_waiting_card_drawn_by_another_rule_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(ReconcileVersion(version.arn))
    (rule,) = office.rules.rules
    office.rules = Rules(office.rules.channel, (replace(rule, roles=()),))

    for arn in swept(office):
        office.do(ReconcileVersion(arn))

    assert "U0ANA00000" not in str(office.card(version).blocks)


def test_a_waiting_card_that_calls_another_waiting_version_live_is_found(office: Office) -> None:
    first = office.registry.add(a_version(1))
    second = office.registry.add(a_version(2))
    office.do(ReconcileVersion(first.arn))
    office.registry.move_outside(first.arn, Status.APPROVED)
    office.do(ReconcileVersion(second.arn))
    office.registry.move_outside(first.arn, Status.PENDING)

    assert swept(office) == {second.arn}


def test_the_first_sweep_of_a_day_gathers_the_audit_trail(office: Office) -> None:
    for _ in range(3):
        sweep(office.ports())
    assert office.ledger.chain_head(CHECKPOINTS) == ChainHead(1, ANY)

    office.clock += timedelta(days=1)
    sweep(office.ports())

    assert office.ledger.chain_head(CHECKPOINTS) == ChainHead(2, ANY)


def test_what_is_stale_is_found_though_the_gathering_fails(office: Office) -> None:
    missed = office.registry.add(a_version())
    with pytest.raises(Unavailable):
        sweep(office.ports(on("append_checkpoint", "before")))

    assert office.line.waiting() == [ReconcileVersion(missed.arn)]
