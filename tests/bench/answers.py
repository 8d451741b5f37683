"""What the stand-in answers: for each call, what the bots need to go on."""

from __future__ import annotations

import json
from hashlib import md5
from typing import Any, Final

from tests.bench.events import SECRET, VERSION

TOKEN: Final = "xoxb-of-the-benchmark"
TABLE: Final = "ledger"
_CREATED: Final = VERSION.created.timestamp()
_SUMMARY: Final = {
    "ModelPackageArn": VERSION.arn,
    "ModelPackageGroupName": VERSION.group,
    "ModelPackageVersion": VERSION.number,
    "ModelPackageStatus": VERSION.readiness.value,
    "ModelApprovalStatus": VERSION.status.value,
    "CreationTime": _CREATED,
}
_REPORT: Final = {"ContentType": "application/json", "S3Uri": "s3://models/evaluation.json"}
_ANSWERS: Final[dict[str, Any]] = {
    "GetSecretValue": {"SecretString": json.dumps({"bot_token": TOKEN, "signing_secret": SECRET})},
    "ListModelPackages": {"ModelPackageSummaryList": [_SUMMARY]},
    "DescribeModelPackage": {**_SUMMARY, "ModelMetrics": {"ModelQuality": {"Statistics": _REPORT}}},
    "GetObject": {"regression_metrics": {"auc": {"value": 0.94, "standard_deviation": 0.01}}},
    "BatchGetItem": {"Responses": {TABLE: []}, "UnprocessedKeys": {}},
    "auth.test": {"ok": True, "team_id": "T0LOCAL000", "user_id": "U1", "bot_id": "B1"},
    "views.open": {"ok": True, "view": {"id": "V1", "hash": "1.a"}},
}
"""Where nothing is said here, the answer is empty: of DynamoDB, that there is no item."""


def name_of(target: str, path: str) -> str:
    """What is called, by AWS's header *target*, or by the *path*."""
    if target:
        return target.rpartition(".")[2]
    return "Invoke" if path.endswith("/invocations") else path.removeprefix("/api/")


def answer_to(call: str, body: bytes) -> Any:
    """The answer, as JSON."""
    if call == "SendMessage":
        text = json.loads(body)["MessageBody"].encode()
        digest = md5(text, usedforsecurity=False).hexdigest()
        return {"MessageId": "1", "MD5OfMessageBody": digest, "SequenceNumber": "1"}
    return _ANSWERS.get(call, {})
