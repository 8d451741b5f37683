"""Which votes count, and for which move."""

from __future__ import annotations

from bot.core.registry.moves import MOVES, Move
from bot.core.registry.version import Status
from bot.core.rules.judge import Voter
from bot.core.rules.people import KnownPeople, MembershipStatus, Person
from bot.core.rules.rule import People, Role, Rule
from bot.core.votes.polls import counting_votes, polls, voters_on, votes_on
from bot.core.votes.vote import Vote
from tests.doubles.builders import ANA, BEN, DAN, LEADS, NOON, RISK

APPROVE, REJECT, REINSTATE, _ = MOVES
TWO_ROLES = Rule(
    patterns=("credit-*",),
    channel="C1",
    roles=(
        Role(name="ml-leads", people=People(user_groups=(LEADS,))),
        Role(name="risk", people=People(user_groups=(RISK,))),
    ),
)
PEOPLE = KnownPeople(
    {LEADS: frozenset({ANA.id, DAN.id}), RISK: frozenset({ANA.id, BEN.id})},
    dict.fromkeys((ANA.id, BEN.id, DAN.id), MembershipStatus.MEMBER),
)


def a_vote(
    person: Person, move: Move = APPROVE, brief_digest: str = "brief-1", *, override: bool = False
) -> Vote:
    return Vote(
        id=f"{person.id}.{move.key}",
        source=move.source,
        target=move.target,
        brief_digest=brief_digest,
        by=person,
        comment="",
        at=NOON,
        override=override,
    )


def test_votes_count_for_the_status_and_the_brief_they_were_cast_on() -> None:
    votes = [a_vote(ANA), a_vote(BEN, REINSTATE), a_vote(DAN, brief_digest="brief-2")]

    assert counting_votes(votes, Status.PENDING, "brief-1") == (votes[0],)
    assert counting_votes(votes, Status.REJECTED, "brief-1") == (votes[1],)
    assert counting_votes(votes, Status.PENDING, "brief-2") == (votes[2],)
    assert counting_votes(votes, Status.APPROVED, "brief-1") == ()


def test_votes_count_for_the_move_they_were_cast_on_and_for_no_other() -> None:
    votes = [a_vote(ANA), a_vote(BEN, REJECT), a_vote(DAN, REINSTATE)]

    assert votes_on(votes, REJECT) == (votes[1],)
    assert votes_on(votes, REINSTATE) == (votes[2],)


def test_voters_are_those_who_voted_for_the_move_in_their_order() -> None:
    votes = [a_vote(DAN), a_vote(BEN, REJECT), a_vote(ANA, override=True)]

    assert voters_on(votes, APPROVE) == (Voter(DAN.id), Voter(ANA.id, override=True))


def test_polls_are_the_moves_that_somebody_voted_for() -> None:
    votes = [a_vote(DAN), a_vote(BEN, REJECT), a_vote(ANA)]

    approve, reject = polls(TWO_ROLES, votes, PEOPLE)

    assert (approve.move, reject.move) == (APPROVE, REJECT)
    assert approve.votes == (votes[0], votes[2])
    assert approve.tally.complete
    assert polls(TWO_ROLES, [], PEOPLE) == ()


def test_a_poll_counts_no_vote_for_another_move() -> None:
    approve, _ = polls(TWO_ROLES, [a_vote(DAN), a_vote(BEN, REJECT)], PEOPLE)

    assert approve.tally.counted == ((DAN.id,), ())
