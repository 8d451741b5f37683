"""A terminal in which `python -m bot` is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.__main__ import main

if TYPE_CHECKING:
    import pytest


class Shell:
    """Runs commands, and returns their exit code and output."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *arguments: str) -> tuple[int, list[str], str]:
        """The exit code, the lines on stdout, and stderr, of one command."""
        try:
            exit_code = main(arguments)
        except SystemExit as exit_:
            exit_code = int(str(exit_.code))
        out, err = self._capsys.readouterr()
        return exit_code, out.splitlines(), err

    def audit(self, *arguments: str) -> tuple[int, list[str], str]:
        """The same for one of the commands for the audit trail."""
        return self.run("audit", *arguments)
