from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest

from bot.core.chain import GATHERINGS, Link
from bot.core.errands import Announce
from bot.core.errors import Unavailable
from bot.core.model import Status
from bot.core.rules import Rules
from bot.flows.sweep import SAMPLE, sweep
from tests.doubles.builders import a_submit, a_version, an_offer
from tests.doubles.chat import buttons
from tests.doubles.trouble import on

if TYPE_CHECKING:
    from bot.core.model import Arn
    from tests.flows.conftest import Office


def swept(office: Office) -> set[Arn]:
    """What a sweep puts into the line."""
    sweep(office.ports())
    return {errand.arn for errand in office.line.waiting() if isinstance(errand, Announce)}


def test_a_waiting_version_without_a_card_is_found(office: Office) -> None:
    missed = office.registry.add(a_version(1))
    office.do(Announce(office.registry.add(a_version(2)).arn))

    assert swept(office) == {missed.arn}


def test_a_card_with_spent_buttons_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(Announce(version.arn))
    office.registry.move_outside(version.arn, Status.REJECTED)

    assert swept(office) == {version.arn}


def test_a_card_of_a_version_that_is_gone_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(Announce(version.arn))
    del office.registry.known[version.arn]

    assert swept(office) == {version.arn}


def test_a_decided_card_whose_event_was_lost_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(Announce(version.arn))
    office.do(a_submit(an_offer(version, Status.APPROVED)))
    office.registry.move_outside(version.arn, Status.REJECTED)

    for arn in swept(office):
        office.do(Announce(arn))

    assert buttons(office.card(version)) == ["reinstate"]


def test_a_decision_written_down_and_not_settled_is_found_and_finished(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(Announce(version.arn))
    with pytest.raises(Unavailable):
        office.do(a_submit(an_offer(version, Status.APPROVED)), on("apply", "before"))

    for arn in swept(office):
        office.do(Announce(arn))

    assert len(office.registry.updates) == 1
    assert office.ledger.get(version.arn).open is None


def test_a_card_half_posted_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    with pytest.raises(Unavailable):
        office.do(Announce(version.arn), on("post", "before"))
    office.registry.move_outside(version.arn, Status.REJECTED)

    assert swept(office) == {version.arn}


def test_what_waits_is_asked_for_once_and_not_once_per_group(office: Office) -> None:
    for group in ("a", "b", "c"):
        office.registry.add(a_version(group=group))
    asked: list[object] = []
    having = office.registry.having
    office.registry.having = lambda status: asked.append(status) or having(status)  # type: ignore[method-assign,func-returns-value]

    sweep(office.ports())

    assert asked == [Status.PENDING]


def test_all_is_well_means_nothing_to_do(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(Announce(version.arn))

    assert swept(office) == set()


def test_of_many_decided_cards_a_sweep_looks_at_some_and_the_next_at_others(
    office: Office,
) -> None:
    for number in range(1, SAMPLE * 2 + 1):
        version = office.registry.add(a_version(number))
        office.do(Announce(version.arn))
        office.registry.move_outside(version.arn, Status.REJECTED)
        office.do(Announce(version.arn))

    first = swept(office)
    office.line.lanes.clear()
    second = swept(office)

    assert len(first) == len(second) == SAMPLE
    assert first != second


def test_a_waiting_card_drawn_by_another_rule_is_found(office: Office) -> None:
    version = office.registry.add(a_version())
    office.do(Announce(version.arn))
    (rule,) = office.rules.rules
    office.rules = Rules(office.rules.channel, (replace(rule, roles=()),))

    for arn in swept(office):
        office.do(Announce(arn))

    assert "U0ANA00000" not in str(office.card(version).blocks)


def test_a_waiting_card_that_calls_another_waiting_version_live_is_found(office: Office) -> None:
    first = office.registry.add(a_version(1))
    second = office.registry.add(a_version(2))
    office.do(Announce(first.arn))
    office.registry.move_outside(first.arn, Status.APPROVED)
    office.do(Announce(second.arn))
    office.registry.move_outside(first.arn, Status.PENDING)

    assert swept(office) == {second.arn}


def test_the_first_sweep_of_a_day_gathers_the_audit_trail(office: Office) -> None:
    for _ in range(3):
        sweep(office.ports())
    assert office.ledger.end(GATHERINGS) == Link(1, ANY)

    office.clock += timedelta(days=1)
    sweep(office.ports())

    assert office.ledger.end(GATHERINGS) == Link(2, ANY)


def test_what_is_stale_is_found_though_the_gathering_fails(office: Office) -> None:
    missed = office.registry.add(a_version())
    with pytest.raises(Unavailable):
        sweep(office.ports(on("gather", "before")))

    assert office.line.waiting() == [Announce(missed.arn)]
