"""
Bolt behind an HTTP API: its event in, its answer out.

Bolt's own Lambda adapter would import boto3 for its lazy listeners, which we do not use; this
one does not. `authorize=` hands Bolt the token: with a bare token it would call auth.test over
the network, inside Slack's three seconds.
"""

from __future__ import annotations

import base64
import logging
import re
import time
from typing import TYPE_CHECKING, Any, Final

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.adapters.aws.slack_secret import CachedSecret, SlackSecret

TIMEOUT: Final = 2
"""Seconds that opening a form may take: Slack gives us three for everything."""
_OLDEST: Final = 300
"""Seconds for which a signature holds."""
_SIGNED_BY: Final = ("request-timestamp", "signature")
_TIME: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
MOST_BYTES: Final = 1_000_000
"""Slack's own requests are a tenth of this; neither API nor Lambda sets so low a limit."""
_TOO_LONG: Final = {"statusCode": 413, "headers": {}, "body": ""}
_UNSIGNED: Final = {"statusCode": 401, "headers": {}, "body": ""}


def make_app(secret: SlackSecret, client: WebClient) -> App:
    """
    An app that checks signatures and makes no call of its own.

    Its listeners call Slack with *client* and the token of *secret*.
    """
    # Bolt logs the body of a request whose signature is wrong: that is a stranger's text.
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.ERROR)
    token = secret.bot_token
    app = App(
        name="slack-door",  # also its logger's name, which must not be that of our own
        signing_secret=secret.signing_secret,
        client=client,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token),
        process_before_response=True,
    )
    client.token = token  # not before: of a client that has one, Bolt would ask Slack whose it is

    @app.middleware
    def lend(context: BoltContext, next_: Callable[[], BoltResponse]) -> BoltResponse:
        """Bolt makes a plain client for each request; this is the one that we want."""
        context["client"] = client
        return next_()

    return app


def answer(
    event: dict[str, Any], secret: CachedSecret, app_for: Callable[[SlackSecret], App]
) -> dict[str, Any]:
    """
    What the app for *secret* answers to the HTTP API event; 401 to what Slack never sends.

    Raises what *secret* does.
    """
    headers = event.get("headers") or {}
    if len(event.get("body") or "") > MOST_BYTES:
        return _TOO_LONG
    try:
        body = _body(event)
    except ValueError:
        return _UNSIGNED
    if not _may_be_signed(headers) or (signer := _signer(headers, body, secret)) is None:
        return _UNSIGNED
    said = app_for(signer).dispatch(BoltRequest(body=body, headers=headers))
    return {
        "statusCode": said.status,
        "headers": {name: values[0] for name, values in said.headers.items()},
        "body": said.body,
    }


def _may_be_signed(headers: dict[str, str]) -> bool:
    """Whether there is a signature to check, of these minutes: only that is worth a call."""
    said, signature = (headers.get(f"x-slack-{name}", "") for name in _SIGNED_BY)
    if not (_TIME.fullmatch(said) and _SIGNATURE.fullmatch(signature)):
        return False
    return abs(time.time() - int(said)) <= _OLDEST


def _signer(headers: dict[str, str], body: str, secret: CachedSecret) -> SlackSecret | None:
    """The secret that the request is signed with, as it is known or else read anew, if any."""
    for read in (secret, secret.anew):
        verifier = SignatureVerifier((known := read()).signing_secret)
        if verifier.is_valid_request(body, headers):
            return known
    return None


def _body(event: dict[str, Any]) -> str:
    body: str = event.get("body") or ""
    return base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
