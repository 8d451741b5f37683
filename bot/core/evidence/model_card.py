"""
What the model card of a version says: its risk rating, and the metrics of its evaluations.

The rest of a card (purpose, owner, training) is text for people, who read it in SageMaker. The
schema is in AWS's developer guide ("Model package model card schema"): metrics are in
`evaluation_details[].metric_groups[].metric_data[]`, as `{name, type, value}`.
"""

from __future__ import annotations

import json
from typing import Any, Final

from bot.core.evidence.brief import Brief, Metric, Note, NoteCode
from bot.core.evidence.reader import metrics_in

MODEL_CARD: Final = "model_card"
"""The report that SageMaker keeps in the version itself, and not in a file."""
_RATING: Final = "risk_rating"
_RATINGS: Final = frozenset({"High", "Medium", "Low", "Unknown"})
"""The schema allows no other rating."""


def read_model_card(content: str) -> Brief:
    """Return what a card with *content* says; a card without an evaluation is no note."""
    if not content:
        return Brief()
    try:
        card = json.loads(content)
    except (ValueError, RecursionError):
        return Brief(notes=(Note(NoteCode.NOT_JSON, MODEL_CARD),))
    card = card if isinstance(card, dict) else {}
    evaluations = {"evaluation_details": card.get("evaluation_details")}
    return Brief((*_rating(card.get("intended_uses")), *metrics_in(evaluations, MODEL_CARD)))


def _rating(intended_uses: Any) -> tuple[Metric, ...]:
    rating = intended_uses.get(_RATING) if isinstance(intended_uses, dict) else None
    return (Metric(_RATING, rating),) if isinstance(rating, str) and rating in _RATINGS else ()
