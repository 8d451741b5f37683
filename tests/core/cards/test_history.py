"""The audit trail as one reads it in Slack, where somebody tampered with it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.cards.history import history
from tests.core.reading import as_read
from tests.core.situations.histories import TRAIL

if TYPE_CHECKING:
    from bot.core.audit.chain import Entry


def dated(moment: str) -> Entry:
    """The newest entry of a trail, with this moment in it."""
    content = {**TRAIL[0].content, "at": moment}
    return replace(TRAIL[0], body=json.dumps(content))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "tomorrow", ""])
def test_an_entry_with_an_impossible_time_does_not_hide_the_others(moment: str) -> None:
    read = as_read(history("fraud", (dated(moment), *TRAIL[1:]), "history fraud", 0, ""))

    assert read.count("version 6: ") >= len(TRAIL) - 1
    assert "fraud: 6 entries in the audit trail" in read
