"""Votes on moves that are not decided yet, and how far they fill the roles of each move."""

from __future__ import annotations

from bot.core.rules.judge import Poll, on_move, polls, still_count

counting_votes = still_count
votes_on = on_move
voters_on = on_move
__all__ = ["Poll", "counting_votes", "polls", "voters_on", "votes_on"]
