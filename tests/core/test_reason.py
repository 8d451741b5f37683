"""Reasons as they are stored: a code and plain JSON."""

import json

import pytest

from bot.core.reason import Reason, ReasonCode, parse_reason

STORED = {"code": "metadata_full", "params": {"entries": 46, "limit": 50, "excess": 3}}


def test_a_reason_is_stored_as_its_code_and_parameters() -> None:
    reason = Reason(ReasonCode.METADATA_FULL, STORED["params"])  # type: ignore[arg-type]

    assert json.loads(json.dumps(reason.stored)) == STORED
    assert parse_reason(STORED) == reason


@pytest.mark.parametrize(
    "stored",
    [{}, {"code": "late"}, {"code": "because", "params": {}}, {"code": "late", "params": 3}],
)
def test_a_stored_value_that_is_no_reason_is_an_error(stored: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        parse_reason(stored)
