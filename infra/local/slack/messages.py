"""The messages of a workspace, those for everybody and those for one reader."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from infra.local.slack.changes import Changes
from infra.local.slack.model import SLACKBOT, Json, Message

TOMBSTONE: Final = "This message was deleted."


class Messages:
    """All messages by channel and ts."""

    def __init__(self, changes: Changes, clock: Callable[[], float]) -> None:
        self._changes = changes
        self._clock = clock
        self._last = 0
        self._messages: dict[tuple[str, str], Message] = {}
        self._states: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
        """What each message has shown so far, oldest first."""
        self.away: set[str] = set()
        """The ids of people who are not active: they never see what is for them alone."""

    def add(  # noqa: PLR0913 - a message has this many parts, the optional ones named
        self,
        channel: str,
        user: str,
        text: str,
        blocks: Sequence[Json] = (),
        *,
        thread_ts: str | None = None,
        metadata: Json | None = None,
        only_for: str | None = None,
    ) -> Message:
        """
        Add a message.

        Slack does not keep an ephemeral one for somebody who is away, and does not say so
        (docs.slack.dev/reference/methods/chat.postEphemeral).
        """
        with self._changes.one() as revision:
            message = Message(
                channel=channel,
                ts=self._next_ts(),
                user=user,
                text=text,
                blocks=list(blocks),
                revision=revision,
                thread_ts=thread_ts,
                metadata=metadata,
                only_for=only_for,
            )
            return message if only_for in self.away else self._store(message)

    def change(
        self,
        message: Message,
        text: str,
        blocks: Sequence[Json] | None,
        metadata: Json | None = None,
    ) -> Message:
        """
        Replace the content of a message. Metadata stays unless it is given.

        Without blocks the old ones are removed, and people see that the message was edited. With
        blocks they do not see it.
        """
        with self._changes.one() as revision:
            return self._store(
                replace(
                    message,
                    text=text,
                    blocks=list(blocks or ()),
                    metadata=message.metadata if metadata is None else metadata,
                    edited_ts=self._next_ts() if blocks is None else message.edited_ts,
                    revision=revision,
                )
            )

    def delete(self, message: Message) -> None:
        """
        Delete a message. One with replies leaves a tombstone, so that its thread can go on.

        Source of what is left: 42wim/matterbridge #600.
        """
        with self._changes.one() as revision:
            if self._has_replies(message):
                self._store(_tombstone(message, revision))
            else:
                self._messages.pop((message.channel, message.ts), None)

    def get(self, channel: str, ts: str) -> Message | None:
        """Return a message; None if it was deleted."""
        message = self._messages.get((channel, ts))
        return None if message is None or message.deleted else message

    def as_of(self, channel: str, ts: str, revision: int) -> Message | None:
        """Return a message as it was at *revision*; None if it was not there."""
        states = [each for each in self._states[channel, ts] if each.revision <= revision]
        return states[-1] if states and not states[-1].deleted else None

    def thread(self, channel: str, ts: str) -> str | None:
        """Return the thread below *ts*, or the one that it is in; None if there is neither."""
        message = self._messages.get((channel, ts))
        if message is None or message.only_for:
            return None
        return message.thread_ts or message.ts

    def public(self, channel: str | None = None) -> list[Message]:
        """Return what everybody can read, oldest first."""
        public = (each for each in self._in_order() if each.only_for is None)
        return [each for each in public if channel in {None, each.channel}]

    def ephemeral(self, reader: str | None = None) -> list[Message]:
        """Return what only one person can read, oldest first."""
        ephemeral = (each for each in self._in_order() if each.only_for is not None)
        return [each for each in ephemeral if reader in {None, each.only_for}]

    def _has_replies(self, message: Message) -> bool:
        return any(
            (each.channel, each.thread_ts) == (message.channel, message.ts)
            for each in self._messages.values()
        )

    def _store(self, message: Message) -> Message:
        self._messages[message.channel, message.ts] = message
        self._states[message.channel, message.ts].append(message)
        return message

    def _in_order(self) -> list[Message]:
        return sorted(self._messages.copy().values(), key=lambda each: each.ts)

    def _next_ts(self) -> str:
        """Return the time in seconds with six decimals; never the same twice, as it is an id."""
        self._last = max(round(self._clock() * 1_000_000), self._last + 1)
        seconds, micros = divmod(self._last, 1_000_000)
        return f"{seconds}.{micros:06d}"


def _tombstone(message: Message, revision: int) -> Message:
    return Message(
        channel=message.channel,
        ts=message.ts,
        user=SLACKBOT,
        text=TOMBSTONE,
        blocks=[],
        revision=revision,
        deleted=True,
    )
