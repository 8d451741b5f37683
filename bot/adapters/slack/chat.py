"""
Slack's Web API for messages, forms and Home.

Slack has no idempotency key: whether a lost answer meant a posted message, only the channel's
history can tell. So every message carries a key in its metadata, and a post that may have
happened is looked for first. The client never retries by itself; the queue does.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.errors import retryable_is_unavailable
from bot.adapters.slack.refusals import BLOCKS_REFUSED, refusals_are_undeliverable
from bot.adapters.slack.response_urls import respond
from bot.core.errors import MessageNotFound, Throttled, Unavailable, Undeliverable
from bot.core.votes.message_ref import MessageRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from slack_sdk import WebClient

    from bot.core.cards.blocks import Json
    from bot.core.cards.messages import Message

_logger: Final = Logger(child=True)

EVENT_TYPE: Final = "model_approvals"
"""The `event_type` of the metadata of every message of ours."""
_CLOCK_SKEW: Final = 300.0
"""
A search goes back so many seconds further than it is asked to. The time is by the store's clock,
or by that of the queue, and Slack's `ts` by its own: no two of them are compared without this
margin, which costs a few more messages to read.
"""

_FORM_CLOSED: Final = frozenset({"not_found", "view_not_found", "hash_conflict"})
"""The codes of a form that is not open any more, or shows something else by now (views.update)."""


class SlackChat:
    """
    `bot.flows.ports.Chat`, on Slack. *new_client* makes a client with the current token.

    That client reports its own errors; *on_error* is told those of the URLs for answers, which
    take no token.
    """

    def __init__(
        self, new_client: Callable[[], WebClient], on_error: Callable[[str], None]
    ) -> None:
        self._new_client = new_client
        self._on_error = on_error

    def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str,
        thread: str | None = None,
        since: datetime | None = None,
    ) -> MessageRef:
        if since:
            with _throttled_proves_nothing():
                posted = self._posted_before(channel, key, thread, since)
            if posted:
                return posted
        response = _send_or_simplify(
            self._new_client().chat_postMessage,
            message,
            channel=channel,
            thread_ts=thread,
            metadata=_metadata(key),
            unfurl_links=False,
        )
        place = MessageRef(response["channel"], response["ts"])
        if thread and not response["message"].get("thread_ts"):
            with _throttled_proves_nothing():
                self._delete(place)
            raise MessageNotFound("thread_not_found")
        return place

    def find(self, channel: str, *, key: str, since: datetime) -> MessageRef | None:
        return self._find(channel, key, None, since)

    def permalink(self, place: MessageRef) -> str:
        where = {"channel": place.channel, "message_ts": place.ts}
        with refusals_are_undeliverable(), retryable_is_unavailable():
            return str(self._new_client().chat_getPermalink(**where)["permalink"])

    def update(self, place: MessageRef, message: Message) -> None:
        update = self._new_client().chat_update
        _send_or_simplify(update, message, channel=place.channel, ts=place.ts)

    def post_private(self, channel: str, person: str, message: Message) -> None:
        client = self._new_client()
        try:
            _send_or_simplify(client.chat_postEphemeral, message, channel=channel, user=person)
        except Undeliverable:
            _send_or_simplify(client.chat_postMessage, message, channel=person)

    def answer(self, url: str, message: Message, *, replace: bool) -> None:
        send = partial(respond, url, replace=replace, on_error=self._on_error)
        refusal = send(message)
        if refusal == HTTPStatus.BAD_REQUEST:
            refusal = send(message.plain)
        if refusal:
            _logger.warning("An answer could not be delivered", extra={"status": refusal})

    def update_form(self, view: str, form: Json, *, if_hash: str = "") -> None:
        try:
            with retryable_is_unavailable():
                self._new_client().views_update(view_id=view, view=form, hash=if_hash or None)
        except SlackApiError as error:
            if (code := error.response["error"]) not in _FORM_CLOSED:
                _logger.exception("A form could not be updated", extra={"reason": code})
                raise Undeliverable(code) from error

    def publish_home(self, person: str, view: dict[str, Any]) -> None:
        with refusals_are_undeliverable(), retryable_is_unavailable():
            self._new_client().views_publish(user_id=person, view=view)

    def _posted_before(
        self, channel: str, key: str, thread: str | None, since: datetime
    ) -> MessageRef | None:
        """Return our message with *key*. If its thread is gone, it may be in the channel."""
        try:
            return self._find(channel, key, thread, since)
        except MessageNotFound:
            if thread and (stray := self._find(channel, key, None, since)):
                self._delete(stray)
            raise

    def _delete(self, place: MessageRef) -> None:
        """
        Delete a message that should not be there, for everybody.

        That is a reply that Slack posted in the channel itself, as it does without an error if the
        message to reply to was deleted (slack-go/slack #1571), or one that was posted twice.
        """
        try:
            with retryable_is_unavailable():
                self._new_client().chat_delete(channel=place.channel, ts=place.ts)
        except SlackApiError as error:
            details = {"channel": place.channel, "reason": error.response["error"]}
            _logger.warning("A message that should not be there stays", extra=details)

    def _find(
        self, channel: str, key: str, thread: str | None, since: datetime
    ) -> MessageRef | None:
        """
        Return our message with *key*, if it was posted after *since*.

        If there are several, those after the first are deleted: people would act on either.
        """
        places = self._all(channel, key, thread, since)
        for duplicate in places[1:]:
            self._delete(duplicate)
        return places[0] if places else None

    def _all(self, channel: str, key: str, thread: str | None, since: datetime) -> list[MessageRef]:
        """List our messages with *key* that were posted after *since*, the earliest first."""
        oldest = f"{since.timestamp() - _CLOCK_SKEW:.6f}"
        where: dict[str, Any] = {"channel": channel, "oldest": oldest, "limit": 200}
        client = self._new_client()
        read = client.conversations_replies if thread else client.conversations_history
        where |= {"ts": thread} if thread else {}
        with refusals_are_undeliverable(), retryable_is_unavailable():
            times = [
                message["ts"]
                for page in read(**where, include_all_metadata=True)
                for message in page["messages"]
                if message.get("metadata") == _metadata(key)
            ]
        return [MessageRef(channel, ts) for ts in sorted(times)]


def _metadata(key: str) -> Json:
    """Return the metadata by which a message of ours is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _send_or_simplify(call: Callable[..., Any], message: Message, **where: Any) -> Any:
    """Send *message*; if Slack refuses its blocks, send it once more in the plain form."""
    try:
        return _send(call, message, where)
    except SlackApiError as error:
        if error.response["error"] not in BLOCKS_REFUSED:
            raise
        details = error.response.get("response_metadata", {})
        _logger.exception("Slack refused a message's blocks", extra={"details": details})
    try:
        return _send(call, message.plain, where)
    except SlackApiError as error:
        raise Undeliverable(error.response["error"]) from error


def _send(call: Callable[..., Any], message: Message, where: dict[str, Any]) -> Any:
    with refusals_are_undeliverable(), retryable_is_unavailable():
        return call(text=message.text, blocks=list(message.blocks), **where)


@contextmanager
def _throttled_proves_nothing() -> Iterator[None]:
    """Raise Unavailable in place of Throttled: there may be a message, of this post or another."""
    try:
        yield
    except Throttled as error:
        raise Unavailable(str(error), error.retry_after) from error
