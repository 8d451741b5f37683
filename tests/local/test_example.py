"""The example's evaluations could be those of real models: their numbers fit each other."""

from __future__ import annotations

from itertools import pairwise
from math import isclose, sqrt
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.example import MODELS, main

if TYPE_CHECKING:
    from infra.local.example import Model

EACH = pytest.mark.parametrize(
    ("model", "number"),
    [(model, number) for model in MODELS for number in range(1, 21)],
    ids=lambda value: value if isinstance(value, int) else value.group,
)


def evaluation(model: Model, number: int) -> tuple[str, dict[str, Any]]:
    """The kind and the metrics of the evaluation of a version."""
    chance = Random(f"{model.group} {number}")  # noqa: S311 - an example, not a secret
    ((kind, metrics),) = model.evaluate(chance).items()
    return kind, metrics


def near(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=1e-9)


@EACH
def test_the_numbers_of_an_example_are_possible(model: Model, number: int) -> None:
    kind, metrics = evaluation(model, number)
    values = {name: each["value"] for name, each in metrics.items() if "value" in each}

    check = {
        "regression_metrics": check_regression,
        "binary_classification_metrics": check_binary,
        "multiclass_classification_metrics": check_multiclass,
    }
    check[kind](values, metrics)


def check_regression(values: dict[str, float], metrics: dict[str, Any]) -> None:
    assert near(values["rmse"] ** 2, values["mse"])
    assert 0 < values["mae"] <= values["rmse"]
    assert values["r2"] < 1
    spread = {name: each["standard_deviation"] for name, each in metrics.items()}
    assert near(spread["mse"], 2 * values["rmse"] * spread["rmse"])


def check_binary(values: dict[str, float], metrics: dict[str, Any]) -> None:
    matrix = metrics["confusion_matrix"]
    hits, misses = matrix["1"]["1"], matrix["1"]["0"]
    alarms, passes = matrix["0"]["1"], matrix["0"]["0"]
    precision, recall, f1 = (values[name] for name in ("precision", "recall", "f1"))

    assert near(precision, hits / (hits + alarms))
    assert near(recall, hits / (hits + misses))
    assert near(f1, 2 * precision * recall / (precision + recall))
    assert min(precision, recall) <= f1 <= max(precision, recall)
    assert near(values["accuracy"], (hits + passes) / (hits + misses + alarms + passes))
    check_curves(values, metrics)
    check_spread(metrics, hits + misses + alarms + passes)


def check_curves(values: dict[str, float], metrics: dict[str, Any]) -> None:
    """The area under the curve is the AUC, and both curves are of the same classifier."""
    roc = metrics["receiver_operating_characteristic_curve"]
    points = list(zip(roc["false_positive_rates"], roc["true_positive_rates"], strict=True))
    steps = pairwise(points)
    area = sum((after[0] - before[0]) * fmean((before[1], after[1])) for before, after in steps)
    curve = metrics["precision_recall_curve"]

    assert points[0] == (0, 0)
    assert points[-1] == (1, 1)
    assert points == sorted(points)
    assert isclose(area, values["auc"], abs_tol=0.005)
    assert curve["recalls"] == sorted(curve["recalls"])
    assert curve["precisions"] == sorted(curve["precisions"], reverse=True)
    matrix = metrics["confusion_matrix"]
    share = sum(matrix["1"].values()) / sum(sum(row.values()) for row in matrix.values())
    assert near(curve["precisions"][-1], share)


def check_multiclass(values: dict[str, float], metrics: dict[str, Any]) -> None:
    matrix = metrics["confusion_matrix"]
    rows = sum(sum(row.values()) for row in matrix.values())
    weights = {label: sum(row.values()) / rows for label, row in matrix.items()}
    recalls = {label: row[label] / sum(row.values()) for label, row in matrix.items()}
    precisions = {
        label: matrix[label][label] / sum(row[label] for row in matrix.values()) for label in matrix
    }
    f1 = {
        label: 2 * precisions[label] * recalls[label] / (precisions[label] + recalls[label])
        for label in matrix
    }

    assert near(values["accuracy"], sum(matrix[label][label] for label in matrix) / rows)
    assert near(values["weighted_recall"], values["accuracy"])
    for name, each in (("weighted_precision", precisions), ("weighted_f1", f1)):
        assert near(values[name], sum(weights[label] * each[label] for label in matrix))
    most = max(weights.values())
    assert near(values["accuracy_best_constant_classifier"], most)
    assert near(values["weighted_recall_best_constant_classifier"], most)
    assert near(values["weighted_precision_best_constant_classifier"], most**2)
    assert near(values["weighted_f1_best_constant_classifier"], most * 2 * most / (1 + most))
    check_spread(metrics, rows)


def check_spread(metrics: dict[str, Any], rows: int) -> None:
    """SageMaker gives the text "NaN" for fewer than 200 rows, and a number for more."""
    assert rows >= 200
    for each in metrics.values():
        if "value" in each:
            expected = sqrt(each["value"] * (1 - each["value"]) / rows)
            assert near(each["standard_deviation"], expected)


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["--help"], 0, "AWS_URL GROUP"),
        ([], 2, "the following arguments are required: AWS_URL, GROUP"),
        (["nonsense", "fraud-detector"], 2, "Invalid endpoint: nonsense"),
        (["http://127.0.0.1:1", "fraud-detector"], 2, "Could not connect to the endpoint URL"),
    ],
)
def test_the_command_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, text: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    out, err = capsys.readouterr()
    assert ended.value.code == code
    assert text in (err if code else out)
