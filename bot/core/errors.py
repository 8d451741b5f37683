"""
What can go wrong, by whose fault it is and what is to be done about it.

* BotError
  x Refused          the person may not do this; they are told in private, and it is never retried
  x Declined         AWS will not make the decision, now or later: the decision is void
  x Stale            another process wrote the record; read it again
  x Unavailable      AWS or Slack is busy; the queue tries again
    + Throttled        nothing was posted, so nobody has to look for it
      - WaitsForSlot   the bot keeps its own rate limit, and posts later
    + Held             another worker works on the version; it is mostly done in a second
    + Unproved         AWS declined a decision, which an earlier try of the call may have made
  x Ignored          there is nothing to do about this job; it is logged, and done
    + Gone             AWS has no such version or endpoint (any more)
    + NotOurs          it is in a registry that this bot was not told to watch
    + LeftToSweep      it failed for what may pass, and the sweep sends another job for it
  x Forbidden        AWS does not let the bot read; whoever asked is told
  x UnknownRefusal   AWS refuses, and may mean anything; nothing is done, the queue tries again
  x Malformed        what was stored or sent cannot be read; a job goes to the dead letters
    + NewerFormat      only a newer version of the bot can read it; the job waits for that version
  x Undeliverable    Slack will not take the message; it is given up after few tries
    + MessageNotFound  there is no such message (any more), or nobody who could read it
      - ChannelNotFound  the channel is archived, or not for the bot: until somebody changes that
    + NotEditable      the message is there, and stays as it is
  x Misconfigured    a setting, a secret or a resource is wrong: somebody who runs the bot must act

Only a refusal's reason may reach a person, as a sentence (`bot.core.words.reasons`). The rest
stays in the log.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.core.reason import Reason
    from bot.core.votes.rate_limit import Slot


class BotError(Exception):
    """The base of the bot's errors."""


class Refused(BotError):
    """The person may not do this; *reason* says why, as a code with parameters."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code.value)
        self.reason = reason


class Declined(BotError):
    """AWS will not make the decision, now or later."""


class Stale(BotError):
    """Another process wrote the record since it was read."""


class Unavailable(BotError):
    """AWS or Slack is busy, or its answer was lost. *retry_after* is what it asked for, in s."""

    def __init__(self, reason: str, retry_after: int = 0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Throttled(Unavailable):
    """
    Nothing was posted or edited: Slack refused it for its rate limit, or there was no slot for it.

    What Slack refuses so, it does not do (Seldaek/monolog #445).
    """


class WaitsForSlot(Throttled):
    """The bot posts or edits later, when *slot* comes in the time that is *left*."""

    def __init__(self, slot: Slot, left: timedelta) -> None:
        seconds = math.ceil(left.total_seconds())
        super().__init__(f"it waits for a slot of {slot.limit}", seconds)
        self.slot = slot


class Held(Unavailable):
    """Another worker works on the version, for *retry_after* seconds at most."""


class Unproved(Unavailable):
    """AWS declined a decision, and the registry may not show yet that it was made before that."""


class Ignored(BotError):
    """There is nothing to do about this job, now or later."""


class Gone(Ignored):
    """AWS has no such version or endpoint."""


class NotOurs(Ignored):
    """It is in a registry that this bot was not told to watch."""


class LeftToSweep(Ignored):
    """What the job could not do is written down, or found by the sweep, which sends another."""


class Forbidden(BotError):
    """AWS does not let the bot read."""


class UnknownRefusal(BotError):
    """AWS refuses a read, for a reason that says neither "missing" nor "denied"."""


class Malformed(BotError):
    """What was stored or sent cannot be read."""


class NewerFormat(Malformed):
    """Only a newer version of the bot knows this job, this format or this code."""


class Undeliverable(BotError):
    """Slack will not take a message, for a reason that does not pass by itself: *its code*."""


class MessageNotFound(Undeliverable):
    """There is no such message (any more), or nobody who could read it."""


class ChannelNotFound(MessageNotFound):
    """The channel is archived, or the bot is not in it or may not write there, for now."""


class NotEditable(Undeliverable):
    """The message is there, and the workspace does not let the bot edit it (any more)."""


class Misconfigured(BotError):
    """The bot cannot work like this."""
