"""What of Slack a deployment needs: its secret, the token, scopes, channels and people."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from slack_sdk.errors import SlackApiError

from bot.adapters.aws.secret_reader import SecretReader
from bot.adapters.aws.sessions import Sessions
from bot.adapters.rules import read, text_of
from bot.adapters.rules.check import problems
from bot.adapters.slack.directory import SlackDirectory
from bot.adapters.slack.errors import retryable_is_unavailable
from bot.commands import bot_token, manifest
from bot.commands.doctor.check_result import CheckResult, CheckState, Failed, LeftOut, examine
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk import WebClient

    from bot.adapters.aws.slack_secret import SlackSecret
    from bot.core.rules.rule import Rules

BOT_TOKEN: Final = "xoxb-"  # noqa: S105 - how every bot's token begins
_FILL: Final = (
    "Write it as JSON with bot_token and signing_secret, both from the Slack app's settings: "
    "aws secretsmanager put-secret-value --secret-id {} --secret-string file://slack.json"
)
_INSTALL: Final = "Install the app again (its settings, OAuth & Permissions) and save its bot token"


class SlackChecks:
    """Checks that build upon each other: what one of them finds, the next ones use."""

    def __init__(self, secret_id: str, rules_file: str) -> None:
        self._secret_id = secret_id
        self._file = Path(rules_file)
        self._token = ""
        self._web: WebClient | None = None
        self._granted: frozenset[str] = frozenset()
        self._rules: Rules | None = None

    def all(self) -> Iterator[CheckResult]:
        """One result after the other."""
        yield examine("secret", self._look_at_secret)
        yield examine("token", self._look_at_token)
        yield from self._of_rules()
        yield examine("scopes", self._look_at_scopes)
        for channel in self._channels():
            yield examine(f"channel {channel}", partial(self._look_at, channel))

    def _look_at_secret(self) -> str:
        if not self._secret_id:
            raise LeftOut("SLACK_SECRET_ID is not set")
        secret = self._read_secret()
        for name, value in (
            ("bot_token", secret.bot_token),
            ("signing_secret", secret.signing_secret),
        ):
            if value != value.strip():
                raise Failed(f"{name} has a space or a line break around it", self._fill)
        if not secret.bot_token.startswith(BOT_TOKEN):
            wrong = f"bot_token is not the token of a bot, which begins with {BOT_TOKEN}"
            raise Failed(wrong, self._fill)
        self._token = secret.bot_token
        return "it has a bot token and a signing secret"

    def _read_secret(self) -> SlackSecret:
        try:
            return SecretReader(Sessions(), self._secret_id).read()
        except Misconfigured as error:
            raise Failed(str(error).rstrip("."), self._fill) from error

    @property
    def _fill(self) -> str:
        return _FILL.format(self._secret_id)

    def _look_at_token(self) -> str:
        if not self._token:
            raise LeftOut("there is no token to try")
        web = bot_token.web(self._token)
        try:
            with retryable_is_unavailable():
                answer = web.auth_test()
        except SlackApiError as error:
            wrong = f"Slack does not take it: {error.response['error']}"
            raise Failed(wrong, f"{_INSTALL}. {self._fill}") from error
        self._web, self._granted = web, _granted(answer.headers)
        return f"{answer['user']} ({answer['user_id']}) in {answer['team']} ({answer['team_id']})"

    def _look_at_scopes(self) -> str:
        if self._web is None:
            raise LeftOut("Slack was not asked, for want of a token")
        needed = manifest.scopes(emails=bool(self._rules and self._rules.by_email))
        if missing := sorted(needed - self._granted):
            wrong = f"the token lacks {', '.join(missing)}"
            raise Failed(wrong, f"Add what is missing to the app's bot scopes. {_INSTALL}.")
        more = sorted(self._granted - needed)
        return "all that are needed" + (f"; not needed: {', '.join(more)}" if more else "")

    def _of_rules(self) -> Iterator[CheckResult]:
        """A line for each problem of the rules file; people are looked up if Slack can be asked."""
        found: list[CheckResult] = []
        result = examine("rules", lambda: self._look_at_rules(found))
        yield from found or [result]

    def _look_at_rules(self, found: list[CheckResult]) -> str:
        if not self._file.name:
            raise LeftOut("APPROVALS_FILE is not set")
        text = text_of(self._file)
        web = self._web
        directory = SlackDirectory(lambda: web, time.monotonic) if web else None
        for problem in problems(text, directory):
            said = f"{self._file}, {problem}. Correct the file and deploy it, or mend it in Slack."
            found.append(CheckResult("rules", CheckState.FAILED, said))
        self._rules = read(text, str(self._file))
        said = f"{self._file} has no problems"
        return said if web else f"{said}; people and user groups were not looked up"

    def _channels(self) -> list[str]:
        if self._rules is None:
            return []
        named = [self._rules.channel]
        for rule in self._rules.rules:
            named += [rule.channel, *rule.notify]
        return sorted(set(named))

    def _look_at(self, channel: str) -> str:
        if self._web is None:
            raise LeftOut("Slack was not asked, for want of a token")
        with retryable_is_unavailable():
            found = _channel(self._web, channel)
        name = f"#{found.get('name', channel)}"
        if found.get("is_archived"):
            raise Failed(f"{name} is archived", "Open it again, or name another one in the rules.")
        # Whoever sees a private channel is in it.
        if not found.get("is_member", found.get("is_private")):
            raise Failed(f"the bot is not in {name}", f"Write /invite @ and its name in {name}.")
        return name


def _channel(web: WebClient, channel: str) -> Any:
    try:
        return web.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        said = error.response["error"]
        if said == "channel_not_found":
            wrong = "the bot sees no such channel"
            do = "If it is private, invite the bot to it; else correct the id in the rules."
            raise Failed(wrong, do) from error
        if said == "missing_scope":
            wrong = f"it takes the scope {error.response.get('needed')} to look"
            raise Failed(wrong, f"Add it to the app's bot scopes. {_INSTALL}.") from error
        raise


def _granted(headers: dict[str, str]) -> frozenset[str]:
    """The scopes that Slack says a token has."""
    said = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes", "")
    return frozenset(scope.strip() for scope in said.split(",") if scope.strip())
