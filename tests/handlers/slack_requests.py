"""Requests as Slack signs them and as Lambda hands them over, made without the bot's own code."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from infra.local.functions import Context

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
REGION = "us-east-1"


def context(function: str) -> Any:
    """The context that Lambda passes to a handler."""
    arn = f"arn:aws:lambda:{REGION}:123456789012:function:{function}"
    return Context(function, f"call-of-{function}", arn, time.monotonic() + 60)


def request(body: str, headers: dict[str, str], *, encoded: bool = True) -> Json:
    """
    The event of an HTTP API (API Gateway developer guide, payload format 2.0).

    Header names are in lower case, and a body is base64 unless its type is known to be text.
    """
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/",
        "rawQueryString": "",
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {
            "http": {"method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
        },
        "body": b64encode(body.encode()).decode() if encoded else body,
        "isBase64Encoded": encoded,
    }


def signed(body: str, secret: str, *, age: int = 0, content_type: str = FORM) -> dict[str, str]:
    """Headers with Slack's signature, made *age* seconds ago."""
    timestamp = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    assert signature is not None
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature,
    }


def interaction(payload: Json) -> str:
    """The body in which Slack sends a click or a form."""
    return urlencode({"payload": json.dumps(payload)})


def a_submission(view: str, private_metadata: str, person: str, comment: str) -> Json:
    """A submitted form (Slack, "view_submission payloads")."""
    values = {"comment": {"comment": {"type": "plain_text_input", "value": comment}}}
    return {
        "type": "view_submission",
        "team": {"id": "T0LOCAL000", "domain": "local"},
        "user": {"id": person, "name": person.lower(), "team_id": "T0LOCAL000"},
        "view": {
            "id": view,
            "type": "modal",
            "callback_id": "decide",
            "private_metadata": private_metadata,
            "state": {"values": values},
        },
    }


def a_click(value: str, action: str, person: str, trigger: str = "1.2.3") -> Json:
    """A pressed button on a message of a channel (Slack, "block_actions payloads")."""
    place = {"type": "message", "channel_id": "C0FRAUD000", "message_ts": "1.1"}
    return {
        "type": "block_actions",
        "team": {"id": "T0LOCAL000", "domain": "local"},
        "user": {"id": person, "name": person.lower(), "team_id": "T0LOCAL000"},
        "trigger_id": trigger,
        "container": {**place, "is_ephemeral": False},
        "channel": {"id": "C0FRAUD000", "name": "fraud-models"},
        "actions": [
            {"type": "button", "action_id": action, "block_id": "b", "value": value},
        ],
    }


def surroundings(aws: str, slack: str) -> dict[str, str]:
    """What Lambda puts into a function's environment, and where AWS and Slack are."""
    return {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "model-approvals-bot",
        "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
        "AWS_ENDPOINT_URL": aws,
        "SLACK_API_URL": f"{slack}/api/",
    }
