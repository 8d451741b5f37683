"""
What can go wrong, by whose fault it is and what is to be done about it.

* BotError
  x Refused        the person may not; told privately, never retried
  x Overtaken      a decision was written down, but somebody outside moved first: it is void
  x Declined       AWS will not carry the decision out, now or later: it is void
  x Stale          somebody else wrote the row; read it again
  x Unavailable    AWS or Slack is busy; the queue tries again
  x Ignored        nothing to do about this one; logged, and done
    + Gone           the registry knows no such version (any more)
    + NotOurs        it is in a registry that this bot was not told to look at
  x Forbidden      AWS does not let the bot look; whoever asks or clicks is told, and it is loud
  x Malformed      the line holds something that is no job; dead letter
  x UnknownJob     the line holds a job that only a newer version of the bot knows; later
  x MessageNotFound the message is not there (any more), or may not be touched
  x Misconfigured  stop at start, loudly

Only a refusal's reason may reach a person, as a sentence (`bot.core.words.reasons`). The rest
stays in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.reason import Reason


class BotError(Exception):
    """Anything of ours."""


class Refused(BotError):
    """The person may not do this; *reason* says why, as a code with parameters."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code.value)
        self.reason = reason


class Overtaken(BotError):
    """A decision was written down, but somebody outside moved first."""


class Declined(BotError):
    """AWS will not carry the decision out, now or later."""


class Stale(BotError):
    """Somebody else wrote the row since it was read."""


class Unavailable(BotError):
    """AWS or Slack is busy, or its answer was lost. *retry_after* is what it asked for, in s."""

    def __init__(self, reason: str, retry_after: int = 0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Ignored(BotError):
    """There is nothing to do about this job, now or later."""


class Gone(Ignored):
    """The registry knows no such version."""


class NotOurs(Ignored):
    """It is in a registry that this bot was not told to look at."""


class Forbidden(BotError):
    """AWS does not let the bot look."""


class Malformed(BotError):
    """This is no job."""


class UnknownJob(BotError):
    """This is a job that a newer version of the bot put there, and will carry out."""


class MessageNotFound(BotError):
    """The message is not there, or may not be touched any more."""


class Misconfigured(BotError):
    """The bot cannot work like this."""
