"""The content of messages and views: read, checked against the limits, given ids."""

import json
from copy import deepcopy
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any, Final

from infra.local.slack.arguments import Arguments
from infra.local.slack.choice_limits import CHOICES
from infra.local.slack.limits import VIEW_BYTES, check, check_view
from infra.local.slack.model import Json, SlackError, elements_of, every_block
from infra.local.slack.rules import problem

INTERACTIVE: Final = {"button", "overflow", "plain_text_input", *CHOICES}
MOST_CHARTS: Final = 2


@dataclass(frozen=True, slots=True)
class Content:
    """The text, blocks and metadata of a message."""

    text: str
    blocks: list[Json] | None
    metadata: Json | None


def content_of(args: Arguments) -> Content:
    """Read the content of a message. Raises SlackError if it is empty or Slack would refuse it."""
    blocks = _blocks_of(args)
    text = args.text("text")
    if not text and not blocks:
        raise SlackError("no_text")
    return Content(text, blocks, _metadata_of(args))


def view_of(view: Any, kind: str) -> Json:
    """Return a view whose `type` is *kind*. Raises SlackError if Slack would refuse it."""
    problems = check_view(view)
    if not problems and view["type"] != kind:
        problems = [problem(f"must be a {kind}", "/view/type")]
    if problems:
        raise SlackError("invalid_arguments", problems)
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return {**view, "blocks": with_ids(view["blocks"])}


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return the blocks as Slack keeps them: with an id wherever none was sent."""
    completed = deepcopy(blocks)
    for block, _ in every_block(completed):
        block.setdefault("block_id", token_urlsafe(4))
        for element in elements_of(block):
            if element["type"] in INTERACTIVE:
                element.setdefault("action_id", token_urlsafe(4))
    return completed


def _blocks_of(args: Arguments) -> list[Json] | None:
    blocks = args.document("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = check(blocks, "message")
    if problems:
        raise SlackError("invalid_blocks", problems)
    kinds = [block["type"] for block, _ in every_block(blocks)]
    if kinds.count("table") > 1:
        raise SlackError("invalid_attachments", ["only_one_table_allowed"])
    if kinds.count("data_visualization") > MOST_CHARTS:
        what = f"no more than {MOST_CHARTS} data_visualization blocks allowed"
        raise SlackError("invalid_blocks", [problem(what, "/blocks")])
    return with_ids(blocks)


def _metadata_of(args: Arguments) -> Json | None:
    """Read the metadata that the bot attaches; an empty object removes what was there."""
    metadata = args.document("metadata", "invalid_metadata_format")
    match metadata:
        case None | {"event_type": str(), "event_payload": dict()}:
            return metadata
        case dict() if not metadata:
            return {}
    raise SlackError("invalid_metadata_format")
