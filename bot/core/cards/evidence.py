"""What a version is judged by, on its card: metrics and files, and as clearly what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards import links
from bot.core.cards.blocks import columns, rich, small
from bot.core.evidence.brief import NoteCode
from bot.core.text import Link, one_line
from bot.core.words import bold, say
from bot.core.words.notes import note_text, report_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slack_sdk.models.blocks import Block

    from bot.core.evidence.brief import Brief
    from bot.core.registry.version import DescribedVersion, Report
    from bot.core.text import Sentence
    from bot.core.words import Item

_MOST_NOTES: Final = 5
_MOST_REPORTS: Final = 8


def evidence(version: DescribedVersion, brief: Brief) -> Iterable[Block]:
    """Show the metrics, what could not be read or is not there, and where the files are."""
    if brief.metrics:
        yield columns([(metric.name, metric.value) for metric in brief.metrics])
    if missing := [*_missing(version, brief)]:
        yield rich(*missing)
    if reports := [_report(each, version.region) for each in version.reports[:_MOST_REPORTS]]:
        yield rich(say("card_evidence", reports=reports))
    for note in brief.notes:
        if note.code is NoteCode.METRICS_LEFT_OUT:
            yield small(note_text(note))


def _missing(version: DescribedVersion, brief: Brief) -> Iterable[Sentence]:
    """Which evidence there is not, or could not be read."""
    if not any(report.numbers for report in version.reports):
        yield bold("card_no_evaluation")
    notes = [note for note in brief.notes if note.code is not NoteCode.METRICS_LEFT_OUT]
    for note in notes[:_MOST_NOTES]:
        yield bold("card_note", note=note_text(note))


def _report(report: Report, region: str) -> Item:
    """Link *report* to the S3 console; say where it is, if that is not in S3."""
    label = report_label(report.name)
    if address := links.s3_object(report.uri, region):
        return Link(address, label)
    return say("card_report_elsewhere", report=label, uri=one_line(report.uri))
