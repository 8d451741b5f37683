"""
The card of a version: what it is, what is known of it, and a button for each valid move.

A card is a picture of the registry at one moment. Each button carries an `Offer`, all that the
picture says of its move, so that a click can be held against what is true by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards import deciding
from bot.core.cards.blocks import actions, button, columns, header, quoted, rich, small
from bot.core.cards.messages import Message, message
from bot.core.evidence.brief import brief_digest
from bot.core.registry.moves import between, moves_of
from bot.core.registry.outcome import next_to_deploy, outcome_of
from bot.core.registry.version import Readiness, Status
from bot.core.rules.judge import nobody_because
from bot.core.rules.people import SLACK_ID, SUBMITTED_BY
from bot.core.text import Code, Mention, Sentence, Strong, When, cut, one_line
from bot.core.votes.button import ButtonPayload, WithdrawButton, encode_button
from bot.core.votes.vote import Decision, ExternalChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from slack_sdk.models.blocks import Block, ButtonElement

    from bot.core.evidence.brief import Candidate
    from bot.core.registry.moves import Move
    from bot.core.registry.version import DescribedVersion, Version
    from bot.core.rules.judge import Poll
    from bot.core.rules.rule import Rule
    from bot.core.votes.vote import Change

WITHDRAW: Final = "withdraw"
"""The button by which one takes a vote back."""

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
_FAILURES: Final = 3


def title(version: Version) -> str:
    """How a version is called."""
    return f"{version.group} version {version.number}"


def card(seen: Candidate, rule: Rule, last: Change | None, polls: Sequence[Poll] = ()) -> Message:
    """The card of a version; *last* is its latest known change, *polls* what stands by votes."""
    version = seen.version
    sign = state(version, seen.versions)
    blocks: list[Block] = [header(title(version)), rich((Strong(sign),))]
    blocks += _told(version, last)
    blocks.append(rich(*_facts(seen, rule)))
    blocks += _evidence(seen)
    blocks += _deciding(seen, rule, polls)
    stands = [part for poll in polls for part in (" ", *deciding.how_far(poll), ".")]
    return message((f"{title(version)}: {sign}.", *stands), blocks)


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
    newest = next_to_deploy(versions)
    is_live = newest is not None and newest.number == version.number
    return SIGNS[version.status] + (", and live" if is_live else "")


def not_ready(version: Version) -> str:
    """Why a version that is not Completed cannot be approved."""
    return _NOT_READY.get(version.readiness, "SageMaker is still making it")


def _told(version: DescribedVersion, last: Change | None) -> list[Block]:
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
            return (f"{done} by ", Mention(by.id), *_how(change), ", ", When(at), ".")
        case ExternalChange(by=by, at=at):
            return _elsewhere(change.target, by, at)


def _how(decision: Decision) -> Sentence:
    """What there is to add to who made *decision*: a veto, the others, a broken override."""
    others = decision.others
    return (
        *((" (veto)",) if decision.veto else ()),
        *((", with ", *deciding.mentions(others)) if others else ()),
        *((", who broke the glass 🚨",) if any(v.override for v in decision.votes) else ()),
    )


def _elsewhere(status: Status, by: str, at: datetime | None) -> Sentence:
    done = {Status.PENDING: "Set back to waiting"}.get(status, str(status))
    whom: Sentence = (" by ", Code(by)) if by else ()
    moment: Sentence = (", ", When(at)) if at else ()
    return (done, *whom, *moment, "; not decided here.")


def _facts(seen: Candidate, rule: Rule) -> Iterable[Sentence]:
    version = seen.version
    if one_line(version.description):
        yield (cut(one_line(version.description), _DESCRIPTION),)
    by = (" by ", Code(version.created_by)) if version.created_by else ()
    yield ("Registered ", When(version.created), *by)
    if submitter := one_line(version.metadata.get(SUBMITTED_BY, "")):
        is_known = SLACK_ID.fullmatch(submitter) and rule.mention is None
        yield ("Submitted by ", Mention(submitter) if is_known else Code(submitter))
    if version.status is Status.PENDING:
        newest = next_to_deploy(seen.versions)
        yield (f"Live now: version {newest.number}" if newest else "No version is approved",)


def _evidence(seen: Candidate) -> Iterable[Block]:
    version, known = seen.version, seen.brief
    if known.metrics:
        yield columns([(metric.name, metric.value) for metric in known.metrics])
    reports = [f"{report.name}: {report.uri}" for report in version.reports]
    for text in (*known.notes[:5], *reports[:8], version.arn):
        yield small(text)


def _deciding(seen: Candidate, rule: Rule, polls: Sequence[Poll]) -> Iterable[Block]:
    moves = moves_of(seen.version)
    if nobody := nobody_because(rule):
        yield rich((Strong(f"⚠️ {nobody}"),))
        return
    possible = [move for move in moves if not nobody_because(rule, move)]
    for move in moves:
        if why := nobody_because(rule, move):
            yield rich((Strong(f"⚠️ {move.verb}: {why}"),))
    if possible:
        if polls:
            yield rich(*((Strong("Votes"),), *_votes(polls)))
        yield rich(*deciding.who_may(rule, possible))
        back = [_withdraw(seen.version)] if polls else []
        yield actions([*(_button(move, seen, rule) for move in possible), *back])


def _votes(polls: Sequence[Poll]) -> Iterable[Sentence]:
    for poll in polls:
        yield deciding.how_far(poll)
        yield from deciding.overrides(poll)


def _button(move: Move, seen: Candidate, rule: Rule) -> ButtonElement:
    value = encode_button(offered(move, seen, rule))
    label = f"{move.verb} {title(seen.version)}"
    return button(move.verb, move.key, value, label=label, style=_STYLES[move.target])


def _withdraw(version: Version) -> ButtonElement:
    label = f"Withdraw my vote on {title(version)}"
    value = encode_button(WithdrawButton(version.arn))
    return button("Withdraw my vote", WITHDRAW, value, label=label)


def offered(move: Move, seen: Candidate, rule: Rule, *, override: bool = False) -> ButtonPayload:
    """What *move* means now, to somebody who would break the *glass* for it or need not."""
    version = seen.version
    return ButtonPayload(
        arn=version.arn,
        group=version.group,
        number=version.number,
        source=move.source,
        target=move.target,
        outcome=outcome_of(version, move.target, seen.versions),
        comment_needed=override or move.key in rule.comment,
        brief=brief_digest(seen),
        quorum=deciding.quorum(rule.roles_for(move)),
        override=override,
    )
