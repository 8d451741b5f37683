"""Cards to click in, and bots with a fixed answer."""

import json
from typing import Any

from tests.local.slack_stand_in import ANN, GENERAL, StandIn, actions, button, plain

OPTIONS = [{"text": plain(word), "value": word} for word in ("mute", "assign")]
MENU = {"type": "overflow", "action_id": "more", "options": OPTIONS}
SELECT = {"type": "static_select", "action_id": "pick", "options": OPTIONS}


def card(slack: StandIn, *blocks: Any, **more: Any) -> Any:
    """Post a message of the bot; return its channel and timestamp."""
    blocks = blocks or (actions(button(value="arn:1")),)
    answer = slack.web.chat_postMessage(channel=GENERAL.id, text="Card", blocks=blocks, **more)
    return {"channel": GENERAL.id, "ts": answer["ts"]}


def ephemeral(slack: StandIn) -> Any:
    answer = slack.web.chat_postEphemeral(
        channel=GENERAL.id, user=ANN.id, text="Card", blocks=[actions(button())]
    )
    return {"channel": GENERAL.id, "ts": answer["message_ts"]}


def answering(body: Any = "", status: int = 200) -> Any:
    """A bot that always gives this answer."""
    text = body if isinstance(body, str) else json.dumps(body)
    return lambda _headers, _body: (status, {}, text)


def silent(_headers: dict[str, str], _body: str) -> Any:
    raise TimeoutError
