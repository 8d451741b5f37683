"""
The example that `make demo` shows: people and channels in Slack, registered models, and their
evaluations in the shapes of SageMaker's own examples (developer guide, "Model Quality Metrics").

`python -m infra.local.example AWS_URL GROUP` registers one more version of GROUP, and with
`--fails REASON` one whose deployment fails.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from math import log, sqrt
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from bot.core.rules.people import SUBMITTED_BY
from infra.local import cicd
from infra.local.deployment import REGION, ROOT
from infra.local.endpoints import FAILS
from infra.local.registry.package import AGE
from infra.local.slack.workspace import Channel, User, Usergroup, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.core.rules.rule import Rules

BUCKET: Final = "models-of-the-example"
_IMAGE: Final = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"

USERS: Final = (
    User("U0ANA00000", "ana", "Ana Silva", "ana@example.com"),
    User("U0BEN00000", "ben", "Ben Okoye", "ben@example.com"),
    User("U0CHLOE000", "chloe", "Chloe Martin", "chloe@example.com"),
    User("U0DAN00000", "dan", "Dan Kim", "dan@example.com"),
    User("U0EVE00000", "eve", "Eve Larsson", "eve@example.com", guest=True),
)
USERGROUPS: Final = (
    Usergroup("S0RISK0000", "risk", "Risk", ("U0CHLOE000",)),
    Usergroup("S0MLLEADS0", "ml-leads", "ML leads", ("U0ANA00000", "U0BEN00000")),
)
CHANNELS: Final = (
    Channel("C0MODELS00", "models"),
    Channel("C0FRAUD000", "fraud-models"),
    Channel("C0PRICING0", "pricing-models"),
    Channel("C0CREDIT00", "credit-models"),
    Channel("C0RELEASES", "releases"),
    Channel("C0GENERAL0", "general", bot_is_member=False),
)


def workspace(bot_token: str, signing_secret: str) -> Workspace:
    """Return the Slack workspace of the example."""
    return Workspace(
        users=USERS,
        usergroups=USERGROUPS,
        channels=CHANNELS,
        bot_token=bot_token,
        signing_secret=signing_secret,
        scopes=_scopes(),
    )


def _scopes() -> frozenset[str]:
    """Return the manifest's scopes and the one it says to add for looking people up by e-mail."""
    app = yaml.safe_load((ROOT / "infra" / "slack-manifest.yml").read_text(encoding="utf-8"))
    return frozenset({*app["oauth_config"]["scopes"]["bot"], "users:read.email"})


def open_channels(slack: Workspace, rules: Rules) -> None:
    """Create the channels that the rules name and the example does not have."""
    channels = [rules.channel]
    for rule in rules.rules:
        channels += [rule.channel, *rule.notify]
    for channel in channels:
        slack.channels.setdefault(channel, Channel(channel, channel.lower()))


def _regression(chance: Random) -> dict[str, Any]:
    mse = 4.9 * chance.uniform(0.9, 1.1)
    rmse = sqrt(mse)
    mae = rmse * chance.uniform(0.7, 0.8)
    metrics = {
        "mae": {"value": mae, "standard_deviation": mae / 90},
        "mse": {"value": mse, "standard_deviation": mse / 90},
        "rmse": {"value": rmse, "standard_deviation": rmse / 180},
        "r2": {"value": 1 - mse / 11, "standard_deviation": mse / 11 / 90},
    }
    return {"regression_metrics": metrics}


def _binary(chance: Random) -> dict[str, Any]:
    """Make the evaluation of a classifier whose ROC curve is `true = false ** bend`."""
    positives, negatives = 940, 19_060
    hits = round(positives * chance.uniform(0.78, 0.84))
    alarms = round(hits * chance.uniform(0.12, 0.18))
    precision, recall = hits / (hits + alarms), hits / positives
    bend = log(recall) / log(alarms / negatives)
    values = {
        "accuracy": (hits + negatives - alarms) / (positives + negatives),
        "precision": precision,
        "recall": recall,
        "auc": 1 / (1 + bend),
        "f1": 2 * precision * recall / (precision + recall),
    }
    matrix = {
        "0": {"0": negatives - alarms, "1": alarms},
        "1": {"0": positives - hits, "1": hits},
    }
    curves = {"confusion_matrix": matrix, **_curves(bend, positives, negatives)}
    metrics = _with_spread(values, positives + negatives)
    return {"binary_classification_metrics": {**curves, **metrics}}


def _curves(bend: float, positives: int, negatives: int) -> dict[str, Any]:
    recalls = [step / 40 for step in range(41)]
    alarms = [recall ** (1 / bend) for recall in recalls]
    shares = [
        positives * recall / (positives * recall + negatives * alarm) if recall else 1.0
        for recall, alarm in zip(recalls, alarms, strict=True)
    ]
    return {
        "receiver_operating_characteristic_curve": {
            "false_positive_rates": alarms,
            "true_positive_rates": recalls,
        },
        "precision_recall_curve": {"precisions": shares, "recalls": recalls},
    }


def _multiclass(chance: Random) -> dict[str, Any]:
    labels, rows = "012", 3_600
    matrix = {actual: dict.fromkeys(labels, 0) for actual in labels}
    for actual in labels:
        others = [label for label in labels if label != actual]
        wrong = [round(rows * chance.uniform(0.09, 0.13)) for _ in others]
        matrix[actual] |= {actual: rows - sum(wrong), **dict(zip(others, wrong, strict=True))}
    recalls = [matrix[label][label] / rows for label in labels]
    precisions = [
        matrix[label][label] / sum(row[label] for row in matrix.values()) for label in labels
    ]
    pairs = zip(precisions, recalls, strict=True)
    values = {
        "accuracy": fmean(recalls),  # as many rows of each label
        "weighted_recall": fmean(recalls),
        "weighted_precision": fmean(precisions),
        "weighted_f1": fmean(
            2 * precision * recall / (precision + recall) for precision, recall in pairs
        ),
    }
    baseline = {
        "accuracy_best_constant_classifier": 1 / 3,
        "weighted_recall_best_constant_classifier": 1 / 3,
        "weighted_precision_best_constant_classifier": 1 / 9,
        "weighted_f1_best_constant_classifier": 1 / 6,
    }
    metrics = _with_spread({**values, **baseline}, rows * len(labels))
    return {"multiclass_classification_metrics": {"confusion_matrix": matrix, **metrics}}


