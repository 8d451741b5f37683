"""
A round of voting on a version, replayed under other rules.

It is replayed twice, with the gaps in what was recorded filled leniently and strictly (`records`).
Where the two differ, what would have happened is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.core.errors import Refused
from bot.core.rules.judge import judge, progress
from bot.core.votes.polls import counting_votes, voters_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.audit.replay.past import PastEntry
    from bot.core.audit.replay.records import Records
    from bot.core.reason import Reason
    from bot.core.registry.moves import Move
    from bot.core.rules.judge import Verdict
    from bot.core.rules.quorum import Tally
    from bot.core.rules.rule import Rules
    from bot.core.votes.vote import Vote


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the votes of a round lead to, with gaps filled leniently or strictly."""

    lenient: bool
    votes: tuple[Vote, ...] = ()
    refusals: Mapping[str, Reason] = field(default_factory=dict)
    """Why votes are refused, by their ids."""
    decided: Vote | None = None
    """The vote that decides. Whatever comes after it comes too late."""
    voters: tuple[str, ...] = ()
    """Whose votes the decision rests on."""

    def cast(self, vote: Vote, entry: PastEntry, records: Records, rules: Rules) -> Replayed:
        """Let somebody try to cast *vote*, as *entry* tells."""
        if self.decided or entry.move is None:
            return self
        rule = rules.find(entry.group)
        others = tuple(each for each in self.votes if each.by.id != vote.by.id)
        voters = voters_on(counting_votes(others, vote.source, vote.brief_digest), entry.move)
        ids = [vote.by.id, *(voter.id for voter in voters)]
        people = records.known_people(rule, entry.move, ids, rules, lenient=self.lenient)
        try:
            verdict = judge(rule, entry.move, vote.by.id, voters, people)
        except Refused as refused:
            return replace(self, refusals={**self.refusals, vote.id: refused.reason})
        return self._with(vote, others, verdict)

    def _with(self, vote: Vote, others: tuple[Vote, ...], verdict: Verdict) -> Replayed:
        voted = replace(self, votes=(*others, replace(vote, override=verdict.override)))
        if not verdict.granted:
            return voted
        return replace(voted, decided=vote, voters=_deciders(verdict, vote))

    def without(self, people: set[str]) -> Replayed:
        """Drop the votes of *people*; what they decided stays decided."""
        return replace(self, votes=tuple(each for each in self.votes if each.by.id not in people))


def _deciders(verdict: Verdict, vote: Vote) -> tuple[str, ...]:
    counted = tuple(person for people in verdict.tally.counted for person in people)
    return (vote.by.id,) if verdict.veto else counted


@dataclass(frozen=True, slots=True)
class Round:
    """The clicks since the last decision about a version, replayed in both ways."""

    records: Records
    strict: Replayed = field(default_factory=lambda: Replayed(lenient=False))
    lenient: Replayed = field(default_factory=lambda: Replayed(lenient=True))
    clicks: Mapping[str, PastEntry] = field(default_factory=dict)
    """The entries of the clicks, by the ids of the votes."""

    def click(self, entry: PastEntry, rules: Rules) -> Round:
        """Replay the clicks that *entry* tells of, without those that were replayed already."""
        after = replace(self, records=self.records.after(entry))
        for vote in entry.votes:
            if vote.id not in after.clicks:
                after = replace(
                    after,
                    strict=after.strict.cast(vote, entry, after.records, rules),
                    lenient=after.lenient.cast(vote, entry, after.records, rules),
                    clicks={**after.clicks, vote.id: entry},
                )
        return after

    def without(self, people: set[str]) -> Round:
        """Drop the votes of *people*."""
        return replace(
            self, strict=self.strict.without(people), lenient=self.lenient.without(people)
        )

    def next(self) -> Round:
        """Begin a new round about the same version."""
        return Round(replace(self.records, people={}))

    @property
    def refusals(self) -> Mapping[str, Reason]:
        """Why votes are surely refused, by their ids: even where gaps are filled leniently."""
        return self.lenient.refusals

    def tally(self, entry: PastEntry, move: Move, rules: Rules) -> Tally:
        """How far the votes for *move* have come at the time of *entry*."""
        last, rule = entry.votes[-1], rules.find(entry.group)
        voters = voters_on(counting_votes(self.lenient.votes, last.source, last.brief_digest), move)
        ids = [last.by.id, *(voter.id for voter in voters)]
        people = self.records.known_people(rule, move, ids, rules, lenient=True)
        return progress(rule, move, voters, people)
