"""Why a click is refused, or a decision not made, as a code with parameters."""

import json
from dataclasses import replace

import pytest

from bot.core.evidence.brief import Brief, Metric
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import DescribedVersion, Readiness, Status
from bot.core.votes.refusals import (
    brief_changed,
    comment_needed,
    declined,
    not_ready,
    outcome_changed,
    status_changed,
)
from bot.core.votes.vote import Change, ExternalChange
from tests.doubles.builders import BEN, NOON, a_decision, a_version

APPROVED = a_version(6, Status.APPROVED, modified_by="studio")
BY_BEN = a_decision(a_version(6), Status.APPROVED, BEN)
IN_STUDIO = ExternalChange(
    id="1",
    source=Status.PENDING,
    target=Status.APPROVED,
    outcome=Outcome(None, 6),
    by="studio",
    comment="",
    at=NOON,
)


def test_a_late_refusal_says_who_was_first_and_when() -> None:
    assert status_changed(APPROVED, BY_BEN) == Reason(
        ReasonCode.STATUS_CHANGED,
        {
            "group": "fraud",
            "number": 6,
            "status": "Approved",
            "decided_by": BEN.id,
            "decided_at": "2026-03-02T12:00:00+00:00",
            "modified_by": "studio",
        },
    )


@pytest.mark.parametrize(
    ("version", "last"),
    [
        (APPROVED, None),
        (APPROVED, IN_STUDIO),
        (replace(APPROVED, status=Status.REJECTED), BY_BEN),
    ],
    ids=["nothing known", "a change elsewhere", "a decision that did not last"],
)
def test_trap_4_a_late_refusal_names_nobody_who_did_not_decide_here(
    version: DescribedVersion, last: Change | None
) -> None:
    params = status_changed(version, last).params

    assert (params["decided_by"], params["decided_at"]) == ("", "")
    assert params["modified_by"] == "studio"


def test_late_decisions_and_votes_have_the_parameters_of_a_late_click() -> None:
    assert (
        status_changed(APPROVED, None, ReasonCode.STATUS_CHANGED_SINCE_DECISION).code
        is ReasonCode.STATUS_CHANGED_SINCE_DECISION
    )
    assert (
        status_changed(APPROVED, None, ReasonCode.STATUS_CHANGED_SINCE_VOTES).params
        == status_changed(APPROVED, None).params
    )


def brief(**metrics: str) -> Brief:
    return Brief(tuple(Metric(name, value) for name, value in metrics.items()))


def test_the_first_metric_that_differs_shows_how_the_evidence_changed() -> None:
    changed = brief_changed(
        brief(auc="0.9", f1="0.8", acc="1"), brief(auc="0.9", f1="0.7", acc="0")
    )

    assert changed.params == {"metric": "f1", "before": "0.8", "after": "0.7"}


@pytest.mark.parametrize("changed", [brief(auc="0.9"), brief(f1="0.7"), Brief()])
def test_evidence_can_change_without_a_metric_that_shows_it(changed: Brief) -> None:
    assert brief_changed(brief(auc="0.9"), changed).params == dict.fromkeys(
        ("metric", "before", "after"), ""
    )


def test_a_changed_outcome_tells_what_is_next_to_deploy_before_and_after() -> None:
    changed = outcome_changed(6, Status.REJECTED, Outcome(6, None))

    assert changed.params == {"number": 6, "target": "Rejected", "before": 6, "after": None}


def test_the_other_reasons_name_what_they_are_about() -> None:
    failed = a_version(3, readiness=Readiness.FAILED)

    assert not_ready(failed).params == {"group": "fraud", "number": 3, "readiness": "Failed"}
    assert comment_needed(MOVES[1]).params == {"move": "reject"}
    assert declined(failed, BY_BEN).params == {
        "group": "fraud",
        "number": 3,
        "decision": "decision-1",
    }


@pytest.mark.parametrize(
    "reason",
    [
        status_changed(APPROVED, BY_BEN),
        brief_changed(Brief(), Brief()),
        outcome_changed(6, Status.APPROVED, Outcome(None, 6)),
        not_ready(APPROVED),
        comment_needed(MOVES[1]),
        declined(APPROVED, BY_BEN),
    ],
    ids=lambda reason: reason.code.value,
)
def test_reasons_are_plain_json(reason: Reason) -> None:
    assert json.loads(json.dumps(reason.stored)) == reason.stored
