"""
`python -m bot socket`: receive what Slack sends without an address, to try the bot in a workspace.

The same listeners send the same jobs to the same queue. It differs from the deployed function in
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
from functools import cache, partial
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.errors import retryable_is_unavailable
from bot.commands import bot_token
from bot.core.errors import Misconfigured, Unavailable
from bot.settings import Settings

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping

    from slack_bolt import App
    from slack_sdk.socket_mode import SocketModeClient

    from bot.adapters.aws.job_queue import SqsQueue
    from bot.core.jobs.queues import QueueName

APP_TOKEN_PREFIX: Final = "xapp-"  # noqa: S105 - how every app's token begins
_HELLO_SECONDS: Final = 30.0
NOTICE_SECONDS: Final = 0.5
"""So soon, Ctrl-C is noticed."""
_HOW_TO_CREATE: Final = (
    "Make one in the Slack app's settings: Basic Information, App-Level Tokens, with the scope "
    "connections:write."
)
_HELP: Final = """\
Connect to Slack in Socket Mode, until Ctrl-C: what people click and ask goes to the queue of a
deployed bot, as it does through its API. No address on the internet is needed for that.

It takes nothing from the queue: the deployed worker does, whose secret must be of the same Slack
app. Use an app of its own for this (`python -m bot manifest --socket`): while Socket Mode is on,
Slack sends nothing to the app's deployed API.

  SLACK_APP_TOKEN   the app's token, xapp-…, with the scope connections:write
  SLACK_BOT_TOKEN   the bot's token, xoxb-…; or SLACK_SECRET_ID, the secret that has it
  QUEUE_URL         the queue, and credentials for AWS that may send to it; or CLICK_QUEUE_URL and
                    QUESTION_QUEUE_URL as well, the queues for clicks and for questions
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
    """Serve until Ctrl-C. Raises Misconfigured, also if Slack refuses a token."""
    logging.basicConfig(format="%(levelname)s %(message)s")
    app_token = _app_token()
    queue_urls = Settings().queue_urls
    identity = bot_token.check_token(token := bot_token.read_bot_token())
    try:
        with _connected(_app(token, queue_urls), app_token):
            team, user = identity["team"], identity["user"]
            print(f"Connected to {team} as {user}. Ctrl-C ends it.", flush=True)
            _wait_for_ctrl_c()
    except KeyboardInterrupt:
        print("Disconnected.", file=sys.stderr)
    return 0


def _wait_for_ctrl_c() -> None:
    """
    Wait until KeyboardInterrupt is raised.

    In pieces: Python notices a signal that comes just before an endless wait only when that wait
    ends, so never.
    """
    forever = Event()
    while not forever.wait(NOTICE_SECONDS):
        pass


def _app_token() -> str:
    token = os.environ.get("SLACK_APP_TOKEN", "").strip()
    if not token:
        raise Misconfigured(f"SLACK_APP_TOKEN is not set in the environment. {_HOW_TO_CREATE}")
    if not token.startswith(APP_TOKEN_PREFIX):
        problem = f"SLACK_APP_TOKEN is no app's token, which begins with {APP_TOKEN_PREFIX}"
        raise Misconfigured(f"{problem}. {_HOW_TO_CREATE}")
    return token


def _app(token: str, queue_urls: Mapping[QueueName, str]) -> App:
    """Make an app with the listeners of the deployed one, which checks no signatures."""
    from slack_bolt import App
    from slack_bolt.authorization import AuthorizeResult

    from bot.adapters.slack.listeners import register

    # Bolt warns of SLACK_BOT_TOKEN, which it would have used itself. It would reset a level.
    logging.getLogger("slack_bolt.App").addFilter(lambda record: record.levelno >= logging.ERROR)
    app = App(
        name="slack-socket",
        client=bot_token.slack_client(),
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token),
        process_before_response=True,
        request_verification_enabled=False,
    )
    queue = cache(partial(_job_queue, queue_urls))  # not before a first job: Slack may refuse us
    register(app, lambda job, key: queue().send(job, key))
    return app


def _job_queue(urls: Mapping[QueueName, str]) -> SqsQueue:
    from bot.adapters.aws.job_queue import SqsQueue
    from bot.adapters.aws.sessions import Sessions

    return SqsQueue(Sessions().client("sqs"), urls)


@contextmanager
def _connected(app: App, app_token: str) -> Iterator[None]:
    """Connect to Slack; the connection is made again when Slack ends it."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    handler = SocketModeHandler(app, app_token, web_client=bot_token.slack_client())
    greeted = Event()
    handler.client.on_message_listeners.append(lambda _hello: greeted.set())
    try:
        with retryable_is_unavailable():
            handler.connect()  # type: ignore[no-untyped-call]
        if not greeted.wait(_HELLO_SECONDS):
            raise Unavailable("Slack did not open the connection. Try again in a minute.")
        yield
    except SlackApiError as error:
        code = error.response["error"]
        raise Misconfigured(
            f"Slack does not take SLACK_APP_TOKEN: {code}. {_HOW_TO_CREATE}"
        ) from error
    finally:
        _close(handler.client)


def _close(client: SocketModeClient) -> None:
    """
    End the connection, and what was received by it.

    Unlike the client's own close, it does not wait for the thread that receives, which ends with
    the process: that thread may go by the state of another session, which nobody ends (slack_sdk
    3.47: connect sets current_session before current_session_state).
    """
    client.closed = True
    client.auto_reconnect_enabled = False
    client.current_session_state.terminated = True
    client.disconnect()
    client.message_processor.shutdown()  # type: ignore[no-untyped-call]
    client.message_workers.shutdown()
