"""Slack for jobs that nobody waits for: each message and each edit needs a slot."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from bot.core.errors import Stale, Throttled, Unavailable
from bot.core.votes.rate_limit import EDITS

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.cards.blocks import Json
    from bot.core.cards.messages import Message
    from bot.core.votes.message_ref import MessageRef
    from bot.core.votes.rate_limit import Slot
    from bot.flows.ports import Chat, Ledger

_TRIES: Final = 4
"""One more than there are workers for the queue of these jobs (serverless.yml)."""


class RateLimitedChat:
    """
    `bot.flows.ports.Chat`, by way of *chat*, within the bot's own rate limits.

    *reserved* is a slot that an earlier attempt of the job reserved. Posting and editing raise
    WaitsForSlot if their slot is later.
    """

    def __init__(self, chat: Chat, ledger: Ledger, reserved: Slot | None) -> None:
        self._chat = chat
        self._ledger = ledger
        self._reserved = reserved

    def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str,
        thread: str | None = None,
        since: datetime | None = None,
    ) -> MessageRef:
        # Else it may be posted already, and the error would say that nothing was.
        if since is None:
            self._require_slot(channel)
        return self._chat.post(channel, message, key=key, thread=thread, since=since)

    def update(self, place: MessageRef, message: Message) -> None:
        self._require_slot(EDITS)
        self._chat.update(place, message)

    def _require_slot(self, limit: str) -> None:
        """Raise WaitsForSlot if the slot of *limit* is later, Throttled if none can be reserved."""
        try:
            slot, now = self._reserved_or_new(limit)
        except Unavailable as error:
            raise Throttled(f"no slot of {limit} could be reserved: {error}") from error
        slot.require_due(now)

    def _reserved_or_new(self, limit: str) -> tuple[Slot, datetime]:
        """Return the slot that was reserved before, or reserve one; and the time."""
        for _ in range(_TRIES):
            stored = self._ledger.rate_limit(limit)
            if self._reserved and self._reserved.limit == limit:
                slot, self._reserved = self._reserved, None
                return slot, stored.read_at
            slot, changed = stored.reserve()
            with suppress(Stale):  # another worker was faster
                self._ledger.save_rate_limit(changed)
                return slot, stored.read_at
        raise Throttled(f"other workers reserve slots of {limit}")

    def find(self, channel: str, *, key: str, since: datetime) -> MessageRef | None:
        return self._chat.find(channel, key=key, since=since)

    def permalink(self, place: MessageRef) -> str:
        return self._chat.permalink(place)

    def post_private(self, channel: str, person: str, message: Message) -> None:
        self._chat.post_private(channel, person, message)

    def answer(self, url: str, message: Message, *, replace: bool) -> None:
        self._chat.answer(url, message, replace=replace)

    def update_form(self, view: str, form: Json, *, if_hash: str = "") -> None:
        self._chat.update_form(view, form, if_hash=if_hash)

    def publish_home(self, person: str, view: dict[str, Any]) -> None:
        self._chat.publish_home(person, view)
