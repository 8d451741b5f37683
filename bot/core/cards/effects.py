"""
What a vote does, in sentences, and the label of the button that casts it.

The form says it before the click and the receipt after it, both from values of
`bot.core.decide.effect`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import LABEL_LIMIT, quoted, rich
from bot.core.cards.shared import COMMENT_LIMIT, role_needed
from bot.core.registry.moves import move_between
from bot.core.registry.version import Status
from bot.core.rules.rule import UNNAMED_ROLE
from bot.core.text import Mention, When, cut, length, one_line
from bot.core.words import moves, say, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk.models.blocks import Block

    from bot.core.decide.effect import CheckedForm, VoteCount, VoteEffect
    from bot.core.registry.outcome import Outcome
    from bot.core.text import Sentence
    from bot.core.votes.button import ButtonPayload
    from bot.core.votes.vote import Vote

_MOST_VOTES: Final = 10


def production(number: int, target: Status, outcome: Outcome, *, now: bool = False) -> str:
    """Say what becomes of production with version *number* at *target*, at once if *now*."""
    at_once = text("production_now") if now else ""
    if target is Status.APPROVED and outcome.after == number:
        if outcome.before is None:
            return text("production_first", number=number, now=at_once)
        before = outcome.before
        return text("production_replaces", number=number, now=at_once, before=before)
    if target is Status.APPROVED and outcome.after is not None:
        return text("production_older", number=number, after=outcome.after)
    if not outcome.changes:
        return _unchanged(outcome)
    if outcome.after is None:
        return text("production_none_left")
    return text("production_back", number=number, now=at_once, after=outcome.after)


def _unchanged(outcome: Outcome) -> str:
    if outcome.before is None:
        return text("production_none")
    return text("production_stays", number=outcome.before)


def of_move(button: ButtonPayload, *, now: bool = False) -> str:
    """Say what becomes of production with the move of *button*, at once if *now*."""
    return production(button.number, button.target, button.outcome, now=now)


def of_vote(form: CheckedForm) -> Iterator[Sentence]:
    """Say what a person's vote does now, the first sentence first."""
    effect, move = form.effect, _move(form.button)
    if effect.decides:
        yield _deciding(effect, move, of_move(form.button, now=True))
    else:
        yield how_far(effect.count)
        yield say("form_once_decided", production=of_move(form.button))
    if own := effect.own:
        yield _replacing(own, move)


def _deciding(effect: VoteEffect, move: str, now: str) -> Sentence:
    if effect.veto:
        return say(f"form_veto_{move}", production=now)
    if effect.count.needed > 1:
        return say("form_completes", production=now)
    return say("form_decides", production=now)


def how_far(count: VoteCount, *, cast: bool = False) -> Sentence:
    """Say that a vote is one of several, and which are missing once it is *cast*."""
    have, needed, many = count.have, count.needed, sum(number for _, number in count.missing)
    missing = [_missing(role, number) for role, number in count.missing]
    if not count.counts:
        return say("form_not_counted", missing=missing, many=many)
    if cast:
        return say("receipt_one_of", have=have, needed=needed, missing=missing, many=many)
    return say("form_one_of", have=have, needed=needed, missing=missing, many=many)


def _missing(role: str, number: int) -> Sentence:
    if role == UNNAMED_ROLE:
        return say("form_missing", number=number)
    return (role,) if number == 1 else role_needed(role, number)


def _replacing(own: Vote, move: str) -> Sentence:
    before = move_between(own.source, own.target).key
    if before == move:
        return say("form_voted_already", move=moves.verb(move))
    return say("form_voted_otherwise", move=moves.verb(before))


def votes_of(effect: VoteEffect, move: str) -> Iterator[Block]:
    """Show the votes that stand beside the person's, each with role and comment, and their own."""
    shown, others = effect.earlier[:_MOST_VOTES], len(effect.earlier) - _MOST_VOTES
    for vote in shown:
        yield _vote(vote, _who(vote))
    if others > 0:
        yield rich(say("form_votes_more", count=others))
    own = effect.own
    if own and move_between(own.source, own.target).key == move and one_line(own.comment):
        yield _vote(own, say("form_vote_own"))


def _who(vote: Vote) -> Sentence:
    """Say whose *vote* it is, for which role it counts, and whether it is an override."""
    named = vote.role not in {"", UNNAMED_ROLE}
    return say(
        "form_vote",
        who=Mention(vote.by.id),
        role=say("form_vote_role", role=vote.role) if named else (),
        when=When(vote.at),
        override=say("form_vote_override") if vote.override else (),
    )


def _vote(vote: Vote, sentence: Sentence) -> Block:
    comment = cut(vote.comment, COMMENT_LIMIT)
    return quoted(sentence, comment) if one_line(comment) else rich(sentence)


def submit_label(form: CheckedForm) -> str:
    """Name what the button does, in the 24 characters that Slack shows of it."""
    move = moves.label(_move(form.button))
    long = _long_label(form, move)
    return long if length(long) <= LABEL_LIMIT else move


def _long_label(form: CheckedForm, move: str) -> str:
    effect, outcome = form.effect, form.button.outcome
    if not effect.decides:
        return _label_of_one_vote(effect, move, _move(form.button))
    back = outcome.after if outcome.changes and form.button.target is Status.REJECTED else None
    if effect.veto:
        move = text("submit_veto")
    if back is not None:
        return text("submit_back", move=move, after=back)
    if outcome.changes and outcome.after == form.button.number:
        return text("submit_deploy", move=move)
    return move


def _label_of_one_vote(effect: VoteEffect, label: str, move: str) -> str:
    own, count = effect.own, effect.count
    if own and move_between(own.source, own.target).key == move:
        return text("submit_comment")
    if not count.counts:
        return label
    return text("submit_one_of", move=label, have=count.have, needed=count.needed)


def _move(button: ButtonPayload) -> str:
    return move_between(button.source, button.target).key
