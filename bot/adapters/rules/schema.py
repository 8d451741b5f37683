"""Generate the JSON Schema of the rules file, by which editors complete and check it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from bot.adapters.rules.format import OTHER_TYPES, RulesFile


def json_schema() -> str:
    """Generate the schema as JSON text, with a line break at the end."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of the model approval bot",
        **_for_editors(msgspec.json.schema(RulesFile)),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _for_editors(node: Any) -> Any:
    r"""
    Adapt what msgspec generates: regular expressions are those of JavaScript, which has no `\Z`,
    descriptions that were made for the middle of a sentence lose their comma, and a name may be
    what an editor takes for a number.
    """
    if isinstance(node, list):
        return [_for_editors(each) for each in node]
    if not isinstance(node, dict):
        return node.rstrip(",").replace(r"\Z", "$") if isinstance(node, str) else node
    adapted = {key: _for_editors(each) for key, each in node.items() if key != OTHER_TYPES}
    if OTHER_TYPES in node and "type" in node:
        adapted["type"] = [node["type"], *node[OTHER_TYPES]]
    return adapted
