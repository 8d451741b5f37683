"""chat.*: posting, updating and deleting messages, ephemeral ones, and permalinks."""

from typing import Final

from infra.local.slack.arguments import Arguments
from infra.local.slack.content import Content, content_of
from infra.local.slack.lengths import text_length
from infra.local.slack.limits import MESSAGE_TEXT
from infra.local.slack.model import BOT_USER, Channel, Json, Message, SlackError
from infra.local.slack.workspace import Workspace

TEXT_KEPT: Final = 40_000
TEXT_OF_UPDATE: Final = 4_000


def post_message(workspace: Workspace, args: Arguments) -> Json:
    channel = _writable(workspace.channel_to_post_in(args.text("channel")))
    content = content_of(args)
    if text_length(content.blocks) > MESSAGE_TEXT:
        raise SlackError("msg_blocks_too_long")
    message = workspace.messages.add(
        channel.id,
        BOT_USER,
        content.text[:TEXT_KEPT],
        content.blocks or (),
        thread_ts=_thread(workspace, channel, args),
        metadata=content.metadata,
    )
    return _posted_message(message)


def update(workspace: Workspace, args: Arguments) -> Json:
    channel = workspace.channel(args.text("channel"))
    if channel.archived:
        raise SlackError("is_inactive")
    message = _public_message(workspace, channel, args.text("ts"))
    if message.user != BOT_USER:
        raise SlackError("cant_update_message")
    content = _checked_for_update(content_of(args))
    changed = workspace.messages.change(message, content.text, content.blocks, content.metadata)
    return {**_posted_message(changed), "text": changed.text}


def delete(workspace: Workspace, args: Arguments) -> Json:
    channel = workspace.channel(args.text("channel"))
    message = _public_message(workspace, channel, args.text("ts"))
    if message.user != BOT_USER:
        raise SlackError("cant_delete_message")
    workspace.messages.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(workspace: Workspace, args: Arguments) -> Json:
    channel = _writable(workspace.channel_to_post_in(args.text("channel")))
    reader = workspace.user(args.text("user"))
    if reader is None or not channel.has(reader.id):
        raise SlackError("user_not_in_channel")
    content = _checked_for_update(content_of(args))
    message = workspace.messages.add(
        channel.id,
        BOT_USER,
        content.text,
        content.blocks or (),
        thread_ts=_thread(workspace, channel, args),
        only_for=reader.id,
    )
    return {"message_ts": message.ts}


def get_permalink(workspace: Workspace, args: Arguments) -> Json:
    channel = workspace.channel(args.text("channel"))
    message = _public_message(workspace, channel, args.text("message_ts"))
    link = f"{workspace.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS: Final = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}


def _writable(channel: Channel) -> Channel:
    """Return *channel* if the bot may post in it."""
    if channel.archived:
        raise SlackError("is_archived")
    if not channel.bot_is_member:
        raise SlackError("not_in_channel")
    return channel


def _public_message(workspace: Workspace, channel: Channel, ts: str) -> Message:
    """Return a message; for these methods, ephemeral ones do not exist."""
    message = workspace.messages.get(channel.id, ts)
    if message is None or message.only_for:
        raise SlackError("message_not_found")
    return message


def _checked_for_update(content: Content) -> Content:
    if len(content.text) > TEXT_OF_UPDATE:
        raise SlackError("msg_too_long")
    return content


def _thread(workspace: Workspace, channel: Channel, args: Arguments) -> str | None:
    """
    Return the thread to answer in; the ts of a reply means the thread that it is in.

    None if there is no such thread, and no error: Slack posts such a message in the channel
    itself (slack-go/slack #1571, langchain-ai/open-swe #2753).
    """
    return workspace.messages.thread(channel.id, args.text("thread_ts"))


def _posted_message(message: Message) -> Json:
    content = message.as_json(with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "message": content}
