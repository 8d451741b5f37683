"""The content of a model card, as AWS's schema 0.1.0 and its Python SDK write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.evidence.brief import Brief, Metric, Note, NoteCode
from bot.core.evidence.model_card import read_model_card
from tests.core.strategies import any_json

CARD = {
    "model_overview": {"model_creator": "ana", "model_artifact": ["s3://models/1.tar.gz"]},
    "intended_uses": {"purpose_of_model": "fraud", "risk_rating": "High"},
    "training_details": {
        "training_job_details": {"hyper_parameters": [{"name": "eta", "value": "0.2"}]}
    },
    "evaluation_details": [
        {
            "name": "holdout",
            "evaluation_observation": "good",
            "datasets": ["s3://models/holdout.csv"],
            "metric_groups": [
                {
                    "name": "binary_classification_metrics",
                    "metric_data": [
                        {"name": "auc", "type": "number", "value": 0.94},
                        {"name": "auc - standard_deviation", "type": "number", "value": 0.01},
                        {"name": "recall", "type": "string", "value": "0.81"},
                        {"name": "passed", "type": "boolean", "value": True},
                        {"name": "roc", "type": "linear_graph", "value": [[0, 0], [1, 1]]},
                    ],
                }
            ],
        }
    ],
    "additional_information": {"custom_details": {"budget": "12"}},
}


def pairs(card: Any) -> list[tuple[str, str]]:
    return [(each.name, each.value) for each in read_model_card(json.dumps(card)).metrics]


def test_the_risk_rating_and_the_metrics_of_the_evaluations_are_read_and_nothing_else() -> None:
    assert pairs(CARD) == [
        ("risk_rating", "High"),
        ("holdout.auc", "0.94"),
        ("holdout.recall", "0.81"),
    ]


def test_a_card_without_an_evaluation_is_no_note() -> None:
    assert read_model_card('{"model_overview": {"model_creator": "ana"}}') == Brief()
    assert read_model_card("") == Brief()


@pytest.mark.parametrize("rating", ["Approved", "<!channel>", 3, None, ["High"]])
def test_what_is_no_rating_of_the_schema_is_not_shown(rating: Any) -> None:
    assert pairs({"intended_uses": {"risk_rating": rating}}) == []


def test_content_that_is_not_json_is_a_note() -> None:
    assert read_model_card("{").notes == (Note(NoteCode.NOT_JSON, "model_card"),)
    assert read_model_card("[" * 100_000).notes == (Note(NoteCode.NOT_JSON, "model_card"),)


@given(st.text(max_size=200))
def test_no_text_raises(content: str) -> None:
    assert isinstance(read_model_card(content), Brief)


@given(any_json, any_json)
def test_no_json_in_the_place_of_what_is_read_raises(uses: Any, details: Any) -> None:
    brief = read_model_card(json.dumps({"intended_uses": uses, "evaluation_details": details}))

    assert brief.notes == ()
    assert all(isinstance(metric, Metric) and metric.value for metric in brief.metrics)
