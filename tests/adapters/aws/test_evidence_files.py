"""Evidence files in S3: whether a file is there and valid or not, the answer is a brief."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from bot.adapters.aws.evidence_files import S3Evidence
from bot.core.errors import Unavailable
from bot.core.evidence.brief import Brief, Metric, Note, NoteCode, Source
from bot.core.evidence.reader import MOST_BYTES
from bot.core.registry.version import Report
from infra.local.aws import ACCESS_KEY, SECRET_KEY
from infra.local.deployment import REGION
from tests.doubles.builders import an_arn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flows.ports import Evidence
    from tests.adapters.aws import Aws

GOOD = json.dumps({"binary_classification_metrics": {"auc": {"value": 0.94}}}).encode()
AUC = (Metric("auc", "0.94"),)
ARN = an_arn()
UNREADABLE = Note(NoteCode.UNREADABLE, "model_quality")
NOT_IN_S3 = Note(NoteCode.NOT_IN_S3, "model_quality")


@pytest.fixture
def s3(aws: Aws) -> Any:
    return aws.client("s3")


@pytest.fixture
def bucket(s3: Any) -> str:
    name = f"models-{uuid4()}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def evidence(s3: Any) -> Evidence:
    return S3Evidence(lambda _: s3)


def a_report(uri: str, *, numbers: bool = True) -> Report:
    return Report("model_quality", uri, numbers)


def unread(uri: str, note: Note) -> Brief:
    return Brief(notes=(note,), sources=(Source(uri, ""),))


def put(s3: Any, bucket: str, content: bytes, key: str = "fraud/1/evaluation.json") -> Report:
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    return a_report(f"s3://{bucket}/{key}")


def test_the_numbers_of_a_file_are_read(evidence: Evidence, s3: Any, bucket: str) -> None:
    assert evidence.read(put(s3, bucket, GOOD), ARN).metrics == AUC


@pytest.mark.parametrize("key", ["a b/ü+%20.json", "/leading", "a//b", "run=1/x:y,z&c.json", "a/"])
def test_any_ordinary_key_is_found(evidence: Evidence, s3: Any, bucket: str, key: str) -> None:
    assert evidence.read(put(s3, bucket, GOOD, key), ARN).metrics == AUC


@pytest.mark.parametrize("key", ["eval#2.json", "eval?run=2.json"])
def test_a_key_may_look_like_a_web_address(
    evidence: Evidence, s3: Any, bucket: str, key: str
) -> None:
    assert evidence.read(put(s3, bucket, GOOD, key), ARN).metrics == AUC


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/evaluation.json",
        "file:///etc/passwd",
        "/etc/passwd",
        "s3://only-a-bucket",
        "s3://only-a-bucket/",
        "",
    ],
)
def test_a_file_that_is_not_in_s3_is_not_read(evidence: Evidence, uri: str) -> None:
    assert evidence.read(a_report(uri), ARN) == unread(uri, NOT_IN_S3)


def test_an_invalid_address_is_a_note(evidence: Evidence) -> None:
    """SageMaker accepts it: it requires s3:// and no slash directly after it."""
    brief = evidence.read(a_report("s3://[models/evaluation.json"), ARN)

    assert brief.notes
    assert not brief.metrics


def test_a_missing_file_is_a_note(evidence: Evidence, bucket: str) -> None:
    uri = f"s3://{bucket}/nothing.json"

    assert evidence.read(a_report(uri), ARN) == unread(uri, UNREADABLE)


def test_a_missing_bucket_is_a_note(evidence: Evidence) -> None:
    uri = f"s3://{uuid4()}/evaluation.json"

    assert evidence.read(a_report(uri), ARN) == unread(uri, UNREADABLE)


def test_a_bucket_with_a_name_that_none_can_have_is_a_note(evidence: Evidence) -> None:
    uri = "s3://No Bucket!/evaluation.json"

    assert evidence.read(a_report(uri), ARN) == unread(uri, UNREADABLE)


