import json
import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.evidence.brief import MOST_METRICS, Brief, Metric, Note, NoteCode, merge_briefs
from bot.core.evidence.reader import MOST_BYTES, read_report
from bot.core.text import CUT, length
from tests.core.strategies import any_json

REGRESSION = {
    "regression_metrics": {
        "mae": {"value": 0.3711832061068702, "standard_deviation": 0.0037566388129940394},
        "mse": {"value": 0.3711832061068702, "standard_deviation": 0.0037566388129940524},
        "rmse": {"value": 0.609248066149471, "standard_deviation": 0.003079253267651125},
        "r2": {"value": -1.3766111872212665, "standard_deviation": 0.022653980022771227},
    }
}
BINARY = {
    "binary_classification_metrics": {
        "confusion_matrix": {"0": {"0": 1, "1": 2}, "1": {"0": 0, "1": 1}},
        "accuracy": {"value": 0.5, "standard_deviation": "NaN"},
        "auc": {"value": 1.0, "standard_deviation": "NaN"},
        "f1": {"value": 0.5, "standard_deviation": "NaN"},
        "f1_best_constant_classifier": {"value": 0.4, "standard_deviation": "NaN"},
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": [0.0, 0.0, 1.0],
            "true_positive_rates": [0.0, 0.5, 1.0],
        },
        "precision_recall_curve": {"precisions": [1.0, 1.0], "recalls": [0.0, 1.0]},
    }
}
MULTICLASS = {
    "multiclass_classification_metrics": {
        "confusion_matrix": {"0": {"0": 5, "1": 2, "2": 0}, "1": {"0": 1, "1": 9, "2": 3}},
        "accuracy": {"value": 0.625, "standard_deviation": 0.01},
        "weighted_recall": {"value": 0.625, "standard_deviation": 0.01},
        "weighted_f2_best_constant_classifier": {"value": 0.2},
    }
}


def pairs(content: Any) -> list[tuple[str, str]]:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return [(metric.name, metric.value) for metric in read_report("model_quality", raw).metrics]


A_NOTE = Note(NoteCode.UNREADABLE, "bias")


def note(content: bytes) -> Note:
    brief = read_report("model_quality", content)
    assert brief.metrics == ()
    (only,) = brief.notes
    return only


def test_a_regression_report_gives_its_numbers_with_their_spread() -> None:
    assert pairs(REGRESSION) == [
        ("mae", "0.3712 ± 0.003757"),
        ("mse", "0.3712 ± 0.003757"),
        ("rmse", "0.6092 ± 0.003079"),
        ("r2", "-1.377 ± 0.02265"),
    ]


def test_a_binary_report_gives_its_numbers_without_curves_matrix_and_baselines() -> None:
    assert pairs(BINARY) == [("accuracy", "0.5"), ("auc", "1"), ("f1", "0.5")]


