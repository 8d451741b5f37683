"""
What can go wrong, by whose fault it is and what is to be done about it.

* BotError
  x Refused        the person may not; told privately, never retried
    + NotAMove       the guide knows no such move
    + Late           the status moved on before the click
    + NotAllowed     the rules say no
    + NotReady       the version itself cannot be approved
    + CommentNeeded
    + OutcomeChanged production would change in another way than the form said
    + OverrideNotConfirmed it would break the glass, and the form did not say so
    + BriefChanged   what the version is judged by is not what the card showed
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

Only a refusal's sentence may reach a person. The rest stays in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.reason import Reason, ReasonCode

if TYPE_CHECKING:
    from bot.core.registry.version import Status
    from bot.core.text import Sentence


_CODES = {"NotReady": ReasonCode.NOT_READY}


class BotError(Exception):
    """Anything of ours."""


class Refused(BotError):
    """No, and why: *sentence* may be shown to the person."""

    def __init__(self, reason: Reason | Sentence) -> None:
        super().__init__(reason)
        self.sentence = reason if isinstance(reason, tuple) else (reason.code.value,)
        self.reason = (
            reason
            if isinstance(reason, Reason)
            else Reason(
                _CODES.get(type(self).__name__, ReasonCode.NOT_AN_APPROVER),
                {"text": "".join(str(p) for p in reason)},
            )
        )


class NotAMove(Refused):
    """The guide knows no such move."""

    def __init__(self, source: Status, target: Status) -> None:
        super().__init__((f"There is no move from {source} to {target}.",))


class Late(Refused):
    """The status moved on before the click."""


class NotAllowed(Refused):
    """The rules say no."""


class NotReady(Refused):
    """The version itself cannot be approved."""


class CommentNeeded(Refused):
    """The rule asks for a comment on this move."""


class OutcomeChanged(Refused):
    """Production would change in another way than the form said."""


class OverrideNotConfirmed(Refused):
    """The vote would break the glass, and the form did not say so."""


class BriefChanged(Refused):
    """What the version is judged by is not what the card showed."""


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