def _with_spread(values: dict[str, float], rows: int) -> dict[str, Any]:
    """Give each share in *values* the standard deviation that it has among so many rows."""
    return {
        name: {"value": value, "standard_deviation": sqrt(value * (1 - value) / rows)}
        for name, value in values.items()
    }


@dataclass(frozen=True, slots=True)
class Model:
    """A model package group of the example, and its first versions."""

    group: str
    description: str
    evaluate: Callable[[Random], dict[str, Any]]
    decided: tuple[str, ...]
    """The statuses of its first versions; one more is pending."""
    submitted_by: str = ""
    """The Slack user whom metadata names as the one who registered its versions; may be empty."""


MODELS: Final = (
    Model("house-prices", "Sale prices, monthly retraining.", _regression, ("Approved",) * 2),
    Model(
        "fraud-detector",
        "Card fraud, trained with the chargebacks of the last quarter.",
        _binary,
        ("Approved", "Rejected", "Approved"),
    ),
    Model(
        "support-router",
        "Routes support tickets to billing, shipping or returns.",
        _multiclass,
        ("Rejected", "Approved"),
    ),
    Model(
        "credit-scorer",
        "Chance that a loan is not paid back, for the desk that grants them.",
        _binary,
        ("Approved",),
        submitted_by="U0ANA00000",
    ),
)


SERVED: Final = "fraud-detector"
"""The group that has an endpoint from the start."""


def fill(url: str) -> None:
    """
    Register the example in the AWS behind *url*: in each group one version is pending.

    One group has an endpoint, which serves the newest version that is approved.
    """
    _client("s3", url).create_bucket(Bucket=BUCKET)
    for model in MODELS:
        _client("sagemaker", url).create_model_package_group(
            ModelPackageGroupName=model.group, ModelPackageGroupDescription=model.description
        )
        for number, status in enumerate(model.decided):
            days = 30 * (len(model.decided) - number)
            register(url, model.group, status, **{AGE: str(days)})
        register(url, model.group)
    cicd.serve(_client("sagemaker", url), f"{SERVED}-prod", _newest_approved(url, SERVED))


def _newest_approved(url: str, group: str) -> str:
    versions = _client("sagemaker", url).list_model_packages(
        ModelPackageGroupName=group,
        ModelApprovalStatus="Approved",
        SortBy="CreationTime",
        SortOrder="Descending",
    )
    return str(versions["ModelPackageSummaryList"][0]["ModelPackageArn"])


def register(url: str, group: str, status: str = "PendingManualApproval", **metadata: str) -> str:
    """
    Register one more version of *group*, as a training pipeline would; returns its ARN.

    *metadata* can say how old it is, or why its deployment fails: `infra.local.registry.AGE` and
    `infra.local.cicd.FAILS`.
    """
    model = next((model for model in MODELS if model.group == group), MODELS[0])
    registry = _client("sagemaker", url)
    number = 1 + len(
        registry.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]
    )
    key = f"{group}/{number}/evaluation.json"
    evaluation = model.evaluate(Random(f"{group} {number}"))  # noqa: S311 - an example, not a secret
    _client("s3", url).put_object(Bucket=BUCKET, Key=key, Body=json.dumps(evaluation).encode())
    statistics = {"ContentType": "application/json", "S3Uri": f"s3://{BUCKET}/{key}"}
    created = registry.create_model_package(
        ModelPackageGroupName=group,
        ModelPackageDescription=model.description,
        ModelApprovalStatus=status,
        ModelMetrics={"ModelQuality": {"Statistics": statistics}},
        InferenceSpecification=_specification(f"s3://{BUCKET}/{group}/{number}/model.tar.gz"),
        **_properties({**_metadata(model), **metadata}),
    )
    return str(created["ModelPackageArn"])


def _properties(metadata: dict[str, str]) -> dict[str, Any]:
    return {"CustomerMetadataProperties": metadata} if metadata else {}


def _metadata(model: Model) -> dict[str, str]:
    return {SUBMITTED_BY: model.submitted_by} if model.submitted_by else {}


def _specification(data: str) -> dict[str, Any]:
    return {
        "Containers": [{"Image": _IMAGE, "ModelDataUrl": data}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }


def _client(service: str, url: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="training-pipeline",
        aws_secret_access_key="none-is-checked-here",  # noqa: S106
    )


def main(arguments: Sequence[str]) -> None:
    """Register a version and print its ARN."""
    parser = ArgumentParser(
        prog="python -m infra.local.example", description="Register one more version of a group."
    )
    parser.add_argument("url", metavar="AWS_URL", help="the address of the demo's AWS")
    parser.add_argument("group", metavar="GROUP", help="such as fraud-detector")
    parser.add_argument("--fails", metavar="REASON", help="let its deployment fail, and why")
    chosen = parser.parse_args(arguments)
    metadata = {FAILS: chosen.fails} if chosen.fails else {}
    try:
        print(register(chosen.url, chosen.group, **metadata))  # noqa: T201
    except (BotoCoreError, ClientError, ValueError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
