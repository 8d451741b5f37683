"""The documents that people read, taken apart: tables, code blocks, commands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from tests.infra.cloudformation import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "infra/README.md", "CONTRIBUTING.md")
}
README, OPERATING, CONTRIBUTING = TEXTS.values()
FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced code block: where it is, its language, and its text without indentation."""

    document: str
    language: str
    text: str

    def commands(self) -> Iterator[str]:
        """The commands of a block for the shell, without comments, each on one line."""
        for line in self.text.replace("\\\n", " ").splitlines():
            if command := re.sub(r"(^|\s+)#.*", "", line).strip():
                yield re.sub(r"\s+", " ", command)


def blocks(language: str = "") -> list[Block]:
    """All code blocks of all documents; with *language*, those in it."""
    return [
        Block(document, match[2], dedent(match[3]))
        for document, text in TEXTS.items()
        for match in FENCED.finditer(text)
        if language in {"", match[2]}
    ]


def commands() -> list[str]:
    """Every command of a code block, once."""
    return list(dict.fromkeys(each for block in blocks("sh") for each in block.commands()))


def rows_under(text: str, heading: str) -> list[tuple[str, ...]]:
    """The rows of the first table below *heading*, without the header."""
    table = text.split(f"# {heading}\n", 1)[1].split("\n| --- ", 1)[1].split("\n\n", 1)[0]
    lines = table.splitlines()[1:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def section_under(text: str, heading: str) -> str:
    """What is below a heading of the second level, up to the next one."""
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub makes of the headings in *text*."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
