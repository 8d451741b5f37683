"""The workspace as JSON, for the page and for scripts: what people can see now."""

from infra.local.slack.model import BOT_NAME, BOT_USER, Json, Message
from infra.local.slack.workspace import Workspace


def state_of(workspace: Workspace) -> Json:
    """Return the answer of `/client/state`."""
    # Read first: a change meanwhile is shown now and, harmlessly, announced again.
    revision = workspace.revision
    users, groups = list(workspace.users.values()), list(workspace.usergroups.values())
    return {
        "revision": revision,
        "bot": {"id": BOT_USER, "name": BOT_NAME},
        "users": [
            {"id": each.id, "name": each.name, "real_name": each.real_name} for each in users
        ],
        "usergroups": [
            {"id": each.id, "handle": each.handle, "name": each.name, "users": list(each.users)}
            for each in groups
        ],
        "channels": [
            {"id": each.id, "name": each.name} for each in workspace.channels.copy().values()
        ],
        "messages": [message_json(each) for each in workspace.messages.public()],
        "ephemeral": [ephemeral_json(each) for each in workspace.messages.ephemeral()],
        "views": {each.user: each.as_json() for each in workspace.views.tops()},
        "homes": {each.user: each.as_json() for each in workspace.views.homes()},
    }


def message_json(message: Message) -> Json:
    return _any_message(message) | {
        "user": message.user,
        "edited": message.edited_ts is not None,
        "metadata": message.metadata or None,
    }


def ephemeral_json(message: Message) -> Json:
    return _any_message(message) | {"user": message.only_for}


def _any_message(message: Message) -> Json:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "text": message.text,
        "blocks": message.blocks,
    }
