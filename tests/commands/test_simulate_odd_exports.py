"""`python -m bot rules simulate` on exports that somebody edited: a clear error, never a crash."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.rules import read
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.version import Status
from tests.core.trail import Trail
from tests.doubles.builders import ANA, BEN, DAN, RISK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.commands.shell import Shell

    Json = dict[str, Any]

RULES = f"""\
channel: C0MODELS00
rules:
  - name: fraud
    groups: fraud
    approvers:
      users: [{ANA.id}]
      user_groups: [{RISK}]
      needs: 2
"""
OTHER_RULES = RULES.replace(ANA.id, DAN.id)
ODD: list[Any] = [None, True, 5, -1, 10**30, 0.5, float("inf"), "", "x", "\ud800", [], [{}], {}]
ODD += ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-02T12:00:00"]


def a_past() -> list[Json]:
    """Entries of every kind."""
    trail = Trail(read(RULES, "rules"), {RISK: frozenset({BEN.id})})
    trail.click(DAN)
    trail.click(ANA)
    trail.withdraw(ANA)
    trail.click(ANA)
    reason = Reason(ReasonCode.BRIEF_CHANGED, {"metric": "", "before": "", "after": ""})
    trail.void("void-1", trail.votes, reason)
    trail.votes = ()
    trail.click(BEN)
    trail.click(ANA)
    trail.change_outside(Status.REJECTED)
    return trail.exported


PAST = a_past()


def paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the values in *node* are."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in pairs:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*path, key))


def with_odd(entries: list[Json], path: tuple[Any, ...], odd: Any) -> list[Json]:
    """The *entries* with an *odd* value at *path*."""
    edited = deepcopy(entries)
    node: Any = edited
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = odd
    return edited


class Simulated:
    def __init__(self, shell: Shell, folder: Path) -> None:
        self.shell = shell
        self.export = folder / "export.jsonl"
        self.file = folder / "rules.yml"

    def __call__(self, entries: list[Json], rules: str = RULES) -> tuple[int, list[str], str]:
        self.file.write_text(rules)
        self.export.write_text("".join(f"{json.dumps(each)}\n" for each in entries))
        return self.shell.run("rules", "simulate", str(self.export), "--file", str(self.file))


@pytest.fixture
def simulated(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Simulated:
    for name in ("APPROVALS_FILE", "SLACK_BOT_TOKEN", "SLACK_SECRET_ID", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return Simulated(shell, tmp_path)


def entry_of(kind: str) -> int:
    return next(number for number, entry in enumerate(PAST) if entry["kind"] == kind)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    path=st.sampled_from([path for path in paths(PAST) if len(path) > 1]),
    odd=st.sampled_from(ODD),
    rules=st.sampled_from([RULES, OTHER_RULES]),
)
def test_any_odd_value_is_accepted_or_refused_with_its_line(
    simulated: Simulated, path: tuple[Any, ...], odd: object, rules: str
) -> None:
    exit_code, _, err = simulated(with_odd(PAST, path, odd), rules)

    line = rf"{simulated.export}, line "
    assert exit_code in {0, 1} or (exit_code == 2 and line in err), err


def test_a_decision_without_votes_is_no_entry(simulated: Simulated) -> None:
    number = entry_of("decision")

    exit_code, _, err = simulated(with_odd(PAST, (number, "votes"), []))

    assert exit_code == 2
    assert f"line {number + 1}: this is no entry: `votes` is empty" in err


@pytest.mark.parametrize(
    "params", [{}, {"rule": "fraud", "move": "approve", "users": 5, "user_groups": 5}]
)
def test_a_reason_whose_parameters_do_not_fit_its_code_is_no_entry(
    simulated: Simulated, params: Json
) -> None:
    number = entry_of("refusal")

    exit_code, _, err = simulated(with_odd(PAST, (number, "reason", "params"), params))

    assert exit_code == 2
    assert f"line {number + 1}: this is no entry: `reason` does not fit its code: " in err


def test_entries_in_another_order_than_they_were_written_are_refused(simulated: Simulated) -> None:
    """The verdict would be about a past that never was."""
    exit_code, lines, err = simulated(PAST[::-1])

    assert (exit_code, lines) == (2, [])
    assert (
        f"line 2: entry {len(PAST) - 1} of {PAST[0]['chain']} comes after entry "
        f"{len(PAST)}: an export has the entries of a version in their order, each once" in err
    )


def test_an_entry_that_is_there_twice_is_refused(simulated: Simulated) -> None:
    exit_code, _, err = simulated([*PAST, PAST[-1]])

    assert exit_code == 2
    assert f"line {len(PAST) + 1}: entry {len(PAST)} of" in err


def test_entries_of_versions_may_alternate_and_some_may_be_missing(simulated: Simulated) -> None:
    others = [{**entry, "chain": f"{entry['chain']}0"} for entry in PAST]
    mixed = [entry for pair in zip(PAST, others, strict=True) for entry in pair]

    assert simulated(mixed[2:])[0] in {0, 1}


def test_a_number_that_no_machine_holds_is_no_entry(simulated: Simulated) -> None:
    exit_code, _, err = simulated(with_odd(PAST, (0, "number"), float("inf")))

    assert exit_code == 2
    assert "line 1: this is no entry: `number` is no whole number" in err