def test_a_multiclass_report_gives_its_numbers_without_matrix_and_baselines() -> None:
    assert pairs(MULTICLASS) == [("accuracy", "0.625 ± 0.01"), ("weighted_recall", "0.625 ± 0.01")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"regression_metrics": {"mape": 3.1, "rmse": 9}}, [("mape", "3.1"), ("rmse", "9")]),
        ({"auc": {"value": 0.9}}, [("auc", "0.9")]),
        ({"auc": {"value": "0.9", "standard_deviation": "0.1"}}, [("auc", "0.9 ± 0.1")]),
        ({"auc": {"value": "NaN"}}, [("auc", "NaN")]),
        ({"auc": "NaN"}, [("auc", "NaN")]),
        (b'{"a": NaN, "b": Infinity, "c": -Infinity}', [("a", "NaN"), ("b", "inf"), ("c", "-inf")]),
        ({"recall": 1}, [("recall", "1")]),
        ({"a": {"b": {"c": {"recall": 1}}}}, [("a.b.c.recall", "1")]),
        ({"train": {"f1": 1}, "test": {"f1": {"value": 0}}}, [("train.f1", "1"), ("test.f1", "0")]),
        ({"regression_metrics": {"test": {"r2": 1}}}, [("test.r2", "1")]),
        ({"passed": True, "name": "xgboost", "none": None, "ids": [1, 2]}, []),
        ({"auc": {"value": None}, "f1": {"value": [1]}, "f2": {"value": {"value": 1}}}, []),
        ({"version": 0, "auc": 0.9}, [("auc", "0.9")]),
        (0.93, [("model_quality", "0.93")]),
        ("0.93", [("model_quality", "0.93")]),
        ({"value": 0.93}, [("model_quality", "0.93")]),
        ([0.1, 0.2], []),
        ("not a number", []),
        ({}, []),
        ([], []),
        (None, []),
        (
            {"big": 123456789, "small": 0.0000123456},
            [("big", "123,456,789"), ("small", "1.235e-05")],
        ),
        ({"below": -9999, "from": -10000.4}, [("below", "-9999"), ("from", "-10,000")]),
        (
            {"below": 10**15 - 1, "from": 10**15},
            [("below", "999,999,999,999,999"), ("from", "1e+15")],
        ),
        ({"huge": 10**400}, []),
    ],
)
def test_numbers_are_found_at_any_depth_and_named_by_their_path(
    content: Any, expected: list[tuple[str, str]]
) -> None:
    assert pairs(content) == expected


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        pytest.param(
            {"metrics": [{"name": "auc", "value": 0.9}, {"name": "f1", "value": "0.5"}]},
            [("auc", "0.9"), ("f1", "0.5")],
            id="a list",
        ),
        pytest.param([{"name": "wer", "value": 0.1}], [("wer", "0.1")], id="nothing but a list"),
        pytest.param(
            {
                "train": [{"name": "auc", "value": 1}],
                "test": {"metrics": [{"name": "auc", "value": 2}]},
            },
            [("train.auc", "1"), ("test.auc", "2")],
            id="two lists",
        ),
        pytest.param(
            [
                {
                    "eval_name": "qa_accuracy",
                    "dataset_name": "boolq",
                    "dataset_scores": [
                        {"name": "f1_score", "value": 0.02, "error": None},
                        {"name": "recall_over_words", "value": 0.6, "error": None},
                    ],
                    "category_scores": None,
                }
            ],
            [("boolq.f1_score", "0.02"), ("boolq.recall_over_words", "0.6")],
            id="FMEval",
        ),
        pytest.param(
            {
                "metric_groups": [
                    {
                        "name": "binary_classification_metrics",
                        "metric_data": [
                            {"name": "auc", "type": "number", "value": 1},
                            {"name": "auc - standard_deviation", "type": "number", "value": 0.1},
                            {
                                "name": "auc_best_constant_classifier",
                                "type": "number",
                                "value": 0.2,
                            },
                            {
                                "name": "confusion_matrix",
                                "type": "matrix",
                                "value": [[1, 2], [0, 1]],
                            },
                        ],
                    },
                    {
                        "name": "risk",
                        "metric_data": [{"name": "DI", "type": "number", "value": 0.8}],
                    },
                ]
            },
            [("auc", "1"), ("risk.DI", "0.8")],
            id="model card",
        ),
        pytest.param(
            {
                "post_training_bias_metrics": {
                    "facets": {
                        "age": [
                            {
                                "value_or_threshold": "1",
                                "metrics": [
                                    {
                                        "name": "AD",
                                        "description": "Accuracy Difference",
                                        "value": -0.02,
                                    },
                                    {
                                        "name": "CDDPL",
                                        "value": None,
                                        "error": "Group variable is empty",
                                    },
                                ],
                            }
                        ]
                    }
                }
            },
            [("facets.age.AD", "-0.02")],
            id="Clarify, without what was not computed",
        ),
        pytest.param(
            {
                "metrics": [
                    {"metric_name": "share", "value": 0.25},
                    {"name": "", "value": 1},
                    7,
                    None,
                ]
            },
            [("share", "0.25")],
            id="Evidently, and what has no name",
        ),
        pytest.param(
            {"metrics": [{"name": "mae", "value": 0.3, "standard_deviation": 0.01}]},
            [("mae", "0.3 ± 0.01")],
            id="with a spread",
        ),
    ],
)
def test_metrics_in_lists_of_name_and_value_are_read(
    report: object, expected: list[tuple[str, str]]
) -> None:
    assert pairs(report) == expected


