"""One check of a deployment: its stable code, its result, and what to do if it failed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from slack_sdk.errors import SlackApiError

from bot.adapters.aws.client import error_code
from bot.adapters.aws.refusals import DENIED
from bot.core.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

_DENIED: Final = DENIED | {"UnauthorizedOperation"}
"""UnauthorizedOperation is how EC2 spells it (EC2 API reference, "Error codes")."""


class CheckCode(StrEnum):
    """What is checked. A code keeps its value: scripts may look for it."""

    ENVIRONMENT = "environment"
    ACCOUNT = "account"
    SECRET = "secret"  # noqa: S105 - the name of a check
    TOKEN = "token"  # noqa: S105 - the name of a check
    RULES = "rules"
    SCOPES = "scopes"
    CHANNEL = "channel"
    QUEUE = "queue"
    DEAD_LETTERS = "dead_letters"
    TABLE = "table"
    BACKUPS = "backups"
    REGISTRY = "registry"
    DECISION_ROLE = "decision_role"
    OTHER_REGISTRIES = "registries"
    REGISTRY_ACCOUNTS = "registry_accounts"
    EVENT_RULE = "rule"
    UNDELIVERED = "undelivered"
    JOB = "event"


class CheckState(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "failed"
    SKIPPED = "left out"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How the check *code* of *subject*, such as a channel, ended; *message* is for people."""

    code: CheckCode
    state: CheckState
    message: str
    subject: str = ""

    def __str__(self) -> str:
        title = f"{self.code.replace('_', ' ')} {self.subject}".rstrip()
        return f"{self.state:<8}  {title}: {self.message}"


class Failed(Exception):
    """The check failed: *problem* is what is wrong, *remedy* what to do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}. {remedy}")


class Skipped(Exception):
    """The check cannot be made; the text says why."""


def run_check(code: CheckCode, check: Callable[[], str], subject: str = "") -> CheckResult:
    """Run *check*, which returns what it found in order, or raises why it is not."""
    state, message = _outcome(check)
    return CheckResult(code, state, message, subject)


def _outcome(check: Callable[[], str]) -> tuple[CheckState, str]:
    try:
        return CheckState.OK, check()
    except Skipped as reason:
        return CheckState.SKIPPED, str(reason)
    except (Failed, Misconfigured) as failure:
        return CheckState.FAILED, str(failure)
    except (Unavailable, SlackApiError, ClientError, BotoCoreError) as error:
        return CheckState.FAILED, _explain(error)


def _explain(error: Exception) -> str:
    """Say what AWS or Slack answered, and what to do about it."""
    problem = str(error).rstrip(".")
    match error:
        case Unavailable():
            return f"{problem}. Try again in a minute."
        case SlackApiError():
            method, code = error.response.api_url.rpartition("/")[2], error.response["error"]
            return f"Slack said {code}. Look it up: docs.slack.dev/reference/methods/{method}"
        case ClientError() if error_code(error) in _DENIED:
            return f"{problem}. Run this with credentials that have that right."
        case ClientError():
            return f"{problem}. Check that Region and account are the bot's; else deploy again."
        case _:
            return f"{problem}. Set a Region, and credentials that lead to the account of the bot."
