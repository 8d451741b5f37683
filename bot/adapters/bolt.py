"""
Bolt behind a Function URL: its event in, its answer out.

Bolt's own Lambda adapter would import boto3 for its lazy listeners, which we do not use; this
one does not. `authorize=` hands Bolt the token: with a bare token it would call auth.test over
the network, inside Slack's three seconds.
"""

from __future__ import annotations

import base64
import logging
import re
from typing import TYPE_CHECKING, Any, Final

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

if TYPE_CHECKING:
    from bot.adapters.secret import SlackSecret

_TIMEOUT: Final = 2
"""Seconds that opening a form may take: Slack gives us three for everything."""
_SIGNED_BY: Final = ("request-timestamp", "signature")
_TIME: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
_UNSIGNED: Final = {"statusCode": 401, "headers": {}, "body": ""}


def make_app(secret: SlackSecret, slack_api_url: str) -> App:
    """An app that checks signatures and makes no call of its own."""
    # Bolt logs the body of a request whose signature is wrong: that is a stranger's text.
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.ERROR)
    token = secret.bot_token
    return App(
        name="slack-door",  # also its logger's name, which must not be that of our own
        signing_secret=secret.signing_secret,
        client=WebClient(base_url=slack_api_url, timeout=_TIMEOUT, retry_handlers=[]),
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token),
        process_before_response=True,
    )


def answer(app: App, event: dict[str, Any]) -> dict[str, Any]:
    """What *app* answers to the Function URL event *event*; 401 to what Slack never sends."""
    headers = event.get("headers") or {}
    try:
        body = _body(event)
    except ValueError:
        return _UNSIGNED
    if not _may_be_signed(headers):
        return _UNSIGNED
    said = app.dispatch(BoltRequest(body=body, headers=headers))
    return {
        "statusCode": said.status,
        "headers": {name: values[0] for name, values in said.headers.items()},
        "body": said.body,
    }


def _may_be_signed(headers: dict[str, str]) -> bool:
    """Whether Bolt can check the signature: it fails over what is none at all."""
    time, signature = (headers.get(f"x-slack-{name}", "") for name in _SIGNED_BY)
    return bool(_TIME.fullmatch(time) and _SIGNATURE.fullmatch(signature))


def _body(event: dict[str, Any]) -> str:
    body: str = event.get("body") or ""
    return base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
