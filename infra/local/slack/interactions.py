"""Trigger ids and response URLs: an app gets them with an interaction, for a short time."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from secrets import token_hex, token_urlsafe
from threading import Lock

from infra.local.slack.model import Message, SlackError, User

TRIGGER_SECONDS = 3
RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5


@dataclass(slots=True)
class Trigger:
    """Whose interaction it was, and when."""

    user: User
    created: float
    used: bool = False


class Triggers:
    """Trigger ids: each opens one form, within three seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._numbers = count(1)
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: User) -> str:
        """Return a new trigger id for an interaction of *user*."""
        now = self._clock()
        trigger_id = f"{next(self._numbers)}.{round(now * 1_000_000)}.{token_hex(16)}"
        self._issued[trigger_id] = Trigger(user, now)
        return trigger_id

    def use(self, trigger_id: str) -> User:
        """Use up a trigger id, and return whose interaction it was. Raises SlackError."""
        with self._lock:
            trigger = self._issued.get(trigger_id)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.used:
                raise SlackError("exchanged_trigger_id")
            if self._clock() - trigger.created > TRIGGER_SECONDS:
                raise SlackError("expired_trigger_id")
            trigger.used = True
            return trigger.user


@dataclass(slots=True)
class ResponseUrl:
    """The interaction that a response URL answers: a click in *message*, or a command."""

    user: User
    channel: str
    message: Message | None
    created: float
    uses: int = 0


class ResponseUrls:
    """Response URLs: five answers to one interaction, within half an hour."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, user: User, channel: str, message: Message | None = None) -> str:
        token = token_urlsafe(24)
        self._issued[token] = ResponseUrl(user, channel, message, self._clock())
        return token

    def use(self, token: str) -> ResponseUrl:
        """Count one answer, and return what it answers. Raises SlackError."""
        with self._lock:
            interaction = self._issued.get(token)
            if interaction is None or interaction.uses == RESPONSE_USES:
                raise SlackError("expired_url")
            if self._clock() - interaction.created > RESPONSE_SECONDS:
                raise SlackError("expired_url")
            interaction.uses += 1
            return interaction
