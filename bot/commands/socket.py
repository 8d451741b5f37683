"""
`python -m bot socket`: the Slack door without an address, for trying the bot on a real workspace.

The same listeners put the same jobs in the same line. It differs from the deployed door in
how Slack reaches it: by a connection that this process opens, which needs no signature.
"""

# ruff: noqa: T201 - this is what a terminal reads
# ruff: noqa: PLC0415 - Bolt is imported late: no other command need pay for it
from __future__ import annotations

import logging
import os
import sys
from argparse import RawDescriptionHelpFormatter
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.errors import retryable_is_unavailable
from bot.commands import bot_token
from bot.core.errors import Misconfigured, Unavailable
from bot.settings import Settings

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from slack_bolt import App

APP_TOKEN: Final = "xapp-"  # noqa: S105 - how every app's token begins
_MAKE_ONE: Final = (
    "Make one in the Slack app's settings: Basic Information, App-Level Tokens, with the scope "
    "connections:write."
)
_HELP: Final = """\
Connect to Slack in Socket Mode, until Ctrl-C: what people click and ask goes into the line of a
deployed bot, as it does through its door. No address on the internet is needed for that.

It takes nothing from the line: that does the deployed worker, whose secret must be of the same
Slack app. Use an app of its own for this (`python -m bot manifest --socket`): while Socket Mode is
on, Slack sends the app's deployed door nothing.

  SLACK_APP_TOKEN   the app's token, xapp-…, with the scope connections:write
  SLACK_BOT_TOKEN   the bot's token, xoxb-…; or SLACK_SECRET_ID, the secret that has it
  QUEUE_URL    the line, and credentials for AWS that may send to it
"""


def add_to(commands: Any) -> None:
    """Add this command to *commands*."""
    parser = commands.add_parser(
        "socket",
        help="connect to Slack without an address, to try the bot",
        description=_HELP,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)


def run(_arguments: Namespace) -> int:
    """Serve until Ctrl-C. Raises Misconfigured, also if Slack does not take a token."""
    logging.basicConfig(format="%(levelname)s %(message)s")
    app_token = _app_token()
    queue_url = Settings().queue_url
    who = bot_token.tried(token := bot_token.of_the_bot())
    try:
        with _connected(_app(token, queue_url), app_token):
            print(f"Connected to {who['team']} as {who['user']}. Ctrl-C ends it.", flush=True)
            Event().wait()
    except KeyboardInterrupt:
        print("Disconnected.", file=sys.stderr)
    return 0


def _app_token() -> str:
    found = os.environ.get("SLACK_APP_TOKEN", "").strip()
    if not found:
        raise Misconfigured(f"SLACK_APP_TOKEN is not set in the environment. {_MAKE_ONE}")
    if not found.startswith(APP_TOKEN):
        wrong = f"SLACK_APP_TOKEN is no app's token, which begins with {APP_TOKEN}"
        raise Misconfigured(f"{wrong}. {_MAKE_ONE}")
    return found


def _app(token: str, queue_url: str) -> App:
    """The listeners of the Slack door. What comes through the connection bears no signature."""
    from slack_bolt import App
    from slack_bolt.authorization import AuthorizeResult

    from bot.adapters.aws.job_queue import SqsQueue
    from bot.adapters.aws.sessions import Sessions
    from bot.adapters.slack.listeners import register

    # Bolt warns of SLACK_BOT_TOKEN, which it would have taken itself. A level it would change.
    logging.getLogger("slack_bolt.App").addFilter(lambda said: said.levelno >= logging.ERROR)
    app = App(
        name="slack-socket",
        client=bot_token.web(),
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token),
        process_before_response=True,
        request_verification_enabled=False,
    )
    register(app, SqsQueue(Sessions().client("sqs"), queue_url).send)
    return app


@contextmanager
def _connected(app: App, app_token: str) -> Iterator[None]:
    """A connection to Slack, which is made again when Slack ends it."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    handler = SocketModeHandler(app, app_token, web_client=bot_token.web())
    try:
        with retryable_is_unavailable():
            handler.connect()  # type: ignore[no-untyped-call]
        if not handler.client.is_connected():
            raise Unavailable("Slack did not open the connection. Try again in a minute.")
        yield
    except SlackApiError as error:
        said = error.response["error"]
        raise Misconfigured(f"Slack does not take SLACK_APP_TOKEN: {said}. {_MAKE_ONE}") from error
    finally:
        handler.close()  # type: ignore[no-untyped-call]
