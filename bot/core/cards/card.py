"""
The card of a version: what it is, what is known of it, and a button for each valid move.

A card is a picture of the registry at one moment. Each button carries an `Offer`, all that the
picture says of its move, so that a click can be held against what is true by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import actions, button, columns, header, quoted, rich, small
from bot.core.cards.messages import Message, message
from bot.core.model import Decision, Outside, Readiness, Status
from bot.core.offer import Offer, write
from bot.core.policy import nobody_because
from bot.core.transitions import between, live, moves_of, outcome
from bot.core.words import Code, Mention, Sentence, Strong, When, cut, listed, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from slack_sdk.models.blocks import Block, ButtonElement

    from bot.core.model import Brief, Change, Described, Seen, Version
    from bot.core.policy import Rule
    from bot.core.transitions import Move

SIGNS: Final = {
    Status.PENDING: "🟡 Waiting for a decision",
    Status.APPROVED: "🟢 Approved",
    Status.REJECTED: "🔴 Rejected",
}
_NOT_READY: Final = {
    Readiness.FAILED: "SageMaker could not make it",
    Readiness.DELETING: "it is being deleted",
}
_STYLES: Final = {Status.APPROVED: "primary", Status.REJECTED: "danger"}
_DESCRIPTION: Final = 1_000
_COMMENT: Final = 1_000
_APPROVERS: Final = 20
_FAILURES: Final = 3


def title(version: Version) -> str:
    """How a version is called."""
    return f"{version.group} version {version.number}"


def card(seen: Seen, brief: Brief, rule: Rule, last: Change | None) -> Message:
    """The card of a version; *last* is the latest change of it that is known."""
    version = seen.version
    sign = state(version, seen.versions)
    blocks: list[Block] = [header(title(version)), rich((Strong(sign),))]
    blocks += _told(version, last)
    blocks.append(rich(*_facts(seen)))
    blocks += _evidence(version, brief)
    blocks += _deciding(seen, rule)
    return message((f"{title(version)}: {sign}.",), blocks)


def gone(group: str, number: int) -> Message:
    """The card of a version that the registry does not know any more."""
    name = f"{group} version {number}"
    said = "⚫ Not in the registry any more. There is nothing left to decide."
    return message((f"{name}: {said}",), [header(name), rich((Strong(said),))])


def state(version: Version, versions: Sequence[Version]) -> str:
    """Where *version* stands, in a few words that begin with a sign."""
    if version.status is Status.PENDING and version.readiness is not Readiness.COMPLETED:
        sign = (
            "⚫ Cannot be approved:"
            if version.readiness in _NOT_READY
            else "⏳ Cannot be approved yet:"
        )
        return f"{sign} {not_ready(version)}"
    newest = live(versions)
    is_live = newest is not None and newest.number == version.number
    return SIGNS[version.status] + (", and live" if is_live else "")


def not_ready(version: Version) -> str:
    """Why a version that is not Completed cannot be approved."""
    return _NOT_READY.get(version.readiness, "SageMaker is still making it")


def _told(version: Described, last: Change | None) -> list[Block]:
    """Who brought the version where it is, and what they said."""
    if last is not None and last.target is version.status:
        return [_quoted(decided(last), last.comment)]
    if version.status is not Status.PENDING:
        said = _elsewhere(version.status, version.modified_by, version.modified)
        return [_quoted(said, version.comment)]
    reasons = version.failures[:_FAILURES]
    return [rich((f"SageMaker says: {cut(reason, 500)}",)) for reason in reasons]


def _quoted(sentence: Sentence, comment: str) -> Block:
    """What somebody wrote, as far as a card has room for it; the thread has all."""
    return quoted(sentence, cut(comment, _COMMENT)) if one_line(comment) else rich(sentence)


def decided(change: Change) -> Sentence:
    """Who made *change*, and when."""
    match change:
        case Decision(by=by, at=at):
            done = between(change.source, change.target).done.capitalize()
            return (f"{done} by ", Mention(by.id), ", ", When(at), ".")
        case Outside(by=by, at=at):
            return _elsewhere(change.target, by, at)


def _elsewhere(status: Status, by: str, at: datetime | None) -> Sentence:
    done = {Status.PENDING: "Set back to waiting"}.get(status, str(status))
    whom: Sentence = (" by ", Code(by)) if by else ()
    moment: Sentence = (", ", When(at)) if at else ()
    return (done, *whom, *moment, "; not decided here.")


def _facts(seen: Seen) -> Iterable[Sentence]:
    version = seen.version
    if one_line(version.description):
        yield (cut(one_line(version.description), _DESCRIPTION),)
    by = (" by ", Code(version.created_by)) if version.created_by else ()
    yield ("Registered ", When(version.created), *by)
    if version.status is Status.PENDING:
        newest = live(seen.versions)
        yield (f"Live now: version {newest.number}" if newest else "No version is approved",)


def _evidence(version: Described, brief: Brief) -> Iterable[Block]:
    if brief.metrics:
        yield columns([(metric.name, metric.value) for metric in brief.metrics])
    reports = [f"{report.name}: {report.uri}" for report in version.reports]
    for text in (*brief.notes[:5], *reports[:8], version.arn):
        yield small(text)


def _deciding(seen: Seen, rule: Rule) -> Iterable[Block]:
    moves = moves_of(seen.version)
    if nobody := nobody_because(rule):
        yield rich((Strong(f"⚠️ {nobody}"),))
    elif moves:
        others = len(rule.approvers) - _APPROVERS
        more = [f"{others} other{'s' if others > 1 else ''}"] if others > 0 else []
        yield rich(("May decide: ", *listed([*rule.approvers[:_APPROVERS], *more])))
        yield actions([_button(move, seen, rule) for move in moves])


def _button(move: Move, seen: Seen, rule: Rule) -> ButtonElement:
    value = write(offered(move, seen, rule))
    label = f"{move.verb} {title(seen.version)}"
    return button(move.verb, move.key, value, label=label, style=_STYLES[move.target])


def offered(move: Move, seen: Seen, rule: Rule) -> Offer:
    """What *move* means now."""
    version = seen.version
    return Offer(
        arn=version.arn,
        group=version.group,
        number=version.number,
        source=move.source,
        target=move.target,
        outcome=outcome(version, move.target, seen.versions),
        comment_needed=move.key in rule.comment,
    )
