"""
Slack's Web API. Its habits end here.

Slack has no idempotency key: whether a lost answer meant a posted message, only the channel's
history can tell. So every message carries a key in its metadata, and a post that may have
happened is looked for first. The client never retries by itself; the line does.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.errors import retryable_is_unavailable
from bot.adapters.slack.response_urls import respond
from bot.core.errors import MessageNotFound
from bot.core.votes.request import MessageRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from slack_sdk import WebClient

    from bot.core.cards.blocks import Json
    from bot.core.cards.messages import Message

_logger: Final = Logger(child=True)

EVENT_TYPE: Final = "model_approvals"
_LOOK_BACK: Final = 60.0
"""Slack's clock and ours may differ by so many seconds."""

_REFUSED_LOOKS: Final = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "block_mismatch",
    }
)
_LOST: Final = frozenset(
    {
        "message_not_found",
        "thread_not_found",
        "cant_update_message",
        "edit_window_closed",
        "is_inactive",
        "is_archived",
        "channel_not_found",
        "not_in_channel",
        "user_not_in_channel",
        "messages_tab_disabled",
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "no_permission",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
    }
)
_CLOSED: Final = frozenset({"not_found", "view_not_found", "hash_conflict"})


class SlackChat:
    """
    `bot.flows.ports.Chat`, on Slack. *web* makes a client with the token of the moment.

    That client says itself what Slack refuses it; *failed* hears what is refused at the addresses
    for answers, which take no token.
    """

    def __init__(self, web: Callable[[], WebClient], failed: Callable[[str], None]) -> None:
        self._web = web
        self._failed = failed

    def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str,
        thread: str | None = None,
        since: datetime | None = None,
    ) -> MessageRef:
        if since and (found := self._find(channel, key, thread, since)):
            return found
        tag = _mark(key)
        post = self._web().chat_postMessage
        answer = _plainer_if_refused(
            post, message, channel=channel, thread_ts=thread, metadata=tag, unfurl_links=False
        )
        return MessageRef(answer["channel"], answer["ts"])

    def update(self, place: MessageRef, message: Message) -> None:
        update = self._web().chat_update
        _plainer_if_refused(update, message, channel=place.channel, ts=place.ts)

    def whisper(self, channel: str, person: str, message: Message) -> None:
        try:
            post = self._web().chat_postEphemeral
            _plainer_if_refused(post, message, channel=channel, user=person)
        except MessageNotFound:
            _plainer_if_refused(self._web().chat_postMessage, message, channel=person)

    def answer(self, url: str, message: Message, *, replace: bool) -> None:
        say = partial(respond, url, replace=replace, failed=self._failed)
        refused = say(message)
        if refused == HTTPStatus.BAD_REQUEST:
            refused = say(message.plain)
        if refused:
            _logger.warning("an answer found no place", extra={"status": refused})

    def fill(self, view: str, form: Json) -> None:
        try:
            with retryable_is_unavailable():
                self._web().views_update(view_id=view, view=form)
        except SlackApiError as error:
            if error.response["error"] not in _CLOSED:
                raise

    def home(self, person: str, view: dict[str, Any]) -> None:
        with retryable_is_unavailable():
            self._web().views_publish(user_id=person, view=view)

    def _find(
        self, channel: str, key: str, thread: str | None, since: datetime
    ) -> MessageRef | None:
        """Our message with *key*, if it was posted after *since*."""
        oldest = f"{since.timestamp() - _LOOK_BACK:.6f}"
        seen: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": 200}
        with retryable_is_unavailable(), _places_are_lost():
            web = self._web()
            read = web.conversations_replies if thread else web.conversations_history
            seen |= {"ts": thread} if thread else {}
            for page in read(**seen, include_all_metadata=True):
                for found in page["messages"]:
                    if found.get("metadata") == _mark(key):
                        return MessageRef(channel, found["ts"])
        return None


def _mark(key: str) -> Json:
    """The metadata by which a message of ours is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _plainer_if_refused(call: Callable[..., Any], message: Message, **to: Any) -> Any:
    """Say *message*; if Slack refuses how it looks, say it once more in the plain form."""
    try:
        return _say(call, message, to)
    except SlackApiError as error:
        if error.response["error"] not in _REFUSED_LOOKS:
            raise
        said = error.response.get("response_metadata", {})
        _logger.exception("Slack refused a message's blocks", extra={"said": said})
    return _say(call, message.plain, to)


def _say(call: Callable[..., Any], message: Message, to: dict[str, Any]) -> Any:
    with retryable_is_unavailable(), _places_are_lost():
        return call(text=message.text, blocks=list(message.blocks), **to)


@contextmanager
def _places_are_lost() -> Iterator[None]:
    """Let a message or a channel that is not there for us be Lost."""
    try:
        yield
    except SlackApiError as error:
        reason = error.response["error"]
        if reason not in _LOST:
            raise
        _logger.warning("a message found no place", extra={"why": reason})
        raise MessageNotFound(reason) from error
