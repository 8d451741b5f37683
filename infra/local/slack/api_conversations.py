"""conversations.*: channels, and their messages page by page."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from math import inf
from operator import le, lt
from typing import Final

from infra.local.slack.arguments import Arguments
from infra.local.slack.model import Channel, Json, Message, SlackError
from infra.local.slack.workspace import Workspace

PAGE: Final = 100
MOST_ON_PAGE: Final = 999


def info(workspace: Workspace, args: Arguments) -> Json:
    channel = workspace.channel(args.text("channel"))
    is_dm = channel.id.startswith("D")
    fields = {"id": channel.id, "name": channel.name, "is_channel": not is_dm, "is_im": is_dm}
    fields |= {"is_archived": channel.archived, "is_member": channel.bot_is_member}
    fields |= {"is_private": channel.private or is_dm}
    return {"channel": fields}


def history(workspace: Workspace, args: Arguments) -> Json:
    """Return the messages of the channel itself, newest first."""
    channel = _readable(workspace, args)
    everything = workspace.messages.public(channel.id)
    messages = [each for each in reversed(everything) if not each.is_reply]
    return _page(_within(messages, args), everything, args)


def replies(workspace: Workspace, args: Arguments) -> Json:
    """Return a message and the replies to it, oldest first."""
    channel = _readable(workspace, args)
    everything = workspace.messages.public(channel.id)
    thread = _thread(everything, args.text("ts"))
    # The parent comes first, whatever time was asked for.
    return _page([thread[0], *_within(thread[1:], args)], everything, args)


METHODS: Final = {
    "conversations.info": info,
    "conversations.history": history,
    "conversations.replies": replies,
}


def _readable(workspace: Workspace, args: Arguments) -> Channel:
    channel = workspace.channel(args.text("channel"))
    if not channel.bot_is_member:
        raise SlackError("not_in_channel")
    return channel


def _thread(messages: Sequence[Message], ts: str) -> list[Message]:
    """Return the thread that contains *ts*, oldest message first."""
    for message in messages:
        if message.ts == ts:
            root = message.thread_ts or message.ts
            return [each for each in messages if root in {each.ts, each.thread_ts}]
    raise SlackError("thread_not_found")


def _within(messages: Sequence[Message], args: Arguments) -> list[Message]:
    """Keep the messages between `oldest` and `latest`."""
    oldest, latest = _time(args, "oldest", 0), _time(args, "latest", inf)
    before = le if args.flag("inclusive") else lt
    return [
        each
        for each in messages
        if before(oldest, float(each.ts)) and before(float(each.ts), latest)
    ]


def _time(args: Arguments, name: str, default: float) -> float:
    try:
        return float(args.text(name, str(default)))
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _page(messages: Sequence[Message], everything: Sequence[Message], args: Arguments) -> Json:
    start = _start(messages, args.text("cursor"))
    end = start + max(1, min(args.number("limit", PAGE), MOST_ON_PAGE))
    rest = messages[end:]
    cursor = b64encode(f"next_ts:{rest[0].ts}".encode()).decode() if rest else ""
    with_metadata = args.flag("include_all_metadata")
    return {
        "messages": [
            {**each.as_json(with_metadata=with_metadata), **_replies_to(each, everything)}
            for each in messages[start:end]
        ],
        "has_more": bool(rest),
        "response_metadata": {"next_cursor": cursor},
    }


def _start(messages: Sequence[Message], cursor: str) -> int:
    """Return the index at which the page of *cursor* starts."""
    if not cursor:
        return 0
    try:
        ts = b64decode(cursor).decode().removeprefix("next_ts:")
        return [each.ts for each in messages].index(ts)
    except ValueError:
        raise SlackError("invalid_cursor") from None


def _replies_to(message: Message, everything: Sequence[Message]) -> Json:
    """Return what a message that heads a thread says about its replies."""
    replies = [each for each in everything if each.thread_ts == message.ts]
    if not replies:
        return {}
    count, latest = len(replies), replies[-1].ts
    return {"thread_ts": message.ts, "reply_count": count, "latest_reply": latest}
