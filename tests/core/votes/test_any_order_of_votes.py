"""
Whatever people do in whatever order, nothing is decided without its quorum.

`judge` is compared with a plain reading of the rules: try every way of giving the roles' places to
different people who voted for that very move, on that very brief.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Refused
from bot.core.registry.moves import MOVES, Move
from bot.core.registry.version import Status
from bot.core.rules.judge import Verdict, judge
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus, Person, Submitter
from bot.core.rules.rule import People, Role, Rule
from bot.core.votes.polls import counting_votes, voters_on
from bot.core.votes.vote import Vote
from tests.doubles.builders import NOON

USERS = ["U1", "U2", "U3", "U4"]
TEAMS = ["S1", "S2"]
PENDING = tuple(move for move in MOVES if move.source is Status.PENDING)

some = st.lists(st.sampled_from(USERS), max_size=4, unique=True).map(tuple)
peoples = st.builds(
    People,
    users=some,
    user_groups=st.lists(st.sampled_from(TEAMS), max_size=2, unique=True).map(tuple),
)
role_lists = st.lists(st.tuples(peoples, st.integers(1, 2)), max_size=2).map(
    lambda some: tuple(Role(name=f"role-{n}", people=p, needs=k) for n, (p, k) in enumerate(some))
)
rules = st.builds(
    Rule,
    patterns=st.just(("*",)),
    channel=st.just("C1"),
    roles=role_lists,
    moves=st.dictionaries(st.just("reject"), role_lists, max_size=1),
    veto=st.builds(People, users=some),
    break_glass=st.booleans(),
)
knowledge = st.builds(
    KnownPeople,
    members=st.fixed_dictionaries(
        {
            team: st.frozensets(st.sampled_from(USERS)) | st.just(LookupFailure.PLAN)
            for team in TEAMS
        }
    ),
    memberships=st.fixed_dictionaries(
        {
            user: st.sampled_from([MembershipStatus.MEMBER] * 5 + list(MembershipStatus))
            for user in USERS
        }
    ),
    submitter=st.builds(
        Submitter, st.just("somebody"), st.lists(st.sampled_from(USERS), max_size=2).map(tuple)
    ),
)


@dataclass(frozen=True)
class Cast:
    """Somebody votes for a move."""

    who: str
    move: Move


@dataclass(frozen=True)
class Withdraw:
    """Somebody takes their vote back."""

    who: str


@dataclass(frozen=True)
class Change:
    """The evidence changes, and so does the brief."""

    brief: str


@dataclass(frozen=True)
class Learn:
    """Slack says something else of people than before."""

    facts: KnownPeople


users = st.sampled_from(USERS)
steps = st.one_of(
    st.builds(Cast, users, st.sampled_from(PENDING)),
    st.builds(Cast, users, st.sampled_from(PENDING)),
    st.builds(Cast, users, st.sampled_from(PENDING)),
    st.builds(Withdraw, users),
    st.builds(Change, st.sampled_from(["brief-1", "brief-2"])),
    st.builds(Learn, knowledge),
)


@dataclass
class World:
    """The votes as a careful bot would keep them: all of them, even those that count no more."""

    rule: Rule
    facts: KnownPeople
    brief: str = "brief-1"
    votes: list[Vote] = field(default_factory=list)

    def do(self, step: Cast | Withdraw | Change | Learn) -> tuple[Cast, Verdict] | None:
        match step:
            case Cast():
                return self.cast(step)
            case Withdraw(who=who):
                self.votes = [vote for vote in self.votes if vote.by.id != who]
            case Change(brief=brief):
                self.brief = brief
            case Learn(facts=facts):
                self.facts = facts
        return None

    def cast(self, step: Cast) -> tuple[Cast, Verdict] | None:
        counting = counting_votes(self.votes, Status.PENDING, self.brief)
        try:
            verdict = judge(
                self.rule, step.move, step.who, voters_on(counting, step.move), self.facts
            )
        except Refused:
            return None
        self.votes.append(
            Vote(
                id=f"{len(self.votes)}",
                source=step.move.source,
                target=step.move.target,
                brief_digest=self.brief,
                by=Person(step.who, ""),
                comment="",
                at=NOON,
                override=verdict.override,
            )
        )
        return step, verdict

    def voted(self, move: Move) -> set[str]:
        """Who voted for *move* on the brief of this moment, and may."""
        return {
            vote.by.id
            for vote in self.votes
            if vote.target is move.target and vote.brief_digest == self.brief and self.may(vote)
        }

    def may(self, vote: Vote) -> bool:
        membership = self.facts.memberships[vote.by.id]
        named = vote.by.id in self.rule.everybody.users
        if membership in (
            MembershipStatus.GONE,
            MembershipStatus.UNKNOWN,
            MembershipStatus.ROBOT,
        ) or not (named or membership is MembershipStatus.MEMBER):
            return False
        own = vote.by.id in self.facts.submitter.ids and vote.target is Status.APPROVED
        return not own or (self.rule.break_glass and vote.override)

    def is_in(self, who: str, people: People) -> bool:
        teams = [self.facts.members[team] for team in people.user_groups]
        return who in people.users or any(
            who in t for t in teams if not isinstance(t, LookupFailure)
        )

    def has_a_quorum(self, move: Move) -> bool:
        """Whether every place of every role can go to somebody else of those who voted."""
        roles = self.rule.roles_for(move)
        places = [role.people for role in roles for _ in range(role.needs)]
        return bool(places) and any(
            all(self.is_in(who, people) for who, people in zip(seated, places, strict=True))
            for seated in permutations(sorted(self.voted(move)), len(places))
        )


@given(rules, knowledge, st.lists(steps, max_size=12))
def test_nothing_is_decided_without_a_quorum_for_that_move_on_that_brief(
    rule: Rule, facts: KnownPeople, actions: list[Cast | Withdraw | Change | Learn]
) -> None:
    world = World(rule, facts)
    for action in actions:
        if result := world.do(action):
            step, verdict = result
            vetoed = step.move.target is Status.REJECTED and world.is_in(step.who, rule.veto)

            assert verdict.granted == (world.has_a_quorum(step.move) or vetoed)
            assert verdict.veto == (vetoed and not world.has_a_quorum(step.move))


@given(rules, knowledge, st.lists(users, unique=True, max_size=4), st.data())
def test_the_order_of_votes_never_changes_whether_there_is_a_quorum(
    rule: Rule, facts: KnownPeople, order: list[str], data: st.DataObject
) -> None:
    other = data.draw(st.permutations(order))
    worlds = [World(rule, facts), World(rule, facts)]
    for world, voters in zip(worlds, (order, other), strict=True):
        results = [world.cast(Cast(who, PENDING[0])) for who in voters]
        decided = [result[1].granted for result in results if result]

        assert any(decided) == world.has_a_quorum(PENDING[0])

    assert worlds[0].voted(PENDING[0]) == worlds[1].voted(PENDING[0])
