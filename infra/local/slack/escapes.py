"""
The escapes that Slack puts into texts of messages before it sends them to the bot.

The bot sent "R&D" and gets "R&amp;D" (slackapi/bolt-python #513). Values are sent as they are.
"""

import re
from typing import Any, Final

_LONE: Final = re.compile("&(?!amp;|lt;|gt;)")
"""An ampersand that begins no escape."""


def escaped(blocks: Any) -> Any:
    """Return *blocks*, or what was done with one of their elements, with their texts escaped."""
    match blocks:
        case {"type": "plain_text", "text": str(text)}:
            return {**blocks, "text": escaped_plain(text)}
        case {"type": "mrkdwn", "text": str(text)}:
            return {**blocks, "text": escaped_markup(text)}
        case dict():
            return {name: escaped(value) for name, value in blocks.items()}
        case list():
            return [escaped(each) for each in blocks]
    return blocks


def escaped_plain(text: str) -> str:
    return escaped_markup(text).replace("<", "&lt;").replace(">", "&gt;")


def escaped_markup(text: str) -> str:
    """Escape only ampersands: what is in angle brackets is markup."""
    return _LONE.sub("&amp;", text)
