"""
What Slack's error codes mean for a message, where they do not pass (`errors` knows those).

One code can have several meanings: "cannot be edited" is not "gone". The codes are from Slack's
reference of each method (docs.slack.dev/reference/methods).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools import Logger
from slack_sdk.errors import SlackApiError

from bot.core.errors import (
    ChannelNotFound,
    MessageNotFound,
    NotEditable,
    Unavailable,
    Undeliverable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_logger: Final = Logger(child=True)

BLOCKS_REFUSED: Final = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "block_mismatch",
    }
)
"""The codes of a message in a form that Slack refuses (chat.postMessage, chat.update)."""
_NOT_FOUND: Final = frozenset(
    {
        "message_not_found",
        "thread_not_found",
        "user_not_in_channel",
        "messages_tab_disabled",
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
    }
)
"""
The codes of a message or a thread that is not there or takes no replies, and of a person who cannot
be told (chat.postMessage, chat.update, chat.postEphemeral, conversations.replies).
"""
_CHANNEL_NOT_FOUND: Final = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "is_inactive",
        "no_permission",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
"""
The codes of a channel that is not there for the bot until somebody changes that: it is archived
(is_archived of chat.postMessage, is_inactive of chat.update: "frozen, archived or deleted"), the
app is no member (not_in_channel, no_permission; channel_not_found of a private one, which is also
that of a deleted channel), or a preference of the workspace lets it post nothing there.
"""
_NOT_EDITABLE: Final = frozenset({"cant_update_message", "edit_window_closed"})
"""
The codes of a message that is there and cannot be edited (chat.update): the workspace forbids it,
or only allows it for some time. That the message is another app's is impossible for a stored one.
"""
_NO_ACCESS: Final = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "not_allowed_token_type",
        "team_access_not_granted",
        "access_denied",
        "org_login_required",
        "two_factor_setup_required",
        "accesslimited",
    }
)
"""
The codes of an app that may do nothing, or not this, until somebody who runs it acts (the common
errors of every Web API method): what is to be told stays due until then.
"""


def _undeliverable(code: str) -> Undeliverable:
    """Return what *code* means for a message: gone, not editable, or refused for another reason."""
    if code in _CHANNEL_NOT_FOUND:
        return ChannelNotFound(code)
    if code in _NOT_FOUND:
        return MessageNotFound(code)
    return NotEditable(code) if code in _NOT_EDITABLE else Undeliverable(code)


@contextmanager
def refusals_are_undeliverable() -> Iterator[None]:
    """Raise Undeliverable for what Slack will not take, Unavailable while the app has no access."""
    try:
        yield
    except SlackApiError as error:
        code = error.response["error"]
        if code in BLOCKS_REFUSED:
            raise
        if code in _NO_ACCESS:
            raise Unavailable(f"Slack does not let the app in: {code}") from error
        _logger.warning("A message could not be delivered", extra={"reason": code})
        raise _undeliverable(code) from error
