"""Evidence in memory, held to the same contract as AWS's (tests/adapters)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.evidence.brief import Brief, Metric, Note, NoteCode, Source

if TYPE_CHECKING:
    from bot.core.registry.version import Arn, Report


@dataclass
class FakeEvidence:
    """
    `bot.flows.ports.Evidence`: every report has the same content until it is overwritten.

    *unreadable* are the names of reports that the bot may not read.
    """

    auc: str = "0.94"
    written: int = 1
    unreadable: set[str] = field(default_factory=set)

    def read(self, report: Report, arn: Arn) -> Brief:  # noqa: ARG002
        if report.name in self.unreadable:
            note = Note(NoteCode.UNREADABLE, report.name)
            return Brief(notes=(note,), sources=(Source(report.uri, ""),))
        return Brief((Metric("auc", self.auc),), (), (Source(report.uri, f"etag-{self.written}"),))

    def write_over(self, auc: str = "0.91") -> None:
        self.auc, self.written = auc, self.written + 1
