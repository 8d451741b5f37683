from bot.core import errors
from bot.core.errors import BotError, Refused, Unavailable
from bot.core.reason import Reason, ReasonCode

OURS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, BotError) and value is not BotError
]


def test_the_tree_at_the_top_of_the_file_names_every_error() -> None:
    tree = (errors.__doc__ or "").split()

    assert [error.__name__ for error in OURS if error.__name__ not in tree] == []


def test_a_refusal_keeps_its_reason_and_shows_its_code_in_the_log() -> None:
    reason = Reason(ReasonCode.COMMENT_NEEDED, {"move": "reject"})

    assert Refused(reason).reason is reason
    assert str(Refused(reason)) == "comment_needed"


def test_unavailable_holds_the_seconds_after_which_to_retry_if_known() -> None:
    assert Unavailable("Slack is busy", 30).retry_after == 30
    assert Unavailable("no answer").retry_after == 0
    assert str(Unavailable("no answer")) == "no answer"
