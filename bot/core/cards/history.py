"""The audit trail as one reads it in Slack: who did what to which version, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.core.audit.entries import EntryKind
from bot.core.cards.answers import ROWS, paged_buttons, where
from bot.core.cards.blocks import actions, rich
from bot.core.cards.messages import Message, message
from bot.core.reason import parse_reason
from bot.core.registry.moves import MOVES
from bot.core.text import Code, Mention, Sentence, Strong, When, cut, listed, many, one_line, spoken
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.audit.chain import Entry

_COMMENT: Final = 300
_DONE: Final = {move.key: move.done for move in MOVES}


def history(name: str, found: Sequence[Entry], question: str, page: int, note: str) -> Message:
    """The entries *found* about *name*, newest first; *note* says what was left out."""
    if not found:
        nothing = f"Nothing was voted or decided here on {name}."
        return message((nothing,), [rich((nothing,))])
    entries = f"{many(len(found), 'entry')} in the audit trail"
    top = f"{name}: {entries}{where(len(found), page)}"
    shown: list[Sentence] = [_row(entry) for entry in found[page * ROWS : (page + 1) * ROWS]]
    turns = paged_buttons(question, len(found), page)
    blocks = [rich((Strong(top),), *([(note,)] if note else [])), *(rich(row) for row in shown)]
    said: Sentence = (top, *(part for row in shown for part in ("\n", *row)))
    return message(said, [*blocks, *([actions(turns)] if turns else [])])


def written(entry: Entry) -> str:
    """When *entry* was written, for putting chains side by side; never to order one."""
    try:
        return str(entry.said.get("written", ""))
    except ValueError:
        return ""


def _row(entry: Entry) -> Sentence:
    try:
        return _told(entry.said)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return (
            f"Entry {entry.number} of ",
            Code(entry.chain),
            " cannot be read. Verify the trail.",
        )


def _told(said: dict[str, Any]) -> Sentence:
    when = When(datetime.fromisoformat(said["at"]))
    when.at.timestamp()  # what no clock can show, nobody wrote who should
    comment = cut(one_line(said.get("comment", "")), _COMMENT)
    quote = f" “{comment}”" if comment else ""
    return (when, "  ", Strong(f"version {said['version']}"), ": ", *_what(said), quote)


def _what(said: dict[str, Any]) -> Sentence:
    who, move = Mention(said.get("who", "")), said.get("move") or "decide"
    match EntryKind(said["kind"]):
        case EntryKind.VOTE:
            override = " and broke the glass" if said["override"] else ""
            return (who, f" voted to {move}{override}.")
        case EntryKind.WITHDRAWAL:
            return (who, f" took their vote to {move} back.")
        case EntryKind.DECISION:
            others = [Mention(vote["who"]) for vote in said["votes"] if vote["who"] != who.id]
            how = " (veto)" if said["veto"] else ""
            with_others = (", with ", *listed(others, "and")) if others else ()
            return (_DONE[move].capitalize(), " by ", who, how, *with_others, ".")
        case EntryKind.REFUSAL:
            return (who, f" was refused to {move}: {_reason(said)}")
        case EntryKind.VOID:
            voters = listed([Mention(vote["who"]) for vote in said["votes"]], "and")
            return ("Void, the votes of ", *voters, f": {_reason(said)}")
        case EntryKind.OUTSIDE:
            return (f"{said['target']} by ", Code(one_line(said["name"])), "; not decided here.")


def _reason(said: dict[str, Any]) -> str:
    sentence = reason_sentence(parse_reason(said["reason"]))
    return cut(one_line(spoken(sentence)), _COMMENT)
