"""
The form that a click opens: what the move causes, and a box for the comment.

The form carries the offer it shows (`private_metadata`), as the button did. `flows.decide` fills
it in again when the registry says otherwise by then, or turns it into a refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import Json, rich, small, text_input, view
from bot.core.cards.consequences import consequence
from bot.core.jobs.messages import encode_form_metadata
from bot.core.jobs.slack_payloads import COMMENT
from bot.core.registry.moves import between
from bot.core.text import Sentence, Strong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.jobs.messages import Click
    from bot.core.votes.button import ButtonPayload

FORM: Final = "decide"

_FOOTNOTE: Final = (
    "This is what SageMaker's project templates do on a change of status. "
    "A pipeline of your own may differ."
)
_GLASS: Final = (
    "🚨 You registered this version. Approving it breaks the glass: everybody in the channel "
    "will see it, with your reason."
)
_HINT: Final = (
    "Goes to SageMaker with your name, as the approval description (about 900 characters of it), "
    "and into the thread."
)


def form(click: Click) -> Json:
    """The form for *click*, with what its offer says."""
    offer = click.offer
    move = between(offer.source, offer.target)
    said = consequence(offer.number, offer.target, offer.outcome)
    ask = text_input("Comment", name=COMMENT, hint=_HINT, needed=offer.comment_needed)
    about = rich((Strong(f"{offer.group} version {offer.number}"),), *_takes(offer), (said,))
    return view(
        f"{move.verb} version {offer.number}",
        [about, ask, small(_FOOTNOTE)],
        submit=move.verb,
        close="Cancel",
        callback_id=FORM,
        private_metadata=encode_form_metadata(click),
    )


def _takes(offer: ButtonPayload) -> Iterator[Sentence]:
    """What else it takes than this click, before what follows is said."""
    if offer.override:
        yield (Strong(_GLASS),)
    if offer.quorum:
        yield (f"It takes {offer.quorum}; yours is one vote. As soon as all have voted:",)


def refusal(said: Sentence) -> Json:
    """The form turned into the reason why there is none."""
    return view("Not possible", [rich(said)], close="Close", callback_id="refusal")
