"""
Bolt behind an HTTP API: an API Gateway event in, its response out.

Bolt's own Lambda adapter would import boto3 for its lazy listeners, which we do not use; this
one does not. `authorize=` gives Bolt the token: with a bare token it would call auth.test over
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

    from bot.adapters.aws.deadline import Deadline
    from bot.adapters.aws.slack_secret import CachedSecret, SlackSecret

TIMEOUT: Final = 2
"""Seconds that opening a form may take: Slack gives us three for everything."""
_SIGNATURE_MAX_AGE: Final = 300
"""Seconds for which a signature is valid (Slack, "Verifying requests from Slack")."""
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
MAX_BODY: Final = 1_000_000
"""Characters. Slack's own requests have a tenth; neither API nor Lambda sets so low a limit."""
_OPENS_FORM: Final = "block_actions"
"""Only a click opens a form; this is the type of its payload (Slack, "block_actions payloads")."""
_TOO_LONG: Final = {"statusCode": 413, "headers": {}, "body": ""}
_UNAUTHORIZED: Final = {"statusCode": 401, "headers": {}, "body": ""}


def make_app(secret: SlackSecret, client: WebClient) -> App:
    """
    Make an app that checks signatures and calls nobody by itself.

    Its listeners call Slack with *client* and the token of *secret*.
    """
    # Bolt logs the body of a request whose signature is wrong: that is a stranger's text.
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.ERROR)
    token = secret.bot_token
    app = App(
        name="slack-request",  # also its logger's name, which must not be that of our own
        signing_secret=secret.signing_secret,
        client=client,
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token),
        process_before_response=True,
    )
    client.token = token  # not before: of a client that has one, Bolt would ask Slack whose it is

    @app.middleware
    def use_our_client(context: BoltContext, next_: Callable[[], BoltResponse]) -> BoltResponse:
        """Replace the plain client that Bolt makes for each request."""
        context["client"] = client
        return next_()

    return app


def handle_slack_request(
    event: dict[str, Any],
    secret: CachedSecret,
    app_for: Callable[[SlackSecret], App],
    deadline: Deadline,
) -> dict[str, Any]:
    """
    Answer an HTTP API event with the app for *secret*; with 401 what Slack did not send.

    Raises what *secret* raises. The *deadline* of the request begins.
    """
    headers = event.get("headers") or {}
    if len(event.get("body") or "") > MAX_BODY:
        return _TOO_LONG
    try:
        body = _body(event)
    except ValueError:
        return _UNAUTHORIZED
    deadline.begin(age_of(event), opens_form=_OPENS_FORM in body)
    signed_with = _signing_secret(headers, body, secret) if _may_be_signed(headers) else None
    if signed_with is None:
        return _UNAUTHORIZED
    response = app_for(signed_with).dispatch(BoltRequest(body=body, headers=headers))
    return {
        "statusCode": response.status,
        "headers": {name: values[0] for name, values in response.headers.items()},
        "body": response.body,
    }


def age_of(event: dict[str, Any]) -> float:
    """
    Return how many seconds ago Slack sent *event*, by its timestamp; 0 if it has none.

    The timestamp is cut to whole seconds, so this can be up to a second too much.
    """
    return _age(event.get("headers") or {}) or 0.0


def _age(headers: dict[str, str]) -> float | None:
    """Return how many seconds ago a request was sent; None if it does not say when."""
    timestamp = headers.get("x-slack-request-timestamp", "")
    return time.time() - int(timestamp) if _TIMESTAMP.fullmatch(timestamp) else None


def _may_be_signed(headers: dict[str, str]) -> bool:
    """Return whether there is a recent signature: only that is worth reading the secret."""
    age, signature = _age(headers), headers.get("x-slack-signature", "")
    if age is None or not _SIGNATURE.fullmatch(signature):
        return False
    return abs(age) <= _SIGNATURE_MAX_AGE


def _signing_secret(headers: dict[str, str], body: str, secret: CachedSecret) -> SlackSecret | None:
    """Return the secret that signed the request: the cached one, or the current one; else None."""
    for read in (secret.read, secret.refresh):
        candidate = read()
        if SignatureVerifier(candidate.signing_secret).is_valid_request(body, headers):
            return candidate
    return None


def _body(event: dict[str, Any]) -> str:
    body: str = event.get("body") or ""
    return base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
