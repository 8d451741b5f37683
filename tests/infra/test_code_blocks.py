"""Every code block of the documents is run here, or listed with the reason why it cannot be."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bot.__main__ import main
from bot.adapters.rules import read
from tests.infra.cloudformation import ROOT
from tests.infra.documents import TEXTS, Block, blocks, commands
from tests.world.embedded import ANA, Embedded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = ".venv/bin/python -m infra.local --port 0 --registry empty"
EXPORT = ".venv/bin/python -m bot audit export --output trail.jsonl"
NOT_RUN = {
    "make demo": "runs until Ctrl-C; the same program runs here as infra.local",
    "REGISTRIES=222222222222/eu-west-1 make demo": "the same; see tests/world/test_registries.py",
    "make test": "these are the tests",
    "make simulate": "takes minutes; tests/simulation goes through a part of it",
    "make check": "CI runs it beside the tests",
    "make node_modules/ready": "downloads packages; CI runs it before the tests",
    "make deploy": "needs AWS",
    "make redrive": "needs AWS",
    "make doctor": "needs AWS and Slack; see tests/commands/test_doctor.py",
    "aws": "needs AWS",
    "node_modules/.bin/osls remove": "needs AWS",
    ".venv/bin/python -m bot socket": "needs Slack; see tests/commands/test_socket.py",
    ".venv/bin/python -m pytest tests/core": "writes files of the repository",
}
"""Commands that begin like this, and why they are not run."""
NO_CODE = {
    "infra/approvals.yml, line 29:": "an error, which test_readme.py compares with the real one",
    "Slack ─────────►": "a picture",
}
"""Blocks of text that begin like this, and why they are no code."""


def listed(command: str) -> bool:
    """Whether *command* is listed as one that cannot run here."""
    return any(f"{command} ".startswith(f"{beginning} ") for beginning in NOT_RUN)


RUN = [each for each in commands() if not listed(each)]


# --- nothing is left out --------------------------------------------------------------------------


def test_every_block_is_in_a_language_that_is_tested() -> None:
    assert {block.language for block in blocks()} == {"sh", "python", "yaml", "json", "text"}


@pytest.mark.parametrize("name", TEXTS)
def test_every_block_is_found(name: str) -> None:
    """A fence that the tests cannot read, or a block without one, would be left out."""
    fences = re.findall(r"^ *```", TEXTS[name], re.MULTILINE)
    prose = re.sub(r"^( *)```.*?^\1```$", "", TEXTS[name], flags=re.DOTALL | re.MULTILINE)

    assert len(fences) == 2 * sum(block.document == name for block in blocks())
    assert re.findall(r"^(?: {4}|\t).*$", prose, re.MULTILINE) == []


@pytest.mark.parametrize("text", [block.text for block in blocks("text")])
def test_every_block_that_is_no_code_is_listed(text: str) -> None:
    assert any(text.startswith(beginning) for beginning in NO_CODE)


def test_everything_that_is_listed_is_in_a_document() -> None:
    texts = [block.text for block in blocks("text")]
    left_out = [each for each in commands() if listed(each)]

    for beginning in NO_CODE:
        assert any(text.startswith(beginning) for text in texts), beginning
    for beginning in NOT_RUN:
        assert any(each.startswith(beginning) for each in left_out), beginning


# --- data -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", blocks("yaml"), ids=lambda block: block.document)
def test_an_example_of_a_rules_file_is_valid(block: Block) -> None:
    rules = read(block.text, block.document)

    assert rules.find("fraud-detector").approvers.users == (ANA,)
    assert [role.name for role in rules.find("credit-scorer").roles] == ["ml-leads", "risk"]


def test_the_embedded_world_prints_what_the_document_shows(world: World) -> None:
    (block,) = blocks("json")
    documented = json.loads(block.text)

    assert documented.keys() == world.addresses.keys()
    assert [documented[key] for key in ("region", "account")] == [
        world.addresses[key] for key in ("region", "account")
    ]


# --- commands -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """A folder like the repository's, and the embedded world, started there as it is documented."""

    folder: Path
    addresses: dict[str, str]
    embedded: Embedded

    def run(self, command: str, text: str = "") -> str:
        """Run *command* as it is typed, with the world's AWS; returns what it prints."""
        done = subprocess.run(  # noqa: S602 - a command of our own documents, as it is typed
            command,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        return environment() | {
            "AWS_ENDPOINT_URL": self.addresses["aws"],
            "AWS_DEFAULT_REGION": self.addresses["region"],
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
            "LEDGER_TABLE": self.embedded.ledger,
        }


def environment() -> dict[str, str]:
    """The environment of somebody who has not set anything."""
    return {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world in which one version was decided, with an export of the audit trail."""
    folder = tmp_path_factory.mktemp("repository")
    lay_out(folder)
    assert START in commands()
    errors = folder / "errors.log"
    with (
        errors.open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - a command of our own documents
            START.split(), cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        try:
            yield ready(folder, process, errors)
        finally:
            process.send_signal(signal.SIGINT)  # Ctrl-C


def ready(folder: Path, process: subprocess.Popen[bytes], errors: Path) -> World:
    """The world, as soon as it printed its addresses."""
    assert process.stdout
    printed = process.stdout.readline()
    assert printed, errors.read_text(encoding="utf-8")
    (folder / "build").mkdir()
    (folder / "build" / "demo.json").write_bytes(printed)  # as `make demo` does
    addresses = json.loads(printed)
    embedded = Embedded(**addresses, logs=errors, stderr=errors)
    embedded.sagemaker.create_model_package_group(ModelPackageGroupName="fraud-detector")
    embedded.decide(ANA, embedded.register("fraud-detector"), "approve")
    world = World(folder, addresses, embedded)
    world.run(EXPORT)
    return world


def lay_out(folder: Path) -> None:
    """The repository by links, so that what a command writes does not land in it."""
    for path in ROOT.iterdir():
        if path.name not in {"build", ".venv"}:
            (folder / path.name).symlink_to(path)
    (folder / ".venv").symlink_to(sys.prefix)


@pytest.mark.parametrize("command", [each for each in RUN if each.startswith(".venv/bin/python")])
def test_a_command_runs_as_it_is_written(command: str, world: World) -> None:
    if command == START:
        assert world.addresses["slack"].startswith("http://")
    else:
        world.run(command)


@pytest.mark.parametrize("command", [each for each in RUN if each.startswith("make ")])
def test_a_target_of_make_runs_as_it_is_written(command: str, world: World) -> None:
    """The installed packages are not installed again: they run these tests."""
    assert world.run(command.replace("make ", "make -o .venv/ready ", 1))


@pytest.mark.parametrize(
    "command", [each for each in commands() if re.match(r"(\w+=\S+ )?make ", each)]
)
def test_make_has_the_target_of_every_command(command: str) -> None:
    """A dry run, also of targets that need an account."""
    subprocess.run(  # noqa: S602 - a command of our own documents
        command.replace("make ", "make --dry-run ", 1),
        shell=True,
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=60,
    )


def test_every_command_that_is_not_listed_is_run_by_one_of_these_tests() -> None:
    assert [each for each in RUN if not each.startswith((".venv/bin/python", "make "))] == []


def test_the_block_for_boto3_registers_a_version_that_gets_a_card(world: World) -> None:
    (block,) = blocks("python")
    before = versions(world)

    world.run(".venv/bin/python", block.text)

    (arn,) = versions(world) - before
    assert world.embedded.card(arn)


def versions(world: World) -> set[str]:
    listed = world.embedded.sagemaker.list_model_packages(ModelPackageGroupName="fraud-detector")
    return {each["ModelPackageArn"] for each in listed["ModelPackageSummaryList"]}


def in_prose() -> list[tuple[str, ...]]:
    """The commands of `python -m bot` that a sentence names, word by word, without options."""
    named: dict[tuple[str, ...], Any] = {}
    for text in TEXTS.values():
        for words in re.findall(r"`(?:\.venv/bin/)?python -m bot((?: [a-z]+)*)", text):
            named[tuple(words.split())] = None
    return list(named)


@pytest.mark.parametrize("words", in_prose(), ids=" ".join)
def test_a_command_that_is_named_in_a_sentence_exists(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])

    assert ended.value.code == 0
