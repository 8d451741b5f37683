"""The situations in which people see a form."""

from dataclasses import replace

from bot.core.cards.blocks import Json
from bot.core.cards.forms import form, refusal
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from bot.core.words.reasons import reason_sentence
from tests.core.situations.cards import APPROVED, HOSTILE, NEW, OLD, PENDING, REJECTED
from tests.doubles.builders import ANA, LEADS, a_click, a_version, an_arn, an_offer

FIRST = a_version(1)


def shown(status: Status, target: Status, **changes: object) -> Json:
    """The form for moving the newest version of the group from *status* to *target*."""
    offer = an_offer(replace(NEW, status=status), target, *OLD)
    return form(a_click(replace(offer, **changes)))  # type: ignore[arg-type]


NOT_AN_APPROVER = Reason(
    ReasonCode.NOT_AN_APPROVER,
    {
        "rule": "fraud",
        "move": "approve",
        "users": [ANA.id],
        "user_groups": [LEADS],
        "unreadable": {},
    },
)


def situations() -> dict[str, Json]:
    return {
        "form-approve": shown(PENDING, APPROVED),
        "form-approve-with-a-comment-needed": shown(PENDING, APPROVED, comment_needed=True),
        "form-approve-the-first": form(a_click(an_offer(FIRST, APPROVED))),
        "form-approve-one-older-than-the-live-one": form(
            a_click(an_offer(a_version(3), APPROVED, *OLD))
        ),
        "form-reject": shown(PENDING, REJECTED),
        "form-reject-without-a-comment-needed": shown(PENDING, REJECTED, comment_needed=False),
        "form-reject-while-nothing-is-live": form(a_click(an_offer(FIRST, REJECTED))),
        "form-reinstate": shown(REJECTED, APPROVED),
        "form-revoke-the-live-one": shown(APPROVED, REJECTED),
        "form-revoke-the-only-one": form(a_click(an_offer(a_version(1, APPROVED), REJECTED))),
        "form-revoke-one-that-is-not-live": form(a_click(an_offer(OLD[1], REJECTED, *OLD))),
        "form-with-the-longest-names": form(
            a_click(
                replace(
                    an_offer(a_version(1, REJECTED), APPROVED),
                    arn=an_arn(999_999_999, "g" * 63),
                    group="g" * 63,
                    number=999_999_999,
                    outcome=Outcome(999_999_998, 999_999_999),
                )
            )
        ),
        "form-approve-with-a-quorum": shown(
            PENDING, APPROVED, quorum=(("ml-leads", 1), ("risk", 1))
        ),
        "form-approve-ones-own": shown(PENDING, APPROVED, override=True, comment_needed=True),
        "form-refused": refusal(reason_sentence(NOT_AN_APPROVER)),
        "form-refused-as-the-bot-may-not-look": refusal(
            reason_sentence(Reason(ReasonCode.REGISTRY_UNREADABLE_PRESS_AGAIN))
        ),
        "form-refused-with-hostile-text": refusal((HOSTILE * 20,)),
    }


SITUATIONS = situations()
