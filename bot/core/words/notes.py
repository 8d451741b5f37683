"""Say what could not be read of the evidence, or is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.evidence.brief import NoteCode
from bot.core.words import text

if TYPE_CHECKING:
    from bot.core.evidence.brief import Note

_REPORTS: Final = frozenset(
    {
        "model_quality",
        "model_quality_constraints",
        "data_quality",
        "data_quality_constraints",
        "bias",
        "bias_before_training",
        "bias_after_training",
        "explainability",
        "model_card",
    }
)


def report_label(kind: str) -> str:
    """Name a kind of report; one without a name of ours keeps its code."""
    return text(f"report_{kind}") if kind in _REPORTS else kind


def note_text(note: Note) -> str:  # noqa: PLR0911 - one return for each code
    """Say *note* as a sentence."""
    report = report_label(note.report)
    match note.code:
        case NoteCode.TOO_LONG:
            return text("note_too_long", report=report, count=note.count)
        case NoteCode.METRICS_LEFT_OUT:
            return text("note_metrics_left_out", count=note.count)
        case NoteCode.S3_BUSY:
            return text("note_s3_busy")
        case NoteCode.NOT_JSON:
            return text("note_not_json", report=report)
        case NoteCode.NO_NUMBERS:
            return text("note_no_numbers", report=report)
        case NoteCode.NOT_IN_S3:
            return text("note_not_in_s3", report=report)
        case NoteCode.UNREADABLE:
            return text("note_unreadable", report=report)
