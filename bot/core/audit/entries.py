"""
What the audit trail says: who did what, on what they saw, under which rule, and what was known.

Each function makes the content of one entry: codes and data, no sentences. It is appended to the
version's chain together with the request, in one transaction (`bot.core.decide.record`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.core.errors import Refused
from bot.core.registry.moves import move_between
from bot.core.rules.people import KnownPeople, LookupFailure, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.core.evidence.brief import Candidate
    from bot.core.reason import Reason
    from bot.core.registry.version import DatedStatus, Status
    from bot.core.rules.rule import Rule
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.vote import Change, Decision, ExternalChange, Vote


class EntryKind(StrEnum):
    """What an entry is about."""

    VOTE = "vote"
    WITHDRAWAL = "withdrawal"
    DECISION = "decision"
    REFUSAL = "refusal"
    VOID = "void"
    EXTERNAL_CHANGE = "external_change"
    MISSED_CHANGE = "missed_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditContext:
    """What held when something happened; *candidate* is None where the version is gone."""

    candidate: Candidate | None
    group: str
    number: int
    rule: Rule
    rules_digest: str
    people: KnownPeople = KnownPeople()
    now: datetime


def vote(cast: Vote, context: AuditContext) -> dict[str, Any]:
    """Somebody voted."""
    return _content(EntryKind.VOTE, context, _vote(cast) | _known_about(cast.by, context.people))


def withdrawal(id_: str, withdrawn: Vote, context: AuditContext) -> dict[str, Any]:
    """Somebody withdrew their vote."""
    now = context.now.isoformat()
    more = {"id": id_, "comment": "", "at": now, "vote": withdrawn.id}
    return _content(EntryKind.WITHDRAWAL, context, _vote(withdrawn) | more)


def decision(made: Decision, context: AuditContext) -> dict[str, Any]:
    """A decision was made."""
    more = {
        "brief_digest": made.brief_digest,
        "votes": [{**_vote(each), "role": each.role} for each in made.votes],
        "veto": made.veto,
        "override": made.override,
    }
    return _content(EntryKind.DECISION, context, _change(made) | _who(made.by) | more)


def refusal(  # noqa: PLR0913, PLR0917 - every need is named
    id_: str,
    button: ButtonPayload,
    person: Person,
    comment: str,
    reason: Reason,
    context: AuditContext,
) -> dict[str, Any]:
    """Somebody was refused, for *reason*."""
    content = {
        "id": id_,
        **_move(button.source, button.target),
        **_who(person),
        "comment": comment,
        "reason": reason.stored,
        "brief_digest": button.brief_digest,
        **_known_about(person, context.people),
    }
    return _content(EntryKind.REFUSAL, context, content)


def void(id_: str, votes: Iterable[Vote], reason: Reason, context: AuditContext) -> dict[str, Any]:
    """Votes, or a decision that was written down, came to nothing."""
    content = {"id": id_, "reason": reason.stored, "votes": [_vote(each) for each in votes]}
    return _content(EntryKind.VOID, context, content)


def external_change(change: ExternalChange, context: AuditContext) -> dict[str, Any]:
    """The status changed, and not through the bot."""
    return _content(
        EntryKind.EXTERNAL_CHANGE, context, _change(change) | {"who": "", "name": change.by}
    )


def missed_change(
    id_: str, reported: DatedStatus, by: Decision | None, context: AuditContext
) -> dict[str, Any]:
    """
    The status was changed outside the bot while the decision *by* was made, or changed again.

    Nobody knows what the status was before it.
    """
    content = {
        "id": id_,
        **_move(None, reported.status),
        "at": reported.modified.isoformat(),
        "decision": by.id if by else "",
    }
    return _content(EntryKind.MISSED_CHANGE, context, content)


def _content(kind: EntryKind, context: AuditContext, more: Mapping[str, Any]) -> dict[str, Any]:
    return {"v": 1, **_context(context), "kind": kind.value, **more}


def _context(context: AuditContext) -> dict[str, Any]:
    candidate = context.candidate
    return {
        "group": candidate.version.group if candidate else context.group,
        "version": candidate.version.number if candidate else context.number,
        "at": context.now.isoformat(),
        "written": context.now.isoformat(),
        "rule": context.rule.name,
        "rule_digest": context.rule.digest,
        "rules_digest": context.rules_digest,
        "submitter": context.people.submitter.stored,
        "brief": _brief(candidate) if candidate else None,
    }


def _brief(candidate: Candidate) -> dict[str, Any]:
    """What there was to see, whole: an auditor will not have the files any more."""
    brief = candidate.brief
    return {
        "digest": candidate.brief_digest,
        "status": candidate.version.status,
        "artifact": candidate.version.artifact,
        "metrics": [[metric.name, metric.value] for metric in brief.metrics],
        "notes": [asdict(note) for note in brief.notes],
        "sources": [[source.uri, source.digest] for source in brief.sources],
    }


def _vote(cast: Vote) -> dict[str, Any]:
    return {
        "id": cast.id,
        **_move(cast.source, cast.target),
        **_who(cast.by),
        "comment": cast.comment,
        "at": cast.at.isoformat(),
        "brief_digest": cast.brief_digest,
        "override": cast.override,
    }


def _change(change: Change) -> dict[str, Any]:
    outcome = change.outcome
    return {
        "id": change.id,
        **_move(change.source, change.target),
        "comment": change.comment,
        "at": change.at.isoformat(),
        "next_to_deploy_before": outcome.before,
        "next_to_deploy_after": outcome.after,
    }


def _who(person: Person) -> dict[str, str]:
    return {"who": person.id, "name": person.name}


def _move(source: Status | None, target: Status) -> dict[str, str]:
    """A change of status; those made outside, and forged ones, are not always moves."""
    try:
        key = move_between(source, target).key if source else ""
    except Refused:
        key = ""
    return {"move": key, "source": source or "", "target": target}


def _known_about(person: Person, people: KnownPeople) -> dict[str, Any]:
    """What was known of *person* and of those who had voted before."""
    return _known_of(person, people) | _known_of_others(person, people)


def _known_of(person: Person, facts: KnownPeople) -> dict[str, Any]:
    """What was known of *person*, so that another rule can be tried on it later."""
    groups = {
        group: members if isinstance(members, LookupFailure) else person.id in members
        for group, members in facts.members.items()
    }
    membership = facts.memberships.get(person.id)
    return {"membership": membership.value if membership else "", "user_groups": groups}


def _known_of_others(person: Person, facts: KnownPeople) -> dict[str, Any]:
    """What was known of those who had voted before *person*, for it decides who counts."""
    others = [Person(id_, "") for id_ in facts.memberships if id_ != person.id]
    return {"voters": {other.id: _known_of(other, facts) for other in others}}
