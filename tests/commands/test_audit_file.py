"""`python -m bot audit verify --file`: files that are empty, or no export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.core.audit.lines import a_line

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.shell import Shell


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trail.jsonl"


def test_an_empty_file_does_not_hold_together(shell: Shell, file: Path) -> None:
    """Whoever removed every line would be told that all is well."""
    file.write_text("")

    assert shell.audit("verify", "--file", str(file)) == (
        1,
        [f"There is nothing to verify: {file} has no entries."],
        "",
    )


def test_a_head_is_not_looked_for_in_an_export_which_has_no_checkpoints(
    shell: Shell, file: Path
) -> None:
    file.write_text(a_line())

    exit_code, lines, err = shell.audit("verify", "--file", str(file), "--head", "a" * 64)

    assert (exit_code, lines) == (2, [])
    assert err == "--head names a checkpoint, and an export has none: leave out --file or --head.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "1e999"),
        ("number", "-1e999"),
        ("number", "NaN"),
        ("number", "1.5"),
        ("number", "true"),
        ("number", '"1"'),
        ("number", "null"),
        ("chain", "5"),
        ("chain", "null"),
        ("hash", "5"),
        ("hash", "[]"),
    ],
)
def test_a_field_of_another_type_is_named_with_its_line(
    shell: Shell, file: Path, name: str, value: str
) -> None:
    file.write_text(a_line() + a_line(**{name: value}))

    exit_code, _, err = shell.audit("verify", "--file", str(file))

    assert exit_code == 2
    assert err.startswith(f"{file}, line 2: this is no entry of an export: ")
    assert name in err
