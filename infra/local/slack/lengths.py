"""How much text is in blocks, as Slack adds it up."""

from typing import Any


def text_length(blocks: Any) -> int:
    """Count the characters of text in *blocks*."""
    match blocks:
        case {"text": str(words), **rest}:
            return len(words) + text_length(rest)
        case dict():
            return sum(text_length(each) for each in blocks.values())
        case list():
            return sum(text_length(each) for each in blocks)
    return 0
