"""
A round of voting on a version, clicked again under other rules.

Two worlds go side by side, one of hope and one of fear, as `memory` says: where they part, it
cannot be told what would have been.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.core.errors import Refused
from bot.core.rules.judge import judge, progress
from bot.core.votes.polls import counting_votes, voters_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.audit.replay.memory import Memory
    from bot.core.audit.replay.past import Past
    from bot.core.reason import Reason
    from bot.core.registry.moves import Move
    from bot.core.rules.judge import Verdict
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Rules
    from bot.core.votes.vote import Vote


@dataclass(frozen=True, slots=True)
class World:
    """What the votes of a round come to, with the gaps in what is known filled by *hope*."""

    hope: bool
    votes: tuple[Vote, ...] = ()
    refused: Mapping[str, Reason] = field(default_factory=dict)
    """Why a vote is refused, by its id."""
    decided: Vote | None = None
    """The vote that decides. Whatever comes after it comes too late."""
    voters: tuple[str, ...] = ()
    """Whose votes the decision rests on."""

    def cast(self, vote: Vote, past: Past, memory: Memory, rules: Rules) -> World:
        """The world after somebody tried to cast *vote*, as *past* tells."""
        if self.decided or past.move is None:
            return self
        rule = rules.find(past.group)
        others = tuple(each for each in self.votes if each.by.id != vote.by.id)
        counting = voters_on(counting_votes(others, vote.source, vote.brief), past.move)
        voters = [vote.by.id, *(voter.id for voter in counting)]
        facts = memory.facts(rule, past.move, voters, rules, hope=self.hope)
        try:
            verdict = judge(rule, past.move, vote.by.id, counting, facts)
        except Refused as no:
            return replace(self, refused={**self.refused, vote.id: no.reason})
        return self._with(vote, others, verdict)

    def _with(self, vote: Vote, others: tuple[Vote, ...], verdict: Verdict) -> World:
        voted = replace(self, votes=(*others, replace(vote, override=verdict.override)))
        if not verdict.granted:
            return voted
        return replace(voted, decided=vote, voters=_behind(verdict, vote))

    def without(self, people: set[str]) -> World:
        """The world without the votes of *people*; what they decided stays decided."""
        return replace(self, votes=tuple(each for each in self.votes if each.by.id not in people))


def _behind(verdict: Verdict, vote: Vote) -> tuple[str, ...]:
    counted = tuple(person for people in verdict.tally.counted for person in people)
    return (vote.by.id,) if verdict.veto else counted


@dataclass(frozen=True, slots=True)
class Round:
    """The clicks since the last decision about a version, in two worlds."""

    memory: Memory
    fear: World = field(default_factory=lambda: World(hope=False))
    hope: World = field(default_factory=lambda: World(hope=True))
    clicks: Mapping[str, Past] = field(default_factory=dict)
    """The entries that the clicks stand in, by the ids of the votes."""

    def click(self, past: Past, rules: Rules) -> Round:
        """The round after the clicks that *past* tells of, without those that it has already."""
        after = replace(self, memory=self.memory.after(past))
        for vote in past.votes:
            if vote.id not in after.clicks:
                after = replace(
                    after,
                    fear=after.fear.cast(vote, past, after.memory, rules),
                    hope=after.hope.cast(vote, past, after.memory, rules),
                    clicks={**after.clicks, vote.id: past},
                )
        return after

    def without(self, people: set[str]) -> Round:
        """The round without the votes of *people*."""
        return replace(self, fear=self.fear.without(people), hope=self.hope.without(people))

    def next(self) -> Round:
        """A new round about the same version."""
        return Round(replace(self.memory, people={}))

    @property
    def refusals(self) -> Mapping[str, Reason]:
        """Why votes are refused, by their ids: what hope refuses, fear does as well."""
        return self.hope.refused

    def tally(self, past: Past, move: Move, rules: Rules) -> Tally:
        """How far the votes for *move* have come, when *past* happened."""
        last, rule = past.votes[-1], rules.find(past.group)
        voters = voters_on(counting_votes(self.hope.votes, last.source, last.brief), move)
        people = [last.by.id, *(voter.id for voter in voters)]
        facts = self.memory.facts(rule, move, people, rules, hope=True)
        return progress(rule, move, voters, facts)
