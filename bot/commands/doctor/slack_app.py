"""Checks of the Slack app: its secret, its token and its scopes; then of what the token can see."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError

from bot.adapters.aws.secret_reader import SecretReader
from bot.adapters.slack.errors import retryable_is_unavailable
from bot.commands import bot_token, manifest
from bot.commands.doctor.channels import channels_of, check_channel
from bot.commands.doctor.check import CheckCode, CheckResult, Failed, Skipped, run_check
from bot.commands.doctor.rules_file import RulesFile
from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk import WebClient

    from bot.adapters.aws.slack_secret import SlackSecret
    from bot.commands.doctor.deployment import Deployment
    from bot.core.rules.rule import Rules

BOT_TOKEN_PREFIX: Final = "xoxb-"  # noqa: S105 - how every bot's token begins
_HOW_TO_WRITE: Final = (
    "Write it as JSON with bot_token and signing_secret, both from the Slack app's settings: "
    "aws secretsmanager put-secret-value --secret-id {} --secret-string file://slack.json"
)
_INSTALL: Final = "Install the app again (its settings, OAuth & Permissions) and save its bot token"


class SlackChecks:
    """Checks that build upon each other: what one of them finds, the next ones use."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._token = ""
        self._client: WebClient | None = None
        self._granted: frozenset[str] = frozenset()

    def run(self) -> Iterator[CheckResult]:
        """Run the checks, one after the other."""
        yield run_check(CheckCode.SECRET, self._check_secret)
        yield run_check(CheckCode.TOKEN, self._check_token)
        file = RulesFile(self._deployment, self._client)
        yield from file.check()
        yield run_check(CheckCode.SCOPES, lambda: self._check_scopes(file.rules))
        for channel in channels_of(file.rules) if file.rules else ():
            yield run_check(CheckCode.CHANNEL, partial(self._check_channel, channel), channel)

    def _check_secret(self) -> str:
        secret = self._read_secret()
        for name in ("bot_token", "signing_secret"):
            value = getattr(secret, name)
            if value != value.strip():
                raise Failed(f"{name} has a space or a line break around it", self._write_secret)
        if not secret.bot_token.startswith(BOT_TOKEN_PREFIX):
            problem = f"bot_token is not the token of a bot, which begins with {BOT_TOKEN_PREFIX}"
            raise Failed(problem, self._write_secret)
        self._token = secret.bot_token
        return "it has a bot token and a signing secret"

    def _read_secret(self) -> SlackSecret:
        secret_id = self._deployment.setting("SLACK_SECRET_ID")
        try:
            return SecretReader(self._deployment.sessions, secret_id).read()
        except Misconfigured as error:
            raise Failed(str(error).rstrip("."), self._write_secret) from error

    @property
    def _write_secret(self) -> str:
        return _HOW_TO_WRITE.format(self._deployment.setting("SLACK_SECRET_ID"))

    def _check_token(self) -> str:
        if not self._token:
            raise Skipped("there is no token to try")
        client = bot_token.slack_client(self._token)
        try:
            with retryable_is_unavailable():
                response = client.auth_test()
        except SlackApiError as error:
            problem = f"Slack does not take it: {error.response['error']}"
            raise Failed(problem, f"{_INSTALL}. {self._write_secret}") from error
        self._client, self._granted = client, _granted_scopes(response.headers)
        user, team = response["user"], response["team"]
        return f"{user} ({response['user_id']}) in {team} ({response['team_id']})"

    def _check_scopes(self, rules: Rules | None) -> str:
        if self._client is None:
            raise Skipped("Slack was not asked, for want of a token")
        needed = manifest.scopes(emails=bool(rules and rules.by_email))
        if missing := sorted(needed - self._granted):
            problem = f"the token lacks {', '.join(missing)}"
            raise Failed(problem, f"Add what is missing to the app's bot scopes. {_INSTALL}.")
        more = sorted(self._granted - needed)
        return "all that are needed" + (f"; not needed: {', '.join(more)}" if more else "")

    def _check_channel(self, channel: str) -> str:
        if self._client is None:
            raise Skipped("Slack was not asked, for want of a token")
        return check_channel(self._client, channel, _INSTALL)


def _granted_scopes(headers: dict[str, str]) -> frozenset[str]:
    """Return the scopes of a token, as Slack says in a header of every response."""
    scopes = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes", "")
    return frozenset(scope.strip() for scope in scopes.split(",") if scope.strip())
