"""One check of a deployment: what is looked at, whether it is well, and what to do if not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from slack_sdk.errors import SlackApiError

from bot.adapters.aws.client import DENIED, error_code
from bot.core.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable


_DENIED: Final = DENIED | {"UnauthorizedOperation"}


class CheckState(StrEnum):
    """How it is."""

    OK = "ok"
    FAILED = "failed"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found."""

    name: str
    state: CheckState
    said: str

    def __str__(self) -> str:
        return f"{self.state:<8}  {self.name}: {self.said}"


class Failed(Exception):
    """What is wrong; *do* is what to do about it."""

    def __init__(self, wrong: str, do: str) -> None:
        super().__init__(f"{wrong}. {do}")


class LeftOut(Exception):
    """Why it cannot be looked at."""


def examine(name: str, look: Callable[[], str]) -> CheckResult:
    """What *look* says is well, or what it raises to say that it is not."""
    try:
        return CheckResult(name, CheckState.OK, look())
    except LeftOut as why:
        return CheckResult(name, CheckState.LEFT_OUT, str(why))
    except (Failed, Misconfigured) as wrong:
        return CheckResult(name, CheckState.FAILED, str(wrong))
    except (Unavailable, SlackApiError, ClientError, BotoCoreError) as error:
        return CheckResult(name, CheckState.FAILED, _told(error))


def _told(error: Exception) -> str:
    """What AWS or Slack said, and what to do about it."""
    wrong = str(error).rstrip(".")
    match error:
        case Unavailable():
            return f"{wrong}. Try again in a minute."
        case SlackApiError():
            method = error.response.api_url.rpartition("/")[2]
            said = error.response["error"]
            return f"Slack said {said}. Look it up: docs.slack.dev/reference/methods/{method}"
        case ClientError() if error_code(error) in _DENIED:
            return f"{wrong}. Run this with credentials that have that right."
        case ClientError():
            return f"{wrong}. Check that Region and account are the bot's; else deploy again."
        case _:
            return f"{wrong}. Set a Region, and credentials that lead to the account of the bot."
