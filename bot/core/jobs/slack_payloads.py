"""
What is read of Slack's payloads, under Slack's names.

Whatever else a payload holds is not looked at, and may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from bot.core.errors import Malformed
from bot.core.rules.people import Person
from bot.core.votes.message_ref import MessageRef
from bot.core.wire import NON_EMPTY, NonEmpty


@dataclass(frozen=True, slots=True)
class User:
    """Somebody in Slack, as payloads name them."""

    id: NonEmpty
    name: str | None = None
    username: str | None = None

    @property
    def person(self) -> Person:
        """The person, called by their id if there is no name."""
        return Person(self.id, self.name or self.username or self.id)


@dataclass(frozen=True, slots=True)
class Container:
    """The message that a pressed button is in."""

    channel_id: NonEmpty
    message_ts: NonEmpty
    is_ephemeral: bool = False

    @property
    def message(self) -> MessageRef:
        """Where the message is."""
        return MessageRef(self.channel_id, self.message_ts)


@dataclass(frozen=True, slots=True)
class Action:
    """A pressed button."""

    value: NonEmpty
    action_ts: str = ""

    @property
    def pressed(self) -> datetime | None:
        """When it was pressed, if the payload says so. Raises Malformed."""
        if not self.action_ts:
            return None
        try:
            return datetime.fromtimestamp(float(self.action_ts), UTC)
        except (ValueError, OverflowError) as error:
            raise Malformed(f"{self.action_ts[:40]!r} is no time of a press") from error


@dataclass(frozen=True, slots=True)
class CardClick:
    """block_actions, from a button of a card."""

    user: User
    container: Container
    actions: Annotated[tuple[Action, ...], NON_EMPTY]
    response_url: str = ""

    @property
    def answer_url(self) -> str:
        """Where to replace the clicked message, if only the clicker sees it. Raises Malformed."""
        if not self.container.is_ephemeral:
            return ""
        if not self.response_url:
            raise Malformed("a click on an ephemeral message has no response_url")
        return self.response_url


@dataclass(frozen=True, slots=True)
class AnswerClick:
    """block_actions, from a button of an answer."""

    user: User
    actions: Annotated[tuple[Action, ...], NON_EMPTY]
    response_url: NonEmpty


@dataclass(frozen=True, slots=True)
class Input:
    """A text input of a form; its value is null if it is empty."""

    value: str | None


@dataclass(frozen=True, slots=True)
class CommentBlock:
    """The form's block for the comment."""

    comment: Input


@dataclass(frozen=True, slots=True)
class Values:
    """What was typed into a form, by block."""

    comment: CommentBlock


@dataclass(frozen=True, slots=True)
class State:
    """What was typed into a form."""

    values: Values


@dataclass(frozen=True, slots=True)
class View:
    """A submitted form."""

    id: NonEmpty
    private_metadata: str
    state: State


@dataclass(frozen=True, slots=True)
class Submission:
    """view_submission."""

    user: User
    view: View


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command."""

    user_id: NonEmpty
    response_url: NonEmpty
    user_name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """app_home_opened."""

    user: NonEmpty
