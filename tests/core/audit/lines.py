"""Lines of an export, with fields of any JSON."""

from __future__ import annotations

import json

from bot.core.audit.chain import ChainHead, append
from tests.doubles.builders import an_arn


def a_line(**fields: str) -> str:
    """A line that is an entry, with *fields* of JSON in place of its own."""
    entry, _ = append(an_arn(), ChainHead(), {"kind": "vote"})
    content = {**entry.content, "hash": entry.hash}
    texts = {name: json.dumps(value) for name, value in content.items()} | fields
    return "{" + ",".join(f'"{name}":{text}' for name, text in texts.items()) + "}\n"