def test_an_empty_file_is_a_note(evidence: Evidence, s3: Any, bucket: str) -> None:
    brief = evidence.read(put(s3, bucket, b""), ARN)

    assert len(brief.notes) == 1
    assert not brief.metrics


@pytest.mark.parametrize("content", [b"auc = 0.94", b"\xff\xfe\x00", b"\x1f\x8b\x08", b"{" * 9999])
def test_a_file_that_is_not_json_is_a_note(
    evidence: Evidence, s3: Any, bucket: str, content: bytes
) -> None:
    brief = evidence.read(put(s3, bucket, content), ARN)

    assert brief.notes == (Note(NoteCode.NOT_JSON, "model_quality"),)
    assert not brief.metrics


def test_a_file_of_the_maximum_length_is_read(evidence: Evidence, s3: Any, bucket: str) -> None:
    content = GOOD + b" " * (MOST_BYTES - len(GOOD))

    assert evidence.read(put(s3, bucket, content), ARN).metrics == AUC


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 20 * MOST_BYTES])
def test_a_file_that_is_too_long_is_not_downloaded_whole(
    evidence: Evidence, s3: Any, bucket: str, length: int
) -> None:
    report = put(s3, bucket, GOOD + b" " * (length - len(GOOD)))
    lengths: list[int] = []
    s3.meta.events.register(
        "after-call.s3.GetObject", lambda parsed, **_: lengths.append(parsed["ContentLength"])
    )
    brief = evidence.read(report, ARN)

    assert brief.notes == (Note(NoteCode.TOO_LONG, "model_quality", 256),)
    assert lengths == [MOST_BYTES + 1]


@pytest.mark.parametrize("numbers", [True, False])
def test_a_file_that_was_overwritten_has_another_digest(
    evidence: Evidence, s3: Any, bucket: str, *, numbers: bool
) -> None:
    """Even if its numbers are not shown, or the change is beyond the bytes that are read."""
    uri = put(s3, bucket, GOOD + b" " * 2 * MOST_BYTES).uri
    before = evidence.read(a_report(uri, numbers=numbers), ARN).sources
    same = evidence.read(a_report(uri, numbers=numbers), ARN).sources
    put(s3, bucket, GOOD + b" " * 2 * MOST_BYTES + b"!")
    after = evidence.read(a_report(uri, numbers=numbers), ARN).sources

    assert before == same != after
    assert {source.uri for source in (*before, *after)} == {uri}
    assert all(source.digest for source in (*before, *after))


def test_a_file_whose_numbers_are_not_shown_has_a_note_only_if_it_is_missing(
    evidence: Evidence, s3: Any, bucket: str
) -> None:
    brief = evidence.read(a_report(put(s3, bucket, GOOD).uri, numbers=False), ARN)
    missing = evidence.read(a_report(f"s3://{bucket}/nothing.json", numbers=False), ARN)

    assert (brief.metrics, brief.notes) == ((), ())
    assert missing == unread(f"s3://{bucket}/nothing.json", UNREADABLE)


class Answer(BytesIO):
    """An answer of S3, as botocore reads it."""

    def stream(self) -> Iterator[bytes]:
        yield self.getvalue()


