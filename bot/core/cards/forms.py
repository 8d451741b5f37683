"""
The form that a click opens: what the move causes, what the vote does, and a box for the comment.

It opens at once, before anybody knows what the vote does, and says that this is checked. Then it is
shown again with what holds for this person. It carries the payload of the button that was clicked,
and what it said (`private_metadata`): a vote never does more than its form said.

Once it is submitted, it becomes the receipt (`bot.core.cards.receipts`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.cards import effects
from bot.core.cards.blocks import Json, quoted, rich, small, text_input, view
from bot.core.errors import Refused
from bot.core.jobs.ids import COMMENT, FORM, RECEIPT, REFUSAL
from bot.core.jobs.messages import FormMetadata, encode_form_metadata
from bot.core.registry.moves import move_between
from bot.core.text import Strong, one_line, plain_text
from bot.core.words import bold, moves, say, text
from bot.core.words.reasons import reason_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slack_sdk.models.blocks import Block

    from bot.core.decide.effect import CheckedForm
    from bot.core.jobs.messages import Click, SubmitForm
    from bot.core.reason import Reason
    from bot.core.text import Sentence
    from bot.core.votes.button import ButtonPayload


def opened(click: Click) -> Json:
    """Render the form as it opens: what the vote does is not known yet."""
    return _unchecked(click, say("form_checking"))


def still_unchecked(click: Click) -> Json:
    """Render the form while its check keeps failing: it can be submitted all the same."""
    return _unchecked(click, say("form_unchecked"))


def not_checked(click: Click) -> Json:
    """Render the form that nobody checks: the job for that could not be put into the queue."""
    return _unchecked(click, say("form_not_checked"))


def checked(click: Click, form: CheckedForm) -> Json:
    """Render the form as it is for *click*: what holds now for the person."""
    metadata = FormMetadata(replace(click, button=form.button), form.effect.shown)
    own, submit = form.effect.own, effects.submit_label(form)
    typed = own.comment if own and own.target is form.button.target else ""
    return _form(metadata, [_about(form), *_votes(form)], submit=submit, typed=typed)


def shown_again(job: SubmitForm, form: CheckedForm, reason: Reason) -> Json:
    """Render the form once more, after a submit for which it was not right any more; and why."""
    click = replace(job.click, button=form.button)
    metadata = FormMetadata(click, form.effect.shown, job.round + 1)
    why = rich(say("form_not_done", reason=reason_sentence(reason)))
    blocks = [why, _about(form), *_votes(form)]
    return _form(metadata, blocks, submit=effects.submit_label(form), typed=job.comment)


def working(job: SubmitForm) -> Json:
    """Render what the submitted form becomes until *job* is over."""
    return receipt(job, [rich(bold("receipt_working")), *comment(job.comment), *_may_close()])


def still_working(job: SubmitForm, reason: Reason) -> Json:
    """Render the same while *job* keeps failing, for *reason*."""
    why = rich(say("form_still_trying", reason=reason_sentence(reason)))
    return receipt(job, [why, *comment(job.comment), *_may_close()])


def receipt(job: SubmitForm, blocks: Sequence[Block]) -> Json:
    """Render the form that *job* submitted, with *blocks* in it and nothing to submit."""
    close = text("form_close")
    return view(title(job.click.button), blocks, close=close, callback_id=RECEIPT)


def comment(typed: str) -> Sequence[Block]:
    """Show what was typed into the form, so that it can be copied; nothing if nothing was."""
    return [quoted(say("receipt_comment"), typed)] if one_line(typed) else []


def footnote() -> Block:
    """Say whose CI/CD the form speaks of."""
    return small(text("form_footnote"))


def title(offer: ButtonPayload) -> str:
    """Name the move and the version, for the head of the form."""
    try:
        return text("form_title", move=_label(offer), number=offer.number)
    except Refused:  # a forged form can ask for what is no move
        return text("refusal_title")


def _may_close() -> Sequence[Block]:
    return [small(text("receipt_close"))]


def _unchecked(click: Click, sentence: Sentence) -> Json:
    offer = click.button
    once = say("form_once_decided", production=effects.of_move(offer))
    about = rich(_version(offer), *_override(offer), once, sentence)
    return _form(FormMetadata(click), [about], submit=_label(offer))


def _form(metadata: FormMetadata, blocks: Sequence[Block], *, submit: str, typed: str = "") -> Json:
    offer = metadata.click.button
    return view(
        title(offer),
        [*blocks, footnote(), _input(offer, typed)],
        submit=submit,
        close=text("form_cancel"),
        callback_id=FORM,
        private_metadata=encode_form_metadata(metadata),
    )


def _about(form: CheckedForm) -> Block:
    """Which version it is, and what the vote does."""
    first, *more = effects.of_vote(form)
    vote = (Strong(plain_text(first)),)
    return rich(_version(form.button), *_override(form.button), vote, *more)


def _votes(form: CheckedForm) -> Sequence[Block]:
    move = move_between(form.button.source, form.button.target).key
    return list(effects.votes_of(form.effect, move))


def _version(offer: ButtonPayload) -> Sentence:
    return bold("version_title", group=offer.group, number=offer.number)


def _override(offer: ButtonPayload) -> Sequence[Sentence]:
    return [bold("form_override")] if offer.override else []


def _label(offer: ButtonPayload) -> str:
    return moves.label(move_between(offer.source, offer.target).key)


def _input(offer: ButtonPayload, typed: str) -> Block:
    """The box for the comment, with what was *typed* into it before."""
    label, hint = text("form_comment"), text("form_hint")
    return text_input(label, name=COMMENT, hint=hint, needed=offer.comment_needed, typed=typed)


def refusal(reason: Sentence) -> Json:
    """Render the form that says why nothing can be decided."""
    return view(
        text("refusal_title"), [rich(reason)], close=text("form_close"), callback_id=REFUSAL
    )
