"""Slack in memory, held to the same contract as the Web API's adapter (tests/adapters)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from bot.core.errors import ChannelNotFound, MessageNotFound, NotEditable, Throttled, Undeliverable
from bot.core.votes.message_ref import MessageRef
from tests.doubles.builders import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.cards.blocks import Json
    from bot.core.cards.messages import Message

CLOCK_SKEW: Final = timedelta(minutes=5)
"""A search goes back so much further than it was asked for."""


@dataclass
class Posted:
    """A message as it is shown now."""

    place: MessageRef
    message: Message
    key: str
    thread: str | None = None
    at: datetime = NOON


@dataclass
class FakeChat:
    """`bot.flows.ports.Chat` in memory."""

    now: Callable[[], datetime] = lambda: NOON
    """Slack's clock."""
    lag: timedelta = timedelta()
    """How long after it was posted a message is in the history of its channel."""
    missing: set[str] = field(default_factory=set)
    """Channels in which the bot is not."""
    archived: set[str] = field(default_factory=set)
    refusing: dict[str, str] = field(default_factory=dict)
    """Channels, or people for private messages, for which Slack refuses, and its error code."""
    uneditable: bool = False
    """Whether the workspace does not let messages be edited."""
    left: set[str] = field(default_factory=set)
    """People who left Slack."""
    posted: list[Posted] = field(default_factory=list)
    private_messages: list[tuple[str, str]] = field(default_factory=list)
    """The person and the text of each private message."""
    forms: dict[str, Json] = field(default_factory=dict)
    """What each form shows now."""
    shown: dict[str, list[Json]] = field(default_factory=dict)
    """All that each form has shown since it was opened."""
    closed: set[str] = field(default_factory=set)
    """Forms that were closed: an update changes nothing."""
    homes: dict[str, Json] = field(default_factory=dict)
    answers: list[tuple[str, Message, bool]] = field(default_factory=list)
    throttled: int = 0
    """How many of the next posts Slack refuses for its rate limit."""
    updates: int = 0
    """How often Slack was asked to edit a message."""
    searches: int = 0
    """How often a message was looked for."""
    _ids: count[int] = field(default_factory=lambda: count(1))

    def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str,
        thread: str | None = None,
        since: datetime | None = None,
    ) -> MessageRef:
        if channel in self.missing:
            raise ChannelNotFound("not_in_channel")
        if since and (earlier := self._find(channel, key, thread, since)):
            return earlier
        self._check_not_refused(channel)
        if channel in self.archived:
            raise ChannelNotFound("is_archived")
        if thread and not self._has_thread(channel, thread):
            raise MessageNotFound("thread_not_found")
        if self.throttled:
            self.throttled -= 1
            raise Throttled("over the rate limit", retry_after=1)
        place = MessageRef(channel, f"{next(self._ids)}.0")
        self.posted.append(Posted(place, message, key, thread, self.now()))
        return place

    def find(self, channel: str, *, key: str, since: datetime) -> MessageRef | None:
        if channel in self.missing:
            raise ChannelNotFound("not_in_channel")
        return self._find(channel, key, None, since)

    def _check_not_refused(self, channel: str) -> None:
        if channel in self.refusing:
            raise Undeliverable(self.refusing[channel])

    def _find(
        self, channel: str, key: str, thread: str | None, since: datetime
    ) -> MessageRef | None:
        self.searches += 1
        oldest, newest = since - CLOCK_SKEW, self.now() - self.lag
        places = [
            posted.place
            for posted in self.posted
            if (posted.place.channel, posted.key, posted.thread) == (channel, key, thread)
            and oldest <= posted.at <= newest
        ]
        for duplicate in places[1:]:
            self.delete(duplicate)
        return places[0] if places else None

    def _has_thread(self, channel: str, ts: str) -> bool:
        """Whether *ts* is there to reply to; what was deleted is, if it has replies."""
        in_channel = [posted for posted in self.posted if posted.place.channel == channel]
        return any(ts in (posted.place.ts, posted.thread) for posted in in_channel)

    def permalink(self, place: MessageRef) -> str:
        if place not in [posted.place for posted in self.posted]:
            raise MessageNotFound("message_not_found")
        return f"https://acme.slack.com/archives/{place.channel}/p{place.ts.replace('.', '')}"

    def update(self, place: MessageRef, message: Message) -> None:
        self.updates += 1
        self._check_not_refused(place.channel)
        if place.channel in self.archived:
            raise ChannelNotFound("is_inactive")
        if self.uneditable:
            raise NotEditable("edit_window_closed")
        for posted in self.posted:
            if posted.place == place:
                posted.message = message
                return
        raise MessageNotFound("message_not_found")

    def post_private(self, channel: str, person: str, message: Message) -> None:  # noqa: ARG002
        if person in self.left:
            raise MessageNotFound("channel_not_found")
        self._check_not_refused(person)
        self.private_messages.append((person, message.text))

    def answer(self, url: str, message: Message, *, replace: bool) -> None:
        self.answers.append((url, message, replace))

    def update_form(self, view: str, form: Json, *, if_hash: str = "") -> None:
        if view in self.closed or if_hash not in {"", self.hash_of(view)}:
            return
        self._show(view, form)

    def hash_of(self, view: str) -> str:
        """Slack's hash of what the form *view* shows now."""
        return f"hash-{len(self.shown.get(view, []))}"

    def open_form(self, view: str, form: Json) -> None:
        """Let *view* be an open form that shows *form*."""
        self._show(view, form)

    def answer_submit(self, view: str, form: Json) -> None:
        """Let *view* show *form*, as Slack does when the answer to its submit is an update."""
        self._show(view, form)

    def _show(self, view: str, form: Json) -> None:
        self.forms[view] = form
        self.shown.setdefault(view, []).append(form)

    def publish_home(self, person: str, view: dict[str, Any]) -> None:
        self._check_not_refused(person)
        self.homes[person] = view

    def delete(self, place: MessageRef) -> None:
        """Delete the message at *place*, as an administrator can."""
        self.posted = [posted for posted in self.posted if posted.place != place]

    def cards(self) -> list[Posted]:
        """The cards, one per version if all is well."""
        return [posted for posted in self.posted if posted.key.startswith("card.")]

    def thread(self, place: MessageRef) -> list[str]:
        """The texts in the thread of the message at *place*."""
        return [posted.message.text for posted in self.posted if posted.thread == place.ts]

    def texts_in_channel(self, channel: str) -> list[str]:
        """The texts in *channel*, without cards and threads."""
        return [
            posted.message.text
            for posted in self.posted
            if posted.place.channel == channel and not posted.thread and posted not in self.cards()
        ]


def buttons(message: Message) -> list[str]:
    """The moves that *message* offers."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row["elements"]]
