"""
What was known of people at a moment of the past, to try other rules on it.

The audit trail holds what the rules of that time made the bot look up. Other rules may ask for
more. Then there are two ways to fill a gap: leniently, with whatever lets people vote, or
strictly, with what does not. Where both lead to the same, the gap does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.core.audit.entries import EntryKind
from bot.core.audit.replay.past import RecordedPerson
from bot.core.registry.version import Status
from bot.core.rules.people import KnownPeople, LookupFailure, MembershipStatus, Submitter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.core.audit.replay.past import PastEntry
    from bot.core.registry.moves import Move
    from bot.core.rules.people import Members
    from bot.core.rules.rule import Rule, Rules


class GapKind(Enum):
    """What nobody recorded."""

    MEMBERSHIP = auto()
    """What `person` was in Slack."""
    IN_GROUP = auto()
    """Whether `person` was in `user_group`."""
    OTHERS_IN_GROUP = auto()
    """Who else was in `user_group`."""
    SUBMITTER = auto()
    """Who registered the version."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that nobody recorded, though other rules make it matter."""

    kind: GapKind
    person: str = ""
    user_group: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """What was recorded of a version's people so far, and who is in user groups today."""

    today: Mapping[str, frozenset[str]] = field(default_factory=dict)
    people: Mapping[str, RecordedPerson] = field(default_factory=dict)
    submitter: Submitter | None = None
    submitter_rules: str = ""
    """Digest of the rules by which the submitter was surely looked up: somebody voted."""
    had_too_few_people: bool = False
    """Whether the last click was refused because too few people were in user groups."""

    def after(self, entry: PastEntry) -> Records:
        """Add what *entry* recorded; where it recorded nothing, what was known before stays."""
        newer = {id_: each for id_, each in entry.voters.items() if each.was_looked_up}
        if entry.person.was_looked_up:
            newer |= {vote.by.id: entry.person for vote in entry.votes}
        unknown = {vote.by.id: RecordedPerson() for vote in entry.votes}
        added = replace(
            self,
            people={**unknown, **self.people, **newer},
            had_too_few_people=entry.had_too_few_people,
        )
        if entry.submitter is None:
            return added
        surely = entry.rules_digest if entry.kind is EntryKind.VOTE else ""
        return replace(added, submitter=entry.submitter, submitter_rules=surely)

    def known_people(
        self, rule: Rule, move: Move, voters: Sequence[str], rules: Rules, *, lenient: bool
    ) -> KnownPeople:
        """
        What the bot would know if the first of *voters* voted for *move* after the others.

        Gaps are filled leniently or strictly.
        """
        most = sum(role.needs for role in rule.roles_for(move))
        groups = rule.voters(move).user_groups
        return KnownPeople(
            members={
                group: self._members(group, voters[0], most, lenient=lenient) for group in groups
            },
            memberships={voter: self._membership(voter, lenient=lenient) for voter in voters},
            submitter=self._submitter(rules, lenient=lenient),
        )

    def gaps(self, rules: Rules, rule: Rule, move: Move) -> Iterator[Gap]:
        """What nobody recorded, though *rule* would have it looked up before *move*."""
        groups = rule.voters(move).user_groups
        for person, recorded in self.people.items():
            if recorded.membership is None:
                yield Gap(GapKind.MEMBERSHIP, person)
            for group in groups:
                if self._is_in(person, group) is None:
                    yield Gap(GapKind.IN_GROUP, person, group)
        for group in groups:
            if self.had_too_few_people and group not in self.today:
                yield Gap(GapKind.OTHERS_IN_GROUP, user_group=group)
        differs = self._submitter(rules, lenient=True) != self._submitter(rules, lenient=False)
        if move.target is Status.APPROVED and differs:
            yield Gap(GapKind.SUBMITTER)

    def _membership(self, person: str, *, lenient: bool) -> MembershipStatus:
        assumed = MembershipStatus.MEMBER if lenient else MembershipStatus.UNKNOWN
        return self.people[person].membership or assumed

    def _members(self, group: str, voter: str, most: int, *, lenient: bool) -> Members:
        recorded = self.people[voter].user_groups.get(group)
        if isinstance(recorded, LookupFailure):
            return recorded
        answers = {person: self._is_in(person, group) for person in self.people}
        inside = {
            person for person, answer in answers.items() if answer or (answer is None and lenient)
        }
        return frozenset(inside) | self._others(group, most, lenient=lenient)

    def _others(self, group: str, most: int, *, lenient: bool) -> frozenset[str]:
        """
        Whoever else is in *group*, of whom the past says nothing.

        Where that is unknown, made-up members are added: that a group has too few people to fill
        a role must not follow from how few were recorded, unless the trail says so.
        """
        if group in self.today:
            return self.today[group] - self.people.keys()
        if self.had_too_few_people and not lenient:
            return frozenset()
        return frozenset(f"somebody else in {group}, {number}" for number in range(most))

    def _is_in(self, person: str, group: str) -> bool | None:
        """Whether *person* was in *group*, or else is today; None if neither is known."""
        recorded = self.people[person].user_groups.get(group)
        if isinstance(recorded, bool):
            return recorded
        return person in self.today[group] if group in self.today else None

    def _submitter(self, rules: Rules, *, lenient: bool) -> Submitter:
        """Who registered the version, as it would be looked up under *rules*."""
        if self.submitter is None:
            return Submitter() if lenient else Submitter("somebody", failure=LookupFailure.OTHER)
        name, recorded = self.submitter.name, self.submitter.ids
        listed = rules.slack_ids(name)
        if not rules.emails(name):
            return Submitter(name, listed)
        if self.submitter.failure:
            return self.submitter
        never_looked_up = not recorded and self.submitter_rules != rules.digest
        failure = LookupFailure.OTHER if never_looked_up and not lenient else None
        return Submitter(name, tuple(dict.fromkeys([*listed, *recorded])), failure)
