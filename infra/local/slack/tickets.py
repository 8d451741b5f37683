"""What Slack hands out with an interaction, to be used soon and not too often."""

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
    user: User
    born: float
    used: bool = False


class Triggers:
    """Trigger ids: each opens one form, within three seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._numbers = count(1)
        self._minted: dict[str, Trigger] = {}

    def mint(self, user: User) -> str:
        now = self._clock()
        trigger_id = f"{next(self._numbers)}.{round(now * 1_000_000)}.{token_hex(16)}"
        self._minted[trigger_id] = Trigger(user, now)
        return trigger_id

    def exchange(self, trigger_id: str) -> User:
        """The person whose click this was."""
        with self._lock:
            trigger = self._minted.get(trigger_id)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.used:
                raise SlackError("exchanged_trigger_id")
            if self._clock() - trigger.born > TRIGGER_SECONDS:
                raise SlackError("expired_trigger_id")
            trigger.used = True
            return trigger.user


@dataclass(slots=True)
class ResponseUrl:
    user: User
    channel: str
    message: Message | None
    born: float
    uses: int = 0


class ResponseUrls:
    """Response urls: five answers to one interaction, within half an hour."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._minted: dict[str, ResponseUrl] = {}

    def mint(self, user: User, channel: str, message: Message | None = None) -> str:
        token = token_urlsafe(24)
        self._minted[token] = ResponseUrl(user, channel, message, self._clock())
        return token

    def use(self, token: str) -> ResponseUrl:
        with self._lock:
            found = self._minted.get(token)
            if found is None or found.uses == RESPONSE_USES:
                raise SlackError("expired_url")
            if self._clock() - found.born > RESPONSE_SECONDS:
                raise SlackError("expired_url")
            found.uses += 1
            return found
