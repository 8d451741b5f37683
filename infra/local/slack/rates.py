"""
Slack's rate limits: off until somebody turns them on, so that tests need not wait.

A message a second in each channel, with bursts of about 25 (docs.slack.dev, "Rate limits";
the burst: RamblingCookieMonster/PSSlack #52), and the calls a minute of each method's tier, which
may come all at once (slackapi/java-slack-sdk, MethodsRateLimits.java). What is over the limit is
not done (Seldaek/monolog #445).
"""

from collections.abc import Callable, Mapping
from math import ceil
from threading import Lock
from typing import Final

from infra.local.slack.model import SlackError

BURST: Final = 25
A_MINUTE: Final[Mapping[str, int]] = {
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.replies": 50,
    "usergroups.list": 20,
    "usergroups.users.list": 20,
    "users.info": 100,
    "users.lookupByEmail": 50,
    "views.open": 100,
    "views.publish": 100,
    "views.update": 100,
}
"""The calls that Slack takes of a method; the other methods have special or no limits."""


class RateLimited(SlackError):
    """There were too many calls; *seconds* later there may be another."""

    def __init__(self, seconds: int) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class Rates:
    """Counts calls. *burst* is how many messages a channel takes at once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._counted: dict[str, tuple[float, float]] = {}
        """How many calls were left of what, and when that was."""
        self.on = False
        self.burst = BURST

    def count(self, method: str, channel: str) -> None:
        """Count a call. Raises RateLimited."""
        if not self.on:
            return
        if method == "chat.postMessage":
            self._take(channel, self.burst, a_second=1)
        elif method in A_MINUTE:
            self._take(method, A_MINUTE[method], a_second=A_MINUTE[method] / 60)

    def _take(self, name: str, most: int, a_second: float) -> None:
        with self._lock:
            now = self._clock()
            left, then = self._counted.get(name, (most, now))
            left = min(most, left + (now - then) * a_second)
            self._counted[name] = (left, now)
            if left < 1:
                raise RateLimited(ceil((1 - left) / a_second))
            self._counted[name] = (left - 1, now)
