from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.adapters.rules import load, read
from bot.core.cards.answers import commands
from bot.core.errors import Misconfigured
from bot.core.registry.moves import MOVES
from bot.core.words import moves
from tests.infra.test_alarms import RUNBOOKS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def rows_under(heading: str) -> list[tuple[str, ...]]:
    """The rows of the first table below *heading*, without its head."""
    table = README.split(f"## {heading}\n", 1)[1].split("\n| --- ", 1)[1].split("\n\n", 1)[0]
    lines = table.splitlines()[1:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def test_the_table_of_moves_is_the_table_in_the_code() -> None:
    assert rows_under("The four moves") == [
        (move.source, move.target, moves.label(move.key), moves.effect(move.key)) for move in MOVES
    ]


def test_the_table_of_commands_is_what_help_says() -> None:
    assert rows_under("Ask") == [(f"`{command}`", what) for command, what in commands()]


def test_the_example_of_a_rules_file_is_one() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)

    rules = read(example, "README")
    assert rules.find("fraud-detector").approvers.users == ("U0ANA00000",)
    assert [role.name for role in rules.find("credit-scorer").roles] == ["ml-leads", "risk"]


def test_the_example_of_a_broken_rules_file_says_what_it_says(tmp_path: Path) -> None:
    shipped = (ROOT / "infra/approvals.yml").read_text()
    broken = tmp_path / "approvals.yml"
    broken.write_text(shipped.replace("approvers", "aprovers", 1))

    with pytest.raises(Misconfigured) as refused:
        load(broken)

    said = str(refused.value).replace(str(broken), "infra/approvals.yml")
    assert f"    {said}\n" in README


def test_everything_on_the_map_and_behind_a_link_is_there() -> None:
    named = [
        name for cell, _ in rows_under("How it is built") for name in re.findall("`(.+?)`", cell)
    ]
    linked = re.findall(r"\]\((?!http)(.+?)\)", README)

    for name in (*named, *linked):
        assert list(ROOT.glob(name.rstrip("/"))), name


def test_the_commands_named_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()

    for command in re.findall(r"(?:`|    )make ([a-z-]+)", README):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


def test_there_is_a_runbook_for_each_alarm() -> None:
    headings = set(re.findall(r"^### Alarm: (.+)$", README, re.MULTILINE))

    assert headings == {runbook.removeprefix("alarm-").replace("-", " ") for runbook in RUNBOOKS}
