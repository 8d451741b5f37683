"""`python -m bot rules simulate`: past decisions under other rules, read from an export."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.rules import load
from infra.local.deployment import ROOT
from infra.local.example import USERGROUPS
from tests.core.trail import Trail
from tests.doubles.builders import ANA, BEN, DAN, RISK
from tests.local.slack_stand_in import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.commands.shell import Shell
    from tests.local.slack_stand_in import StandIn

pytest_plugins = ["tests.local.slack_fixtures"]

ONE = f"""\
channel: C0MODELS00
rules:
  - name: fraud
    groups: fraud
    approvers:
      users: [{ANA.id}, {BEN.id}]
"""
TWO = f"{ONE}      needs: 2\n"
OF_RISK = f"""\
channel: C0MODELS00
rules:
  - groups: fraud
    approvers:
      user_groups: [{RISK}]
"""


@pytest.fixture(autouse=True)
def _no_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("APPROVALS_FILE", "SLACK_BOT_TOKEN", "SLACK_SECRET_ID", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def past(tmp_path: Path) -> Trail:
    """A trail in which Dan was refused and Ana approved, under rules that need one person."""
    trail = Trail(load(written(tmp_path / "one.yml", ONE)))
    trail.click(DAN)
    trail.click(ANA)
    return trail


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def exported(path: Path, entries: Iterable[dict[str, Any]]) -> Path:
    """An export with these entries, as `audit export` writes them."""
    lines = (json.dumps(each, separators=(",", ":"), sort_keys=True) for each in entries)
    return written(path, "".join(f"{line}\n" for line in lines))


@pytest.fixture
def simulated(shell: Shell, tmp_path: Path, past: Trail) -> Simulated:
    return Simulated(shell, tmp_path, exported(tmp_path / "export.jsonl", past.exported))


class Simulated:
    """The command, run on an export."""

    def __init__(self, shell: Shell, folder: Path, export: Path) -> None:
        self.shell = shell
        self.folder = folder
        self.export = export

    def __call__(self, rules: str, *more: str) -> tuple[int, list[str], str]:
        file = str(written(self.folder / "rules.yml", rules))
        return self.shell.run("rules", "simulate", str(self.export), "--file", file, *more)


def test_under_the_same_rules_every_decision_is_the_same(simulated: Simulated) -> None:
    exit_code, lines, err = simulated(ONE)

    assert exit_code == 0
    assert lines == ["1 decision and 1 refusal replayed: 0 would have gone another way."]
    assert err == (
        "Slack was not asked: who is in a user group is known as far as the export or --members "
        "say it; set SLACK_BOT_TOKEN (or SLACK_SECRET_ID) to ask it.\n"
    )


def test_a_decision_that_would_be_different_is_listed_and_the_exit_code_is_1(
    simulated: Simulated,
) -> None:
    exit_code, lines, _ = simulated(TWO)

    assert exit_code == 1
    assert lines[0] == (
        f"fraud version 1, entry 3 (2026-03-02T12:01:00+00:00): approved by @{ANA.id}. Now it "
        "would not be made. 1 more is needed."
    )
    assert lines[1:] == ["1 decision and 1 refusal replayed: 1 would have gone another way."]


def test_a_decision_with_unrecorded_facts_is_named_and_not_counted_as_different(
    simulated: Simulated,
) -> None:
    exit_code, lines, _ = simulated(OF_RISK)

    assert exit_code == 0
    assert len(lines) == 3
    assert f"nobody recorded whether @{DAN.id} was in @{RISK}" in lines[0]
    assert lines[2] == (
        "1 decision and 1 refusal replayed: 0 would have gone another way. For 2 it cannot be told."
    )


def test_a_file_names_the_members_of_groups_that_were_not_recorded(simulated: Simulated) -> None:
    members = written(simulated.folder / "members.yml", f"{RISK}: [{DAN.id}]")

    exit_code, lines, _ = simulated(OF_RISK, "--members", str(members))

    assert exit_code == 1
    assert lines[0].endswith("Now it would decide at once.")
    assert lines[2].endswith("replayed: 2 would have gone another way.")


def test_slack_names_the_members_of_groups_that_were_not_recorded(
    simulated: Simulated, slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.workspace.usergroups |= {team.id: team for team in USERGROUPS}
    monkeypatch.setenv("SLACK_API_URL", f"{slack.workspace.url}/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)

    _, lines, err = simulated(OF_RISK)

    assert "cannot be told" not in "".join(lines)
    assert err == ""


def test_recorded_members_of_a_group_are_not_looked_up(shell: Shell, tmp_path: Path) -> None:
    rules = written(tmp_path / "rules.yml", OF_RISK)
    trail = Trail(load(rules), {RISK: frozenset({BEN.id})})
    trail.click(BEN)
    export = exported(tmp_path / "export.jsonl", trail.exported)

    exit_code, lines, _ = shell.run("rules", "simulate", str(export), "--file", str(rules))

    assert (exit_code, len(lines)) == (0, 1)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "this is no JSON: "),
        ("[" * 100_000, "this is no JSON: "),
        ("\xff", "this is no JSON: "),
        ("[]", "this is no entry: a JSON object is expected"),
        ("{}", "this is no entry: `kind` is missing"),
        ('{"kind":"vote"}', "this is no entry: `chain` is missing"),
        ('{"unreadable":true}', "this is no entry: the entry cannot be read"),
    ],
)
def test_a_malformed_line_is_named(simulated: Simulated, line: str, why: str) -> None:
    with simulated.export.open("ab") as file:
        file.write(b"\n" + line.encode("latin-1") + b"\n")

    exit_code, lines, err = simulated(ONE)

    assert exit_code == 2
    assert lines == []
    assert f"{simulated.export}, line 5: {why}" in err
    assert "Traceback" not in err


def test_a_missing_export_is_named(simulated: Simulated) -> None:
    simulated.export = simulated.folder / "missing.jsonl"

    exit_code, _, err = simulated(ONE)

    assert exit_code == 2
    assert f"{simulated.export}: cannot be read" in err


def test_a_bad_rules_file_is_refused_with_the_line(simulated: Simulated) -> None:
    exit_code, _, err = simulated(ONE.replace("users", "user"))

    assert exit_code == 2
    assert "rules.yml, line 6: " in err


def test_an_empty_export_is_accepted(simulated: Simulated) -> None:
    simulated.export.write_text("")

    assert simulated(ONE)[1] == [
        "0 decisions and 0 refusals replayed: 0 would have gone another way."
    ]


def test_a_long_export_is_never_held_in_memory_as_a_whole(
    simulated: Simulated, past: Trail
) -> None:
    lines = [json.dumps(entry) for entry in past.exported]
    versions = (
        f"{line}\n".replace("fraud/1", f"fraud/{n}") for n in range(1_000) for line in lines
    )
    written(simulated.export, "".join(versions))
    size = simulated.export.stat().st_size

    tracemalloc.start()
    exit_code, output, _ = simulated(ONE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert exit_code == 0
    assert output[0].startswith("1000 decisions and 1000 refusals replayed: 0 would")
    assert peak < size / 2
