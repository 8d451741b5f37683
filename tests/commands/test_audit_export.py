"""`python -m bot audit export`: which entries, in which format, and into which file."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import timedelta, timezone
from hashlib import sha256
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from bot.commands import csv_export, export, output
from bot.commands.progress import Progress
from bot.core.audit import entries
from bot.core.audit.chain import ChainHead, append
from bot.core.errors import Unavailable
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Status
from tests.commands.trail import DAY, FRAUD, PRICES, context, decide, sort_key, take_checkpoint
from tests.doubles.builders import ANA, BEN, NOON, RULE, a_vote, an_arn
from tests.doubles.ledger import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.adapters.store.ledger import DynamoLedger
    from bot.core.audit.chain import Entry
    from tests.adapters.aws import Aws
    from tests.adapters.table import Table
    from tests.commands.shell import Shell

    Json = dict[str, Any]


def test_a_line_is_the_content_of_an_entry_and_its_hash(shell: Shell, ledger: DynamoLedger) -> None:
    decide(ledger, FRAUD)

    exit_code, lines, _ = shell.audit("export")
    entries = ledger.entries(FRAUD.arn)
    assert [json.loads(line) for line in lines] == [
        entry.content | {"hash": entry.hash} for entry in entries
    ]
    assert [json.loads(line)["kind"] for line in lines] == ["vote", "decision", "refusal"]
    assert exit_code == 0


def test_the_hashes_can_be_checked_with_the_file_alone(shell: Shell, ledger: DynamoLedger) -> None:
    decide(ledger, FRAUD, comment="naïve 👩‍🚀 \ud800")

    before = ""
    for line in shell.audit("export")[1]:
        entry = json.loads(line)
        noted = entry.pop("hash")
        plain = json.dumps(entry, sort_keys=True, separators=(",", ":"))
        assert sha256(plain.encode()).hexdigest() == noted
        assert entry["before"] == before
        before = noted


def test_entries_are_sorted_by_version_and_checkpoints_are_left_out(
    shell: Shell, ledger: DynamoLedger
) -> None:
    decide(ledger, PRICES)
    decide(ledger, FRAUD)
    decide(ledger, PRICES)
    take_checkpoint(ledger)

    exported = [json.loads(line) for line in shell.audit("export")[1]]
    assert [(each["chain"], each["number"]) for each in exported] == [
        *((FRAUD.arn, number) for number in range(1, 4)),
        *((PRICES.arn, number) for number in range(1, 7)),
    ]


@pytest.mark.parametrize(
    ("days", "numbers"),
    [
        ([], [1, 2, 3, 4]),
        (["--from", DAY], [2, 3, 4]),
        (["--to", DAY], [1, 2, 3]),
        (["--from", DAY, "--to", DAY], [2, 3]),
        (["--from", "2026-03-03", "--to", "2026-12-31"], [4]),
        (["--from", "2027-01-01"], []),
    ],
)
def test_the_first_and_the_last_day_are_included(
    shell: Shell, ledger: DynamoLedger, days: list[str], numbers: list[int]
) -> None:
    midnight = NOON.replace(hour=0)
    moments = [
        midnight - timedelta(seconds=1),
        midnight,
        midnight + timedelta(hours=24, seconds=-1),
        midnight + timedelta(hours=24),
    ]
    for moment in moments:
        record = ledger.get(FRAUD.arn)
        vote = a_vote(FRAUD, Status.APPROVED, at=NOON + timedelta(days=99))
        ledger.save(record.with_entry(entries.vote(vote, context(FRAUD, moment))))

    exit_code, lines, _ = shell.audit("export", *days)
    assert [json.loads(line)["number"] for line in lines] == numbers
    assert exit_code == 0


def test_a_day_is_a_day_in_utc(shell: Shell, ledger: DynamoLedger) -> None:
    late = NOON.replace(hour=1, tzinfo=timezone(timedelta(hours=2)))
    vote = a_vote(FRAUD, Status.APPROVED)
    ledger.save(ledger.get(FRAUD.arn).with_entry(entries.vote(vote, context(FRAUD, late))))

    assert len(shell.audit("export", "--to", "2026-03-01")[1]) == 1
    assert shell.audit("export", "--from", DAY)[1] == []


@pytest.mark.parametrize(
    ("pattern", "groups"),
    [
        ("*", {"fraud", "house-prices"}),
        ("house-*", {"house-prices"}),
        ("FRAUD", {"fraud"}),
        ("nothing", set()),
    ],
)
def test_only_the_selected_groups_are_exported(
    shell: Shell, ledger: DynamoLedger, pattern: str, groups: set[str]
) -> None:
    decide(ledger, FRAUD)
    decide(ledger, PRICES)

    exit_code, lines, _ = shell.audit("export", "--group", pattern)
    assert {json.loads(line)["group"] for line in lines} == groups
    assert exit_code == 0


@pytest.mark.parametrize("option", ["--from", "--to"])
@pytest.mark.parametrize("day", ["2026-02-30", "2026-3-2", "20260302", "2026-W10-1", "yesterday"])
def test_an_invalid_day_is_refused(shell: Shell, option: str, day: str) -> None:
    exit_code, lines, stderr = shell.audit("export", option, day)

    assert stderr.splitlines()[-1].endswith(
        f"argument {option}: '{day}' is no day: write it as 2026-03-31"
    )
    assert (exit_code, lines) == (2, [])


def test_a_last_day_before_the_first_is_refused(shell: Shell) -> None:
    exit_code, lines, stderr = shell.audit("export", "--from", "2026-03-03", "--to", DAY)

    assert stderr == f"--from 2026-03-03 is after --to {DAY}.\n"
    assert (exit_code, lines) == (2, [])


def test_an_unknown_format_is_refused(shell: Shell) -> None:
    exit_code, lines, stderr = shell.audit("export", "--format", "xml")

    assert "argument --format: invalid choice: 'xml'" in stderr
    assert (exit_code, lines) == (2, [])


def test_an_entry_that_cannot_be_read_is_exported_as_it_is(
    shell: Shell, ledger: DynamoLedger, table: Table
) -> None:
    decide(ledger, FRAUD)
    table.put({**table.item(FRAUD.arn, sort_key(2)), "body": {"S": "{"}})

    exit_code, lines, stderr = shell.audit("export", "--from", "2026-12-31")
    assert [json.loads(line) for line in lines] == [
        {
            "chain": FRAUD.arn,
            "number": 2,
            "body": "{",
            "hash": table.item(FRAUD.arn, sort_key(2))["hash"]["S"],
            "unreadable": True,
        }
    ]
    assert stderr.splitlines()[-1] == "1 entry cannot be read; `audit verify` says more."
    assert exit_code == 1


class Endless(MemoryLedger):
    """A ledger with endless entries."""

    def entries(self, chain: str, *, newest_first: bool = False) -> Iterator[Entry]:  # noqa: ARG002
        entry, end = append(chain, ChainHead(), {"written": NOON.isoformat(), "group": "fraud"})
        while True:
            yield entry
            entry, end = append(chain, end, entry.content)


@pytest.mark.parametrize("format_", export.FORMATS)
def test_entries_are_written_while_they_are_read(format_: str) -> None:
    endless = Endless()
    endless.save(endless.get(an_arn()))
    selection = export.Selection(NOON.date(), NOON.date(), "*")
    entries = export.Export(endless, selection, Progress(live=False)).entries()

    assert len(list(islice(export.FORMATS[format_](entries), 5))) == 5


# --- export as CSV ------------------------------------------------------------------------


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def test_csv_has_a_row_for_each_entry(shell: Shell, ledger: DynamoLedger, tmp_path: Path) -> None:
    decide(ledger, FRAUD)
    decide(ledger, PRICES)
    file = tmp_path / "audit.csv"
    exit_code, lines, _ = shell.audit("export", "--format", "csv", "--output", str(file))

    rows = rows_of(file.read_bytes().decode())
    assert [row["kind"] for row in rows] == ["vote", "decision", "refusal"] * 2
    assert all(None not in row and None not in row.values() for row in rows)
    assert (exit_code, lines) == (0, [])


def test_a_row_has_the_person_the_move_the_evidence_and_the_rule(
    shell: Shell, ledger: DynamoLedger
) -> None:
    request = decide(ledger, FRAUD, outcome=Outcome(2, 3))

    _, lines, _ = shell.audit("export", "--format", "csv")
    _, decision, refusal = rows_of("\n".join(lines))
    assert decision == decision | {
        "time": NOON.isoformat(),
        "group": "fraud",
        "version": "3",
        "kind": "decision",
        "move": "approve",
        "from": "PendingManualApproval",
        "to": "Approved",
        "who": ANA.id,
        "name": "ana",
        "comment": "looks good",
        "reason": "",
        "why": "",
        "votes": "ben (U0BEN00000) for risk: by ben; ana (U0ANA00000) for ml-leads: by ana",
        "veto": "",
        "next_to_deploy_before": "2",
        "next_to_deploy_after": "3",
        "metrics": "auc=0.94",
        "rule": "fraud",
        "rule_digest": RULE.digest,
        "rules_digest": "rules-1",
        "chain": FRAUD.arn,
        "number": "2",
    }
    assert decision["brief_digest"] == a_vote(FRAUD, Status.APPROVED).brief_digest
    assert refusal["reason"] == "status_changed"
    assert refusal["why"].startswith(f"fraud version 3 is now approved. @{ANA.id} was first, ")
    assert refusal["before"] == decision["hash"]
    assert refusal["hash"] == request.chain.head


@pytest.mark.usefixtures("table")
def test_csv_without_entries_has_a_header(shell: Shell) -> None:
    _, lines, _ = shell.audit("export", "--format", "csv")

    assert lines == [",".join(csv_export.COLUMNS)]


def cells(entry: Json) -> dict[str, str]:
    (row,) = rows_of("".join(csv_export.csv_lines([entry])))
    return row


def test_all_who_may_have_registered_the_version_are_in_one_cell() -> None:
    one, several = {"name": "ci", "id": ANA.id}, {"name": "ci", "id": ANA.id, "others": [BEN.id]}

    assert cells({"submitter": one})["submitter_id"] == ANA.id
    assert cells({"submitter": several})["submitter_id"] == f"{ANA.id}; {BEN.id}"
    assert cells({"submitter": {"name": "ci", "id": None}})["submitter_id"] == ""


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001
def test_no_cell_begins_like_a_formula(first: str) -> None:
    entry = {"comment": f"{first}HYPERLINK(1)", "name": first, "group": f"a{first}"}
    row = cells({**entry, "brief": {"metrics": [[f"{first}1", "2"]]}})

    assert row["comment"] == f"'{first}HYPERLINK(1)"
    assert row["name"] == f"'{first}"
    assert row["metrics"] == f"'{first}1=2"
    assert row["group"] == f"a{first}"


def test_a_cell_may_hold_anything_else() -> None:
    comment = 'one, "two"; \nthree 👩‍🚀 \x00'

    assert cells({"comment": comment})["comment"] == comment
    assert cells({"comment": "\ud800!"})["comment"] == "\\ud800!"


@pytest.mark.parametrize(
    "entry",
    [
        {"brief": 7, "votes": 3, "submitter": None},
        {"brief": {"metrics": 3, "notes": [1]}, "votes": [{}], "submitter": []},
    ],
)
def test_a_malformed_entry_is_still_a_row(entry: Json) -> None:
    row = cells({**entry, "kind": "vote"})

    assert row["kind"] == "vote"
    assert row["votes"] == row["metrics"] == row["submitter"] == "?"


# --- where it is written to -------------------------------------------------------------------


def test_a_file_has_the_same_lines_as_stdout(
    shell: Shell, ledger: DynamoLedger, tmp_path: Path
) -> None:
    decide(ledger, FRAUD)
    _, lines, _ = shell.audit("export")
    file = tmp_path / "audit.jsonl"
    exit_code, stdout, _ = shell.audit("export", "--output", str(file))

    assert file.read_text().splitlines() == lines
    assert (exit_code, stdout) == (0, [])
    assert list(tmp_path.iterdir()) == [file]


def test_a_failed_export_leaves_the_old_file(
    shell: Shell, ledger: DynamoLedger, empty_aws: Aws, tmp_path: Path
) -> None:
    decide(ledger, FRAUD)
    file = tmp_path / "audit.jsonl"
    file.write_text("of yesterday\n")
    empty_aws.faults.add("Query", "AccessDeniedException")
    exit_code, _, stderr = shell.audit("export", "--output", str(file))

    assert "AccessDeniedException" in stderr
    assert exit_code == 2
    assert file.read_text() == "of yesterday\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_half_written_file_is_removed(tmp_path: Path) -> None:
    seen: list[str] = []

    def half() -> Iterator[str]:
        yield "the first half\n" * 99_999
        seen.extend(path.name for path in tmp_path.iterdir())
        raise Unavailable("AWS is busy")

    with pytest.raises(Unavailable), output.atomic_file(tmp_path / "audit.jsonl") as file:
        file.writelines(half())

    assert [name.startswith(".audit.jsonl.") for name in seen] == [True]
    assert list(tmp_path.iterdir()) == []


def test_a_symbolic_link_is_followed_and_kept(
    shell: Shell, ledger: DynamoLedger, tmp_path: Path
) -> None:
    decide(ledger, FRAUD)
    link, file = tmp_path / "link.jsonl", tmp_path / "file.jsonl"
    link.symlink_to(file)
    shell.audit("export", "--output", str(link))

    assert link.is_symlink()
    assert len(file.read_text().splitlines()) == 3


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is there, and no file."),
        ("missing/audit.jsonl", "cannot be written: No such file or directory."),
    ],
)
def test_a_path_that_cannot_be_written_is_named(
    shell: Shell,
    tmp_path: Path,
    name: str,
    why: str,
) -> None:
    file = tmp_path / name

    assert shell.audit("export", "--output", str(file)) == (2, [], f"{file} {why}\n")


def test_a_reader_that_closes_the_pipe_gets_no_error_message(ledger: DynamoLedger) -> None:
    decide(ledger, FRAUD)
    command = [sys.executable, "-m", "bot", "audit", "export"]
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        stderr = running.stderr.read().splitlines()

    assert stderr[0] == "0 of 1 versions, 0 entries"
    assert all(line.endswith(" entries") for line in stderr)
    assert running.returncode == 1
