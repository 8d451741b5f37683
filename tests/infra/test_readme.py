"""What the documents claim, against the code: tables, examples, links, runbooks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.adapters.rules import load
from bot.core.cards.answers import commands
from bot.core.errors import Misconfigured
from bot.core.registry.moves import MOVES
from bot.core.words import moves
from tests.infra.cloudformation import ROOT, options, section
from tests.infra.documents import (
    CONTRIBUTING,
    FENCED,
    OPERATING,
    README,
    TEXTS,
    anchors,
    rows_under,
    section_under,
)
from tests.infra.test_alarms import RUNBOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EACH = pytest.mark.parametrize("name", TEXTS)


# --- tables ---------------------------------------------------------------------------------------


def test_the_table_of_moves_is_the_table_in_the_code() -> None:
    assert rows_under(README, "The four moves") == [
        (move.source, move.target, moves.label(move.key), moves.effect(move.key)) for move in MOVES
    ]


def test_the_table_of_commands_is_the_text_of_help() -> None:
    assert rows_under(README, "Slash commands") == [
        (f"`{command}`", what) for command, what in commands()
    ]


def test_the_table_of_options_has_every_option_of_a_deploy() -> None:
    explained = [re.match(r"`(\w+)=", option) for option, _ in rows_under(OPERATING, "Options")]
    declared = [re.search(r"param:(\w+),", value) for value in options().values()]

    assert {each and each[1] for each in explained} == {each and each[1] for each in declared}


def test_every_output_of_the_stack_is_explained_or_read_by_a_command() -> None:
    """The table's name is read by `doctor`; the ARN of the dead letters by `make redrive`."""
    used = {"DecisionRoleArn", "DeadLettersArn", "LedgerTable", "EventBusArn"}

    for output in section("Outputs").keys() - used:
        assert f"`{output}`" in OPERATING, output


def folders() -> Iterator[Path]:
    """The folders of the bot's code with one purpose each."""
    for part in ("core", "flows", "adapters", "commands"):
        for path in (ROOT / "bot" / part).iterdir():
            if (path / "__init__.py").exists():
                yield path


def test_every_folder_of_the_bot_is_in_the_table_of_folders() -> None:
    mapped = {name for cell, _ in rows_under(CONTRIBUTING, "The rooms") for name in named(cell)}

    assert {f"{folder.relative_to(ROOT)}/" for folder in folders()} <= mapped


def test_everything_in_the_table_of_folders_exists() -> None:
    for cell, _ in rows_under(CONTRIBUTING, "The rooms"):
        for name in named(cell):
            assert list(ROOT.glob(name.rstrip("/"))), name


def named(cell: str) -> list[str]:
    return re.findall("`(.+?)`", cell)


def test_the_glossary_has_each_term_once_in_order_and_on_one_line() -> None:
    rows = rows_under(CONTRIBUTING, "Glossary")
    terms = [term for term, _ in rows]

    assert terms == sorted({*terms})
    assert all(len(meaning) <= 120 for _, meaning in rows)


# --- examples and links ---------------------------------------------------------------------------


def test_the_example_of_a_broken_rules_file_shows_the_real_message(tmp_path: Path) -> None:
    shipped = (ROOT / "infra/approvals.yml").read_text()
    broken = tmp_path / "approvals.yml"
    broken.write_text(shipped.replace("approvers", "aprovers", 1))

    with pytest.raises(Misconfigured) as refused:
        load(broken)

    message = str(refused.value).replace(str(broken), "infra/approvals.yml")
    assert f"\n{message}\n" in OPERATING


@EACH
def test_everything_behind_a_link_exists(name: str) -> None:
    """A file beside the document, and the heading in it."""
    for link in re.findall(r"\]\((?!http)(.+?)\)", FENCED.sub("", TEXTS[name])):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name

        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


@EACH
def test_every_make_target_that_is_named_exists(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text()

    for command in re.findall(r"`make ([a-z-]+)", TEXTS[name]):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


def test_the_readme_can_be_read_in_five_minutes() -> None:
    assert len(README.split()) <= 1300


# --- runbooks -------------------------------------------------------------------------------------


def test_there_is_a_runbook_for_each_alarm() -> None:
    headings = set(re.findall(r"^### (Alarm: .+)$", OPERATING, re.MULTILINE))

    assert {heading.lower().replace(": ", "-").replace(" ", "-") for heading in headings} == (
        RUNBOOKS
    )


def test_every_phrase_that_a_runbook_searches_for_is_logged() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("bot", "handlers")
        for path in (ROOT / folder).rglob("*.py")
    )
    searched = re.findall(r'"([A-Z][^"]+)"', section_under(OPERATING, "Alarms"))

    assert searched
    for phrase in searched:
        assert re.search(rf'\.(exception|warning|info)\("{phrase}', code), phrase
