from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Refused
from bot.core.evidence.brief import Candidate
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.moves import MOVES, can_make, move_between, moves_from, moves_of
from bot.core.registry.outcome import Outcome, next_to_deploy, outcome_of
from bot.core.registry.version import DescribedVersion, Readiness, Status
from bot.core.words import moves
from tests.doubles.builders import NOON, a_version

PENDING, APPROVED, REJECTED = Status.PENDING, Status.APPROVED, Status.REJECTED

PAIRS = [
    (PENDING, PENDING, None),
    (PENDING, APPROVED, "Approve"),
    (PENDING, REJECTED, "Reject"),
    (APPROVED, PENDING, None),
    (APPROVED, APPROVED, None),
    (APPROVED, REJECTED, "Revoke"),
    (REJECTED, PENDING, None),
    (REJECTED, APPROVED, "Reinstate"),
    (REJECTED, REJECTED, None),
]


def test_the_table_of_pairs_is_complete() -> None:
    pairs = [(source, target) for source, target, _ in PAIRS]

    assert len(pairs) == 9
    assert set(pairs) == set(product(Status, Status))
    assert sum(verb is not None for _, _, verb in PAIRS) == 4


@pytest.mark.parametrize(("source", "target", "verb"), PAIRS)
def test_exactly_four_of_the_nine_pairs_of_statuses_are_moves(
    source: Status, target: Status, verb: str | None
) -> None:
    if verb is None:
        with pytest.raises(Refused) as refused:
            move_between(source, target)
        params = {"source": source.value, "target": target.value}
        assert refused.value.reason == Reason(ReasonCode.NOT_A_MOVE, params)
        assert target not in {move.target for move in moves_from(source)}
    else:
        move = move_between(source, target)
        assert (move.source, move.target, moves.label(move.key)) == (source, target, verb)
        assert move in moves_from(source)
        assert move.key == verb.lower()


def test_the_four_moves_have_four_names() -> None:
    assert [move.key for move in MOVES] == ["approve", "reject", "reinstate", "revoke"]
    assert [moves.done(move.key) for move in MOVES] == [
        "approved",
        "rejected",
        "reinstated",
        "revoked",
    ]


@pytest.mark.parametrize("readiness", Readiness)
def test_only_a_completed_version_may_become_approved(readiness: Readiness) -> None:
    possible = [move.key for move in MOVES if can_make(move, a_version(readiness=readiness))]

    if readiness is Readiness.COMPLETED:
        assert possible == ["approve", "reject", "reinstate", "revoke"]
    elif readiness is Readiness.DELETING:
        assert possible == []
    else:
        assert possible == ["reject", "revoke"]


@pytest.mark.parametrize(
    ("status", "readiness", "valid"),
    [
        (PENDING, Readiness.COMPLETED, ["approve", "reject"]),
        (PENDING, Readiness.FAILED, ["reject"]),
        (PENDING, Readiness.IN_PROGRESS, ["reject"]),
        (REJECTED, Readiness.COMPLETED, ["reinstate"]),
        (REJECTED, Readiness.DELETING, []),
        (APPROVED, Readiness.COMPLETED, ["revoke"]),
        (APPROVED, Readiness.FAILED, ["revoke"]),
    ],
)
def test_a_version_has_the_moves_that_its_status_and_readiness_allow(
    status: Status, readiness: Readiness, valid: list[str]
) -> None:
    moves = moves_of(a_version(1, status, readiness=readiness))

    assert [move.key for move in moves] == valid


def test_live_is_the_newest_created_of_those_approved() -> None:
    newest = a_version(2, APPROVED, created=NOON + timedelta(days=9))

    assert next_to_deploy([a_version(1, APPROVED), newest, a_version(3, APPROVED)]) == newest
    assert next_to_deploy(
        [a_version(1, APPROVED), a_version(3, PENDING), a_version(4, REJECTED)]
    ) == (a_version(1, APPROVED))
    assert next_to_deploy([a_version(1), a_version(2, REJECTED)]) is None
    assert next_to_deploy([]) is None


def test_the_higher_number_is_live_if_two_versions_were_created_at_once() -> None:
    first, second = (a_version(number, APPROVED, created=NOON) for number in (1, 2))

    assert next_to_deploy([first, second]) == next_to_deploy([second, first]) == second


def test_approving_an_older_version_leaves_the_newer_one_live() -> None:
    listed = [a_version(3), a_version(5, APPROVED)]

    assert outcome_of(a_version(3), APPROVED, listed) == Outcome(before=5, after=5)


def test_revoking_the_live_version_goes_back_to_the_latest_still_approved() -> None:
    listed = [a_version(1, APPROVED), a_version(2, REJECTED), a_version(3, APPROVED)]

    assert outcome_of(a_version(3, APPROVED), REJECTED, listed) == Outcome(before=3, after=1)


def test_a_described_version_outweighs_a_listed_one() -> None:
    stale = a_version(1, PENDING)
    described = a_version(1, APPROVED)

    assert outcome_of(described, REJECTED, [stale]) == Outcome(before=1, after=None)
    assert Candidate.of(described, [stale, a_version(2)]).versions == (a_version(2), described)


def as_the_template_does_it(versions: list[DescribedVersion]) -> int | None:
    """List the Approved ones, newest created first; deploy the first one."""
    approved = [version for version in versions if version.status == "Approved"]
    approved.sort(key=lambda version: (version.created, version.number), reverse=True)
    return approved[0].number if approved else None


@st.composite
def groups(draw: st.DrawFn) -> list[DescribedVersion]:
    """Versions of one group in any order, often created at the same hour."""
    numbers = draw(st.lists(st.integers(1, 30), min_size=1, max_size=12, unique=True))
    hours = st.integers(0, 5).map(lambda hour: NOON + timedelta(hours=hour))
    return [
        a_version(number, draw(st.sampled_from(Status)), created=draw(hours)) for number in numbers
    ]


@given(versions=groups(), target=st.sampled_from(Status), data=st.data())
def test_the_outcome_is_what_the_template_would_deploy_before_and_after(
    versions: list[DescribedVersion], target: Status, data: st.DataObject
) -> None:
    version = data.draw(st.sampled_from(versions))
    after = [replace(v, status=target) if v is version else v for v in versions]

    expected = Outcome(as_the_template_does_it(versions), as_the_template_does_it(after))

    assert outcome_of(version, target, versions) == expected
    assert expected.changes == (expected.before != expected.after)
