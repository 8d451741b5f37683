"""
What is known of people at a moment of the past, to try other rules on it.

The audit trail holds what the rules of that time made the bot ask. Other rules may ask for more:
then there are two ways to fill the gap. Hope takes everybody for what would let them vote, fear
for what would not. Where both lead to the same, the gap does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.past import Recorded
from bot.core.registry.version import Status
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus, Submitter, ids_in
from bot.core.text import Mention, Sentence, Team

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.core.audit.replay.past import Past
    from bot.core.registry.moves import Move
    from bot.core.rules.people import Members
    from bot.core.rules.rule import Rule, Rules


@dataclass(frozen=True, slots=True)
class Memory:
    """What was recorded of a version's people so far, and who is in user groups today."""

    today: Mapping[str, frozenset[str]] = field(default_factory=dict)
    people: Mapping[str, Recorded] = field(default_factory=dict)
    submitter: Submitter | None = None
    asked_by: str = ""
    """Digest of the rules by which Slack was surely asked for the submitter: somebody voted."""
    too_few: bool = False
    """Whether the last click was refused because too few people were in user groups."""

    def after(self, past: Past) -> Memory:
        """The memory with what *past* recorded; where it recorded nothing, older things stay."""
        newer = {who: each for who, each in past.voters.items() if each.asked}
        if past.recorded.asked:
            newer |= {vote.by.id: past.recorded for vote in past.votes}
        older = {vote.by.id: Recorded() for vote in past.votes}
        kept = replace(self, people={**older, **self.people, **newer}, too_few=past.too_few)
        if past.submitter is None:
            return kept
        asked_by = past.rules if past.kind is EntryKind.VOTE else ""
        return replace(kept, submitter=past.submitter, asked_by=asked_by)

    def facts(
        self, rule: Rule, move: Move, voters: Sequence[str], rules: Rules, *, hope: bool
    ) -> KnownPeople:
        """
        What the bot would know if the first of *voters* voted for *move* after the others.

        The gaps are filled by *hope*, or by fear.
        """
        most = sum(role.needs for role in rule.roles_for(move))
        groups = rule.voters(move).user_groups
        return KnownPeople(
            members={group: self._members(group, voters[0], most, hope=hope) for group in groups},
            memberships={voter: self._membership(voter, hope=hope) for voter in voters},
            submitter=self._submitter(rules, hope=hope),
        )

    def _membership(self, person: str, *, hope: bool) -> MembershipStatus:
        gap = MembershipStatus.MEMBER if hope else MembershipStatus.UNKNOWN
        return self.people[person].membership or gap

    def gaps(self, rules: Rules, rule: Rule, move: Move) -> Iterator[Sentence]:
        """What nobody recorded, though *rule* would have asked for it before *move*."""
        for person, recorded in self.people.items():
            if recorded.membership is None:
                yield ("what ", Mention(person), " was in Slack")
            for group in rule.voters(move).user_groups:
                if self._is_in(person, group) is None:
                    yield ("whether ", Mention(person), " was in ", Team(group))
        for group in rule.voters(move).user_groups:
            if self.too_few and group not in self.today:
                yield ("who else was in ", Team(group))
        unsure = self._submitter(rules, hope=True) != self._submitter(rules, hope=False)
        if move.target is Status.APPROVED and unsure:
            yield ("who registered it",)

    def _members(self, group: str, who: str, most: int, *, hope: bool) -> Members:
        recorded = self.people[who].user_groups.get(group)
        if isinstance(recorded, LookupFailure):
            return recorded
        answers = {person: self._is_in(person, group) for person in self.people}
        inside = {
            person for person, answer in answers.items() if answer or (answer is None and hope)
        }
        return frozenset(inside) | self._others(group, most, hope=hope)

    def _others(self, group: str, most: int, *, hope: bool) -> frozenset[str]:
        """
        Whoever else is in *group*, of whom the past says nothing.

        Where nobody knows, somebody stands for them: that too few people are in a group to fill
        a role must not be concluded from having heard of few, unless it was said.
        """
        if group in self.today:
            return self.today[group] - self.people.keys()
        if self.too_few and not hope:
            return frozenset()
        return frozenset(f"somebody else in {group}, {number}" for number in range(most))

    def _is_in(self, person: str, group: str) -> bool | None:
        recorded = self.people[person].user_groups.get(group)
        if isinstance(recorded, bool):
            return recorded
        return person in self.today[group] if group in self.today else None

    def _submitter(self, rules: Rules, *, hope: bool) -> Submitter:
        """Who registered the version, as *rules* would have it found out."""
        if self.submitter is None:
            return Submitter() if hope else Submitter("somebody", failure=LookupFailure.OTHER)
        name, id_ = self.submitter.name, self.submitter.id
        if found := rules.slack_id(name):
            return Submitter(name, found)
        if self.submitter.failure or ids_in(name):
            return self.submitter
        if not rules.email(name):
            return Submitter(name)
        never_asked = id_ is None and self.asked_by != rules.digest
        return Submitter(name, id_, LookupFailure.OTHER if never_asked and not hope else None)
