"""The payloads that Slack sends the bot, one function for each kind of interaction."""

from secrets import token_hex
from typing import Final

from infra.local.slack.escapes import escaped, escaped_markup
from infra.local.slack.model import (
    APP,
    BOT_USER,
    DOMAIN,
    TEAM,
    Channel,
    Json,
    Message,
    User,
    View,
)
from infra.local.slack.workspace import Workspace, dm_id

# Slack still sends this token; it proves nothing, the signature does.
TOKEN: Final = "legacy-do-not-use"  # noqa: S105 - not a secret


def click(
    workspace: Workspace, user: User, surface: Message | View, action: Json, values: Json
) -> Json:
    payload = {"type": "block_actions", **_person(user), **_trigger(workspace, user)}
    action = {**action, "action_ts": f"{workspace.clock():.6f}"}
    payload["actions"] = [action if isinstance(surface, View) else escaped(action)]
    if isinstance(surface, View):
        container = {"type": "view", "view_id": surface.id}
        return payload | {"container": container, "view": surface.as_json(values)}
    payload["state"] = {"values": values}
    return payload | _message(workspace, user, surface)


def submission(workspace: Workspace, user: User, view: View, values: Json) -> Json:
    payload = {"type": "view_submission", **_person(user), **_trigger(workspace, user)}
    return payload | {"view": view.as_json(values), "response_urls": []}


def closed(user: User, view: View) -> Json:
    return {"type": "view_closed", **_person(user), "view": view.as_json(), "is_cleared": False}


def command(
    workspace: Workspace, user: User, channel: Channel, name: str, text: str
) -> dict[str, str]:
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": _name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": _response_url(workspace, user, channel.id),
        **_trigger(workspace, user),
    }


def app_opened(workspace: Workspace, user: User, tab: str) -> Json:
    """
    Somebody opened the app: at its Home tab, which the event then has, or at its Messages tab.

    Source: docs.slack.dev/reference/events/app_home_opened.
    """
    now = workspace.clock()
    event = {"type": "app_home_opened", "user": user.id, "channel": dm_id(user), "tab": tab}
    event["event_ts"] = f"{now:.6f}"
    home = workspace.views.home(user.id) if tab == "home" else None
    return {
        "type": "event_callback",
        "token": TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "event_id": f"Ev{token_hex(5).upper()}",
        "event_time": int(now),
        "event": {**event, "view": home.as_json()} if home else event,
        "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
    }


def _person(user: User) -> Json:
    fields = {"id": user.id, "name": user.name, "username": user.name, "team_id": user.team}
    return {
        "user": fields,
        "team": {"id": TEAM, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": APP,
        "token": TOKEN,
    }


def _trigger(workspace: Workspace, user: User) -> dict[str, str]:
    return {"trigger_id": workspace.triggers.issue(user)}


def _message(workspace: Workspace, user: User, message: Message) -> Json:
    channel = workspace.channel(message.channel)
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = message.only_for is not None
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        "container": container,
        "channel": {"id": channel.id, "name": _name(channel)},
        "response_url": _response_url(workspace, user, channel.id, message),
    }
    # Slack stores no copy of an ephemeral message, so it sends none.
    return payload if message.only_for else {**payload, "message": _copy(message)}


def _copy(message: Message) -> Json:
    copy: Json = escaped(message.as_json())
    return {**copy, "text": escaped_markup(message.text)}


def _response_url(
    workspace: Workspace, user: User, channel: str, message: Message | None = None
) -> str:
    return f"{workspace.url}/response/{workspace.response_urls.issue(user, channel, message)}"


def _name(channel: Channel) -> str:
    return "directmessage" if channel.id.startswith("D") else channel.name
