"""`python -m bot audit verify`: the flaws it finds; and the errors that stop it and the export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.adapters.store.ledger import DynamoLedger
from bot.commands import verify
from bot.commands.progress import Progress
from bot.core.audit.chain import CHECKPOINTS, ChainHead, append
from tests.adapters.table import record, with_entries
from tests.commands.trail import DAY, FRAUD, PRICES, decide, sort_key, take_checkpoint
from tests.doubles.builders import an_arn
from tests.doubles.ledger import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.core.audit.chain import Entry
    from tests.adapters.aws import Aws
    from tests.adapters.table import Table
    from tests.commands.shell import Shell

    Json = dict[str, Any]

TRIES = 4
"""How often botocore calls AWS before it gives up: once, and three times more."""


def test_an_unchanged_trail_has_no_flaw(shell: Shell, ledger: DynamoLedger) -> None:
    decide(ledger, FRAUD)
    decide(ledger, PRICES)
    ledger.save(record(an_arn(9)))
    checkpoint = take_checkpoint(ledger)

    exit_code, lines, _ = shell.audit("verify")
    assert lines == [
        f"7 entries in 3 chains hold together. Last checkpoint: {DAY}, {checkpoint.hash}",
    ]
    assert exit_code == 0


def test_a_single_entry_is_reported_in_the_singular(
    shell: Shell, ledger: DynamoLedger, tmp_path: Path
) -> None:
    ledger.save(with_entries(record(an_arn()), "one"))
    file = tmp_path / "trail.jsonl"
    shell.audit("export", "--output", str(file))
    whole = shell.audit("verify", "--file", str(file))
    file.write_text(file.read_text().replace("one", "two"))
    forged = shell.audit("verify", "--file", str(file))

    assert whole[:2] == (0, ["1 entry holds together."])
    assert (forged[0], forged[1][-1]) == (1, "1 flaw in 1 entry.")
    assert shell.audit("verify")[1] == [
        "1 entry in 1 chain holds together. There is no checkpoint yet."
    ]


@pytest.mark.usefixtures("table")
def test_an_empty_trail_has_no_flaw_and_no_checkpoint(shell: Shell) -> None:
    exit_code, lines, _ = shell.audit("verify")

    assert lines == ["There is nothing to verify: the table has no entries."]
    assert exit_code == 0


def reworded(table: Table, arn: str) -> None:
    item = table.item(arn, sort_key(2))
    table.put({**item, "body": {"S": item["body"]["S"].replace("looks good", "looks bad")}})


def removed(table: Table, arn: str) -> None:
    table.remove(arn, sort_key(2))


def cut(table: Table, arn: str) -> None:
    table.remove(arn, sort_key(3))


def exchanged(table: Table, arn: str) -> None:
    second, third = table.item(arn, sort_key(2)), table.item(arn, sort_key(3))
    table.put({**second, "sk": third["sk"]})
    table.put({**third, "sk": second["sk"]})


def added(table: Table, arn: str) -> None:
    entry, _ = append(
        arn, ChainHead(3, table.item(arn, sort_key(3))["hash"]["S"]), {"kind": "vote"}
    )
    item = {**table.item(arn, sort_key(3)), "sk": {"S": sort_key(4)}}
    table.put({**item, "body": {"S": entry.body}, "hash": {"S": entry.hash}})


def unreadable(table: Table, arn: str) -> None:
    table.put({**table.item(arn, sort_key(1)), "body": {"S": "{"}})


def renamed(table: Table, arn: str) -> None:
    table.put({**table.item(arn, sort_key(1)), "sk": {"S": "audit#first"}})


def end_moved_forward(table: Table, arn: str) -> None:
    table.put({**table.item(arn), "chain_count": {"N": "1"}})


def without_its_request(table: Table, arn: str) -> None:
    table.remove(arn, "request")


def erased(table: Table, arn: str) -> None:
    for entry in ("request", sort_key(1), sort_key(2), sort_key(3)):
        table.remove(arn, entry)


@pytest.mark.parametrize(
    ("tamper", "flaw"),
    [
        (reworded, ", entry 2: changed: its hash is another one"),
        (removed, ", entry 2: missing"),
        (cut, ", entry 3: missing"),
        (exchanged, ", entry 2: moved: it was written as entry 3 of "),
        (added, ", entry 4: added: the chain is recorded to end before it"),
        (unreadable, ", entry 1: changed: it cannot be read"),
        (renamed, ": moved: it was written as entry 1 of "),
        (end_moved_forward, ", entry 2: added: the chain is recorded to end before it"),
        (without_its_request, ": the record of where it ends is missing"),
        (erased, f", entry 3: missing, although the checkpoint of {DAY} names it"),
    ],
)
def test_a_change_of_the_trail_is_found_and_named(
    shell: Shell,
    ledger: DynamoLedger,
    table: Table,
    tamper: Callable[[Table, str], None],
    flaw: str,
) -> None:
    decide(ledger, FRAUD)
    decide(ledger, PRICES)
    take_checkpoint(ledger)
    tamper(table, FRAUD.arn)

    exit_code, lines, _ = shell.audit("verify")
    assert any(line.startswith(f"{FRAUD.arn}{flaw}") for line in lines)
    assert all(line.startswith(FRAUD.arn) for line in lines)
    assert exit_code == 1


def test_a_report_with_flaws_says_how_much_was_read(
    shell: Shell, ledger: DynamoLedger, table: Table
) -> None:
    decide(ledger, FRAUD)
    checkpoint = take_checkpoint(ledger)
    reworded(table, FRAUD.arn)

    _, _, stderr = shell.audit("verify")
    summary = f"1 flaw in 4 entries in 2 chains. Last checkpoint: {DAY}, {checkpoint.hash}"
    assert stderr.splitlines()[-1] == summary


def rewritten(table: Table, chain: str, change: Callable[[Json], object]) -> None:
    """Write all of *chain* anew with *change*, new hashes and a new chain head."""
    ledger, end = DynamoLedger(table.dynamodb, table.name), ChainHead()
    for old in list(ledger.entries(chain)):
        fields = old.content
        change(fields)
        entry, end = append(chain, end, fields)
        item = table.item(chain, sort_key(old.number))
        table.put({**item, "body": {"S": entry.body}, "hash": {"S": entry.hash}})
    name = "end" if chain == CHECKPOINTS else "request"
    table.put({**table.item(chain, name), "chain_head": {"S": end.head}})


def change_comment(fields: Json) -> None:
    fields["comment"] = "never said"


def test_a_chain_rewritten_with_all_its_hashes_is_found_by_the_checkpoints(
    shell: Shell, ledger: DynamoLedger, table: Table
) -> None:
    decide(ledger, FRAUD)
    take_checkpoint(ledger)
    rewritten(table, FRAUD.arn, change_comment)

    exit_code, lines, _ = shell.audit("verify")
    assert lines == [f"{FRAUD.arn}, entry 3: it, or one before it, was changed after {DAY}"]
    assert exit_code == 1


def test_a_noted_hash_must_be_in_the_trail(shell: Shell, ledger: DynamoLedger) -> None:
    decide(ledger, FRAUD)
    noted = take_checkpoint(ledger)
    take_checkpoint(ledger, "2026-03-03")

    assert shell.audit("verify", "--head", noted.hash)[0] == 0
    assert shell.audit("verify", "--head", f" {noted.hash.upper()} ")[0] == 0
    exit_code, lines, _ = shell.audit("verify", "--head", "0123abcd")
    assert lines == ["checkpoints: none has the hash 0123abcd, which was noted"]
    assert exit_code == 1


def test_only_a_noted_hash_finds_checkpoints_that_were_rewritten_as_well(
    shell: Shell, ledger: DynamoLedger, table: Table
) -> None:
    decide(ledger, FRAUD)
    noted = take_checkpoint(ledger)
    rewritten(table, FRAUD.arn, change_comment)
    end = ledger.chain_head(FRAUD.arn)
    assert end is not None
    rewritten(table, CHECKPOINTS, lambda fields: fields["ends"].update({FRAUD.arn: [3, end.head]}))

    assert shell.audit("verify")[0] == 0
    exit_code, lines, _ = shell.audit("verify", "--head", noted.hash)
    assert lines == [f"checkpoints: none has the hash {noted.hash}, which was noted"]
    assert exit_code == 1


def test_checkpoints_that_were_removed_leave_no_noted_hash(
    shell: Shell, ledger: DynamoLedger, table: Table
) -> None:
    decide(ledger, FRAUD)
    noted = take_checkpoint(ledger)
    table.remove(CHECKPOINTS, sort_key(1))
    assert shell.audit("verify")[1] == ["checkpoints, entry 1: missing"]

    table.remove(CHECKPOINTS, "end")
    exit_code, lines, _ = shell.audit("verify", "--head", noted.hash)
    assert lines == [f"checkpoints: none has the hash {noted.hash}, which was noted"]
    assert exit_code == 1


class Busy(MemoryLedger):
    """A ledger into which the bot writes after a chain head is read and before its entries are."""

    def __init__(self, writes: int) -> None:
        super().__init__()
        self._writes = writes

    def entries(self, chain: str, *, newest_first: bool = False) -> Iterator[Entry]:
        if self._writes:
            self._writes -= 1
            self.save(with_entries(self.get(an_arn()), "meanwhile"))
            take_checkpoint(self)
        yield from super().entries(chain, newest_first=newest_first)


def test_a_chain_that_grows_while_it_is_read_has_no_flaw() -> None:
    busy = Busy(5)
    busy.save(with_entries(record(an_arn()), "one"))

    assert list(verify.find_flaws(busy, verify.Report(), Progress(live=False))) == []


def test_a_flaw_is_found_although_the_chain_grows() -> None:
    busy = Busy(5)
    busy.save(with_entries(record(an_arn()), "one", "two"))
    del busy.audit[an_arn()][1]

    (flaw,) = verify.find_flaws(busy, verify.Report(), Progress(live=False))
    assert str(flaw) == f"{an_arn()}, entry 1: missing"


# --- errors of both commands ------------------------------------------------------------------


@pytest.mark.parametrize("command", ["verify", "export"])
def test_a_missing_setting_is_named(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("LEDGER_TABLE", raising=False)

    assert shell.audit(command) == (2, [], "LEDGER_TABLE is not set in the environment.\n")


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("command", ["verify", "export"])
def test_a_table_that_is_not_there_is_named(
    shell: Shell,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setenv("LEDGER_TABLE", "another")

    exit_code, _, stderr = shell.audit(command)
    assert "The table another cannot be read: " in stderr
    assert exit_code == 2


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("command", ["verify", "export"])
def test_an_outage_is_one_line_without_a_traceback(
    shell: Shell,
    empty_aws: Aws,
    command: str,
) -> None:
    empty_aws.faults.add("Scan", "ThrottlingException", TRIES)

    exit_code, _, stderr = shell.audit(command)
    assert "Rate exceeded" in stderr.splitlines()[-1]
    assert exit_code == 2


# --- progress ---------------------------------------------------------------------------------


def test_the_progress_takes_few_lines(shell: Shell, ledger: DynamoLedger) -> None:
    for number in range(1, 24):
        ledger.save(with_entries(record(an_arn(number)), "one"))

    for command in ("export", "verify"):
        _, _, stderr = shell.audit(command)
        lines = stderr.splitlines()
        assert lines[0] == "0 of 23 versions, 0 entries"
        assert lines[-1] == "23 of 23 versions, 23 entries"
        assert len(lines) == 11


def test_at_a_terminal_the_progress_overwrites_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(live=True) as progress:
        for done in range(3):
            progress.show(done, 2, 6 * done)

    stderr = capsys.readouterr().err
    assert stderr.count("\n") == 1
    assert stderr.endswith("\n")
    assert [each.removesuffix("\x1b[K") for each in stderr.strip().split("\r")] == [
        "0 of 2 versions, 0 entries",
        "1 of 2 versions, 6 entries",
        "2 of 2 versions, 12 entries",
    ]