def answering(s3: Any, operation: str, status: int, code: str = "") -> None:
    """Let S3 answer *operation* with an error; without *code* it has no body, as of a HEAD."""
    body = f"<Error><Code>{code}</Code></Error>".encode() if code else b""
    s3.meta.events.register(
        f"before-send.s3.{operation}", lambda **_: AWSResponse("", status, {}, Answer(body))
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (503, "SlowDown"),
        (500, "InternalError"),
        (400, "RequestTimeout"),
        # The file's KMS key is used too often.
        (400, "ThrottlingException"),
        (400, "KMS.ThrottlingException"),
        # The bot's own keys are too old, or its clock is wrong.
        (400, "ExpiredToken"),
        (400, "TokenRefreshRequired"),
        (403, "RequestTimeTooSkewed"),
    ],
)
def test_what_passes_is_not_taken_for_an_unreadable_file(
    s3: Any, evidence: Evidence, bucket: str, status: int, code: str
) -> None:
    report = put(s3, bucket, GOOD)
    answering(s3, "GetObject", status, code)

    with pytest.raises(Unavailable):
        evidence.read(report, ARN)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, "AccessDenied"),  # denied, or missing where the bot may not list, or its KMS key
        (403, "InvalidObjectState"),  # archived
        (400, "KMS.DisabledException"),
        (404, "NoSuchKey"),
        (404, "NoSuchBucket"),
        (400, "InvalidRequest"),  # encrypted with a key that the customer keeps
    ],
)
def test_what_does_not_pass_is_a_note_that_names_no_cause(
    s3: Any, evidence: Evidence, bucket: str, status: int, code: str
) -> None:
    report = put(s3, bucket, GOOD)
    answering(s3, "GetObject", status, code)

    assert evidence.read(report, ARN) == unread(report.uri, UNREADABLE)


@pytest.mark.parametrize("status", [403, 404])
def test_a_file_without_shown_numbers_that_s3_refuses_is_a_note(
    s3: Any, evidence: Evidence, bucket: str, status: int
) -> None:
    uri = put(s3, bucket, GOOD).uri
    answering(s3, "HeadObject", status)

    assert evidence.read(a_report(uri, numbers=False), ARN) == unread(uri, UNREADABLE)


def test_a_head_that_is_refused_without_a_reason_is_not_taken_for_an_unreadable_file(
    s3: Any, evidence: Evidence, bucket: str
) -> None:
    """S3 answers 400 to a HEAD for expired keys as for whatever it does not take."""
    uri = put(s3, bucket, GOOD).uri
    answering(s3, "HeadObject", 400)
    answering(s3, "GetObject", 400, "ExpiredToken")

    with pytest.raises(Unavailable):
        evidence.read(a_report(uri, numbers=False), ARN)


def test_a_head_that_is_refused_for_a_reason_that_stays_is_a_note(
    s3: Any, evidence: Evidence, bucket: str
) -> None:
    uri = put(s3, bucket, GOOD).uri
    answering(s3, "HeadObject", 400)
    answering(s3, "GetObject", 400, "InvalidRequest")

    assert evidence.read(a_report(uri, numbers=False), ARN) == unread(uri, UNREADABLE)


def test_an_empty_file_has_a_digest(evidence: Evidence, s3: Any, bucket: str) -> None:
    """S3 refuses the range of a file without bytes: InvalidRange."""
    report = put(s3, bucket, b"")
    answering(s3, "GetObject", 416, "InvalidRange")
    brief = evidence.read(report, ARN)

    assert brief.notes == (Note(NoteCode.NOT_JSON, "model_quality"),)
    assert [bool(source.digest) for source in brief.sources] == [True]


def test_a_file_whose_transfer_breaks_off_is_not_taken_for_an_unreadable_one(
    s3: Any, evidence: Evidence, bucket: str
) -> None:
    report = put(s3, bucket, GOOD)

    def cut_short(**_: Any) -> AWSResponse:
        headers = {"content-length": str(len(GOOD))}
        return AWSResponse("", 200, headers, Answer(GOOD[:10]))

    s3.meta.events.register("before-send.s3.GetObject", cut_short)

    with pytest.raises(Unavailable):
        evidence.read(report, ARN)


def test_a_refused_connection_to_s3_is_a_reason_to_wait() -> None:
    unreachable = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:9",
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(retries={"total_max_attempts": 1}),
    )

    with pytest.raises(Unavailable):
        S3Evidence(lambda _: unreachable).read(a_report("s3://models/evaluation.json"), ARN)
