import pytest

from bot.core import errors
from bot.core.errors import (
    BotError,
    BriefChanged,
    CommentNeeded,
    Late,
    NotAllowed,
    NotAMove,
    NotReady,
    OutcomeChanged,
    OverrideNotConfirmed,
    Refused,
    Unavailable,
)
from bot.core.registry.version import Status
from bot.core.text import Mention

OURS = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, BotError) and each is not BotError
]


def test_the_tree_at_the_top_of_the_file_names_every_error() -> None:
    tree = (errors.__doc__ or "").split()

    assert [each.__name__ for each in OURS if each.__name__ not in tree] == []


def test_only_refusals_have_a_sentence_for_people() -> None:
    refusals = {each for each in OURS if issubclass(each, Refused)}

    assert refusals - {Refused} == {
        NotAMove,
        Late,
        NotAllowed,
        NotReady,
        CommentNeeded,
        OutcomeChanged,
        BriefChanged,
        OverrideNotConfirmed,
    }


def test_a_refusal_keeps_its_sentence_as_it_is() -> None:
    sentence = ("Only ", Mention("U1"), " may.")

    assert Late(sentence).sentence == sentence


def test_a_refused_pair_is_named() -> None:
    with pytest.raises(Refused, match="from Approved to PendingManualApproval"):
        raise NotAMove(Status.APPROVED, Status.PENDING)


def test_what_is_busy_says_after_how_long_to_try_again_if_it_knows() -> None:
    assert Unavailable("Slack is busy", 30).retry_after == 30
    assert Unavailable("no answer").retry_after == 0
    assert str(Unavailable("no answer")) == "no answer"