def test_lists_without_names_and_values_are_no_metrics() -> None:
    features = [{"name": "age", "numerical_statistics": {"mean": 40.1}}]
    buckets = [{"value": "Paris", "count": 418}, {"value": 3, "count": 1}]

    assert pairs({"auc": 0.9, "features": features, "buckets": buckets, "curve": [0.1, 0.2]}) == [
        ("auc", "0.9")
    ]


def test_a_report_in_another_encoding_is_read() -> None:
    assert pairs('{"auc": 0.9}'.encode("utf-16")) == [("auc", "0.9")]
    assert pairs(b"\xef\xbb\xbf" + b'{"auc": 0.9}') == [("auc", "0.9")]


@pytest.mark.parametrize(
    "content",
    [b"", b"auc,0.9", b"\xff\xfe\xfa", b'{"auc": 0.9', b"[" * 100_000, b'{"a": ' + b"9" * 5_000],
    ids=["empty", "csv", "binary", "half", "deep", "digits"],
)
def test_a_report_that_is_not_json_is_a_note(content: bytes) -> None:
    assert note(content) == Note(NoteCode.NOT_JSON, "model_quality")


@pytest.mark.parametrize("content", [b"{}", b"[]", b"null", b'"text"', b"[1, 2]", b"true"])
def test_json_without_a_single_number_is_a_note(content: bytes) -> None:
    assert note(content) == Note(NoteCode.NO_NUMBERS, "model_quality")


def test_a_report_of_the_greatest_length_is_read_and_a_longer_one_is_a_note() -> None:
    short = b'{"auc": 0.9}'

    assert pairs(short.ljust(MOST_BYTES)) == [("auc", "0.9")]
    assert note(short.ljust(MOST_BYTES + 1)) == (Note(NoteCode.TOO_LONG, "model_quality", 256))


def test_numbers_deeper_than_in_any_report_are_left_out() -> None:
    node: Any = {"deep": 1}
    for _ in range(50):
        node = {"inner": node}

    assert pairs(node) == []


def test_a_name_is_one_line_and_short() -> None:
    ((name, _),) = pairs({"f1\n\u202escore " * 20: 1})

    assert name.startswith("f1 / score")
    assert name.endswith(CUT)
    assert length(name) <= 60


def test_a_name_full_of_spaces_does_not_hold_up_the_worker() -> None:
    begun = time.process_time()

    assert pairs({f"a{' ' * 30_000}b": 1})
    assert time.process_time() - begun < 1


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    brief = read_report("model_quality", content)

    assert bool(brief.metrics) != bool(brief.notes)


@given(any_json)
def test_no_json_raises(content: Any) -> None:
    brief = read_report("model_quality", json.dumps(content).encode())

    assert bool(brief.metrics) != bool(brief.notes)
    assert all(length(metric.name) <= 60 for metric in brief.metrics)
    assert all(metric.value for metric in brief.metrics)


@given(st.floats(-1e300, 1e300) | st.just(math.nan) | st.just(math.inf))
def test_every_number_is_shown_close_to_what_it_is(number: float) -> None:
    ((_, shown),) = pairs({"value": number})

    assert float(shown.replace(",", "")) == pytest.approx(number, rel=1e-3, nan_ok=True)
    assert (shown == "NaN") == math.isnan(number)


def some(many: int) -> Brief:
    return Brief(tuple(Metric(f"m{number}", "1") for number in range(many)), (A_NOTE,))


def test_several_reports_become_one() -> None:
    both = merge_briefs([some(2), Brief(), some(1)])

    assert [metric.name for metric in both.metrics] == ["m0", "m1", "m0"]
    assert both.notes == (A_NOTE, A_NOTE)
    assert merge_briefs([]) == Brief()


def test_as_many_metrics_as_a_card_holds_are_kept_and_the_rest_is_counted() -> None:
    assert merge_briefs([some(MOST_METRICS)]).notes == (A_NOTE,)

    cut_short = merge_briefs([some(MOST_METRICS + 5)])

    assert len(cut_short.metrics) == MOST_METRICS
    assert cut_short.notes == (A_NOTE, Note(NoteCode.METRICS_LEFT_OUT, count=5))
