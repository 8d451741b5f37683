"""
Long comments, as items of the ledger's table of their own.

A request repeats the comment of a vote in its decision and in the outbox, and forty long comments
alone fill an item of DynamoDB, which holds at most 400 KB. So where a comment is long, the
request's row has its key, which is a digest of the text: an item is the same whoever writes it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.store.items import COMMENT_PREFIX, CommentItem, Item, from_item, name_of, to_item
from bot.core.errors import Malformed
from bot.core.registry.version import arn_key
from bot.core.wire import parse, stored_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.core.registry.version import Arn

LONGEST_IN_ROW: Final = 500
"""Bytes of UTF-8; `tests/adapters/store/test_long_comments.py` computes what a row then takes."""
_COMMENT: Final = "comment"
_KEY: Final = "comment_key"


def move_out(raw: Any) -> tuple[Any, dict[str, str]]:
    """Return *raw* JSON with keys in place of its long comments, and these comments by key."""
    comments: dict[str, str] = {}

    def replaced(node: dict[str, Any]) -> dict[str, Any]:
        comment = node.get(_COMMENT)
        if not isinstance(comment, str) or _size(comment) <= LONGEST_IN_ROW:
            return node
        key = sha256(comment.encode(errors="surrogatepass")).hexdigest()
        comments[key] = comment
        return {**node, _COMMENT: "", _KEY: key}

    return _each_object(raw, replaced), comments


def has_keys(body: str) -> bool:
    """Whether the *body* of a row has keys of comments in it; text of people may look like one."""
    return _KEY in body


def move_in(raw: Any, comments: Mapping[str, str], what: str) -> Any:
    """Return *raw* JSON with its comments in place of their keys. Raises Malformed."""

    def restored(node: dict[str, Any]) -> dict[str, Any]:
        if _KEY not in node:
            return node
        key = node[_KEY]
        if not isinstance(key, str) or key not in comments:
            raise Malformed(f"{what} is malformed: its comment {key!r:.80} is missing")
        return {name: value for name, value in node.items() if name != _KEY} | {
            _COMMENT: comments[key]
        }

    return _each_object(raw, restored)


def item_of(arn: Arn, key: str, comment: str) -> Item:
    """Write *comment* on the version *arn*."""
    body = stored_json({_COMMENT: comment})
    return to_item(CommentItem(pk=arn_key(arn), sk=f"{COMMENT_PREFIX}{key}", body=body))


def comments_of(found: Iterable[Item]) -> dict[str, str]:
    """Read the comments in the items *found*, by their keys. Raises Malformed."""
    rows = {name_of(item): from_item(item, CommentItem) for item in found}
    return {
        row.sk.removeprefix(COMMENT_PREFIX): _comment_in(parse(row.body, name), name)
        for name, row in rows.items()
    }


def _comment_in(body: Mapping[str, Any], what: str) -> str:
    comment = body.get(_COMMENT)
    if not isinstance(comment, str):
        raise Malformed(f"{what} is malformed: `{_COMMENT}` is no text")
    return comment


def _each_object(node: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """Return *node* with each object of JSON in it changed by *change*."""
    match node:
        case dict():
            return change({name: _each_object(value, change) for name, value in node.items()})
        case list() | tuple():
            return [_each_object(value, change) for value in node]
        case _:
            return node


def _size(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))
