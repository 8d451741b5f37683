"""The audit trail in Slack: who did what to which version, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.core.audit.entries import EntryKind
from bot.core.cards.blocks import actions, rich
from bot.core.cards.changes import decision_by, external_change, external_creation
from bot.core.cards.messages import Message, message
from bot.core.cards.pages import is_more, page_buttons, page_of, page_of_pages
from bot.core.reason import parse_reason
from bot.core.registry.version import Status
from bot.core.rules.rule import UNNAMED_ROLE
from bot.core.text import Mention, Sentence, Strong, When, cut, one_line
from bot.core.words import moves, say, text
from bot.core.words.reasons import reason_to_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.core.audit.chain import Entry
    from bot.core.words import Item

_TEXT_LIMIT: Final = 300


def history(name: str, entries: Sequence[Entry], question: str, page: int, note: str) -> Message:
    """
    Render a page of *entries* about *name*, newest first; *note* says what was left out.

    A decision of one vote is two entries and one event, so it takes one row.
    """
    if not entries:
        nothing = say("history_empty", name=name)
        return message(nothing, [rich(nothing)])
    events = _events(entries)
    shown = page_of_pages(len(events), page)
    heading = text("history_heading", name=name, count=len(entries), page=shown)
    rows = [_row(entry) for entry in page_of(events, page)]
    turns = page_buttons(question, page, more=is_more(len(events), page))
    return message(
        (heading, *(part for row in rows for part in ("\n", *row))),
        [
            rich((Strong(heading),), *([(note,)] if note else [])),
            *(rich(row) for row in rows),
            *([actions(turns)] if turns else []),
        ],
    )


def left_out(entries: int, versions: int) -> str:
    """Say that only so many *entries* of each of so many *versions* were read."""
    return text("history_left_out", entries=entries, versions=versions)


def written(entry: Entry) -> str:
    """When *entry* was written, for merging chains by time; within a chain its order holds."""
    try:
        return str(entry.content.get("written", ""))
    except ValueError:
        return ""


def _events(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out each vote that was a decision alone."""
    alone = {(entry.chain, vote) for entry in entries if (vote := _only_vote(entry))}
    return [entry for entry in entries if (entry.chain, _vote_id(entry)) not in alone]


def _only_vote(entry: Entry) -> str | None:
    """Return the id of the one vote that a decision rests on; else None."""
    try:
        is_decision = entry.content["kind"] == EntryKind.DECISION
        votes: Sequence[Any] = entry.content["votes"] if is_decision else []
        return str(votes[0]["id"]) if len(votes) == 1 else None
    except (ValueError, KeyError, TypeError):
        return None


def _vote_id(entry: Entry) -> str | None:
    try:
        return str(entry.content["id"]) if entry.content["kind"] == EntryKind.VOTE else None
    except (ValueError, KeyError, TypeError):
        return None


def _row(entry: Entry) -> Sentence:
    try:
        return _readable_row(entry.content)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return say("history_unreadable", number=entry.number, chain=entry.chain)


def _readable_row(body: Mapping[str, Any]) -> Sentence:
    when = When(datetime.fromisoformat(body["at"]))
    when.moment.timestamp()  # raises for a moment that Slack cannot show
    comment = cut(one_line(body.get("comment", "")), _TEXT_LIMIT)
    return say(
        "history_row",
        when=when,
        version=text("history_version", number=body["version"]),
        event=_event(body),
        comment=say("history_comment", comment=comment) if comment else (),
    )


def _event(body: Mapping[str, Any]) -> Sentence:  # noqa: PLR0911 - one return for each kind
    who = Mention(body.get("who", ""))
    match EntryKind(body["kind"]):
        case EntryKind.VOTE:
            override = say("history_override") if body["override"] else ()
            return say("history_vote", who=who, move=_verb(body), override=override)
        case EntryKind.WITHDRAWAL:
            return say("history_withdrawal", who=who, move=_verb(body))
        case EntryKind.DECISION:
            return _decision(body)
        case EntryKind.REFUSAL:
            return say("history_refusal", who=who, move=_verb(body), why=_why(body))
        case EntryKind.VOID:
            return say("history_void", people=_voters(body["votes"]), why=_why(body))
        case EntryKind.EXTERNAL_CHANGE:
            return _external(body)
        case EntryKind.MISSED_CHANGE:
            change = external_change(Status(body["target"]), "", None)
            if body["decision"]:
                return say("history_missed_at_decision", change=change)
            return say("history_missed", change=change)


def _external(body: Mapping[str, Any]) -> Sentence:
    name = one_line(body["name"])
    if not body["source"]:
        return external_creation(name, None)
    return external_change(Status(body["target"]), name, None)


def _decision(body: Mapping[str, Any]) -> Sentence:
    voters = {vote["who"]: _with_role(vote) for vote in body["votes"]}
    who = voters.pop(body["who"], Mention(body["who"]))
    how = {"veto": body["veto"], "override": body.get("override") is True}
    return say(
        "history_decision", decision=decision_by(body["move"], who, [*voters.values()], **how)
    )


def _with_role(vote: Mapping[str, Any]) -> Item:
    """Mention who cast *vote*, with the role that it counted for, if that has a name."""
    who, role = Mention(vote["who"]), vote.get("role") or UNNAMED_ROLE
    return who if role == UNNAMED_ROLE else say("history_voter", who=who, role=role)


def _voters(votes: Iterable[Mapping[str, Any]]) -> list[Item]:
    return [Mention(vote["who"]) for vote in votes]


def _verb(body: Mapping[str, Any]) -> str:
    """Name the move; a change of status that was refused need not be one."""
    return moves.verb(body["move"]) if body.get("move") else text("history_refusal_any")


def _why(body: Mapping[str, Any]) -> Sentence:
    """Say the reason, with people as mentions; what people wrote in it is cut."""
    sentence = reason_to_others(parse_reason(body["reason"]))
    return tuple(cut(part, _TEXT_LIMIT) if isinstance(part, str) else part for part in sentence)
