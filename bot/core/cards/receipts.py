"""
What became of a submitted form, in the form itself.

Nobody has to see it: the thread says the same, and a private message does if nothing was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards import effects, forms
from bot.core.cards.blocks import rich
from bot.core.decide.effect import Decided, NotDone, Receipt, Recorded
from bot.core.reason import ReasonCode
from bot.core.registry.moves import move_between
from bot.core.words import bold, moves, say
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.cards.blocks import Json
    from bot.core.jobs.messages import SubmitForm
    from bot.core.text import Sentence
    from bot.core.votes.button import ButtonPayload


def receipt(job: SubmitForm, became: Receipt) -> Json:
    """Render what *became* of the form that *job* submitted."""
    offer, comment = job.click.button, forms.comment(job.comment)
    match became:
        case Decided():
            return forms.receipt(job, [rich(*_decided(offer, became)), *comment, forms.footnote()])
        case Recorded():
            return forms.receipt(job, [rich(*_recorded(offer, became)), *comment])
        case NotDone():
            return forms.receipt(job, [rich(_not_done(became)), *comment])


def _decided(offer: ButtonPayload, became: Decided) -> Sequence[Sentence]:
    decision = became.decision
    done = bold("receipt_decided", version=_version(offer), done=moves.done(_move(offer)))
    then = effects.production(offer.number, decision.target, decision.outcome, now=True)
    return [done, say("receipt_production", production=then)]


def _recorded(offer: ButtonPayload, became: Recorded) -> Sequence[Sentence]:
    done = bold("receipt_recorded", version=_version(offer), move=moves.verb(_move(offer)))
    then = effects.of_move(offer)
    return [
        done,
        effects.how_far(became.count, cast=True),
        say("form_once_decided", production=then),
    ]


def _not_done(became: NotDone) -> Sentence:
    reason = reason_sentence(became.reason)
    if became.void and became.reason.code is not ReasonCode.VERSION_GONE_UNDECIDED:
        reason = say("notice_private_not_made", why=reason)
    return say("form_not_done", reason=reason)


def _version(offer: ButtonPayload) -> Sentence:
    return say("version_title", group=offer.group, number=offer.number)


def _move(offer: ButtonPayload) -> str:
    return move_between(offer.source, offer.target).key
