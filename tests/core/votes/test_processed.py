"""How long it is remembered which jobs are over."""

from __future__ import annotations

from datetime import timedelta

from bot.core.votes.processed import KEPT, MOST_CHANGES, MOST_REFUSALS
from bot.core.votes.request import PROCESSED_IDS, Request
from tests.doubles.builders import NOON, an_arn

REQUEST = Request(arn=an_arn())
SECOND = timedelta(seconds=1)


def refuse(request: Request, many: int) -> Request:
    for number in range(many):
        request = request.with_refusal(f"refused-{number}", NOON)
    return request


def test_a_vote_is_remembered_however_many_clicks_are_refused_after_it() -> None:
    request = refuse(REQUEST.with_change("vote", NOON), 3 * MOST_REFUSALS)

    assert request.is_processed("vote")
    assert not request.is_processed("refused-0")
    assert request.is_processed(f"refused-{3 * MOST_REFUSALS - 1}")


def test_a_vote_is_remembered_for_as_long_as_its_message_can_come_back() -> None:
    request = REQUEST.with_change("vote", NOON)

    assert request.with_change("later", NOON + KEPT - SECOND).is_processed("vote")
    assert not request.with_change("later", NOON + KEPT).is_processed("vote")


def test_a_row_is_never_filled_by_ids() -> None:
    request = REQUEST
    for number in range(MOST_CHANGES + 1):
        request = request.with_change(f"vote-{number}", NOON)
    request = refuse(request, MOST_REFUSALS + 1)

    assert len(request.processed.changes) == MOST_CHANGES
    assert len(request.processed.refusals) == MOST_REFUSALS
    assert len(request.processed_ids) == PROCESSED_IDS
    assert request.is_processed(f"vote-{MOST_CHANGES}")


def test_what_an_older_version_of_the_code_wrote_counts_as_a_change() -> None:
    older = Request(arn=an_arn(), processed_ids=("vote-of-before",))
    request = refuse(older, 2 * MOST_REFUSALS)

    assert older.is_processed("vote-of-before")
    assert request.is_processed("vote-of-before")


def test_an_older_version_of_the_code_finds_the_last_ids_where_it_looks_for_them() -> None:
    request = REQUEST.with_change("vote", NOON).with_refusal("refused", NOON)

    assert request.processed_ids == ("vote", "refused")


def test_what_is_forgotten_is_forgotten_in_both_lists() -> None:
    request = REQUEST.with_change("vote", NOON).with_refusal("refused", NOON + 2 * KEPT)

    assert not request.is_processed("vote")
    assert request.processed_ids == ("refused",)
