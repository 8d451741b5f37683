"""Each claim about the corrected endpoints, made by a real client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.local.registry import correct
from tests.core.saved import saved
from tests.doubles.builders import an_arn
from tests.doubles.cicd import CiCd

if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = dict[str, Any]

ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/myendpoint"
NAME = "MyEndpoint"


@pytest.fixture
def events() -> list[Json]:
    return []


@pytest.fixture
def sagemaker(events: list[Json]) -> Iterator[Any]:
    with mock_aws():
        correct(events.append)
        yield boto3.client("sagemaker", region_name="us-east-1")
        correct()


@pytest.fixture
def cicd(sagemaker: Any) -> CiCd:
    return CiCd(sagemaker)


def described(sagemaker: Any) -> Json:
    found: Json = sagemaker.describe_endpoint(EndpointName=NAME)
    return found


def statuses(events: list[Json]) -> list[str]:
    return [event["detail"]["EndpointStatus"] for event in events]


def kinds(node: Any) -> Any:
    """What kind of value stands where."""
    match node:
        case dict():
            return {name: kinds(value) for name, value in node.items()}
        case list():
            return [kinds(value) for value in node]
        case _:
            return type(node).__name__


def test_an_endpoint_that_comes_into_service_is_an_event_in_the_documented_form(
    cicd: CiCd, events: list[Json]
) -> None:
    cicd.create(NAME, [an_arn()])
    (event,) = events

    assert kinds(event) == kinds(saved("event-of-an-endpoint"))
    assert event["resources"] == [event["detail"]["EndpointArn"]] == [ARN]
    assert event["detail"]["EndpointName"] == NAME
    assert event["detail"]["EndpointStatus"] == "IN_SERVICE"


def test_an_endpoint_that_fails_says_why_and_its_event_does_not(
    cicd: CiCd, sagemaker: Any, events: list[Json]
) -> None:
    cicd.create(NAME, fails="no memory")
    found = described(sagemaker)

    assert (found["EndpointStatus"], found["FailureReason"]) == ("Failed", "no memory")
    assert statuses(events) == ["FAILED"]
    assert "no memory" not in str(events)


def test_an_update_is_under_way_until_somebody_has_looked(
    cicd: CiCd, sagemaker: Any, events: list[Json]
) -> None:
    cicd.create(NAME, [an_arn(1)])
    old = described(sagemaker)["EndpointConfigName"]
    cicd.update(NAME, [an_arn(2)])
    assert statuses(events) == ["IN_SERVICE", "UPDATING"]
    first, second = described(sagemaker), described(sagemaker)

    assert (first["EndpointStatus"], first["EndpointConfigName"]) == ("Updating", old)
    coming = first["PendingDeploymentSummary"]["EndpointConfigName"]
    assert (second["EndpointStatus"], second["EndpointConfigName"]) == ("InService", coming)
    assert "PendingDeploymentSummary" not in second
    assert "FailureReason" not in second
    assert first["LastModifiedTime"] < second["LastModifiedTime"]
    assert statuses(events) == ["IN_SERVICE", "UPDATING", "IN_SERVICE"]


def test_after_an_update_that_fails_all_is_as_before_and_why(
    cicd: CiCd, sagemaker: Any, events: list[Json]
) -> None:
    cicd.create(NAME, [an_arn(1)])
    before = described(sagemaker)["EndpointConfigName"]
    cicd.update(NAME, [an_arn(2)], fails="no memory")
    described(sagemaker)
    found = described(sagemaker)

    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", before)
    assert found["FailureReason"] == "no memory"
    assert statuses(events) == ["IN_SERVICE", "UPDATING", "IN_SERVICE"]


def test_an_update_that_succeeds_forgets_why_one_before_failed(cicd: CiCd, sagemaker: Any) -> None:
    cicd.create(NAME)
    for fails in ("no memory", ""):
        cicd.update(NAME, [an_arn(2)], fails=fails)
        described(sagemaker)

    assert "FailureReason" not in described(sagemaker)


@pytest.mark.parametrize("fails", ["", "no memory"], ids=["updating", "failed"])
def test_only_what_is_in_service_can_be_updated(cicd: CiCd, fails: str) -> None:
    cicd.create(NAME, fails=fails)
    if not fails:
        cicd.update(NAME, [])

    with pytest.raises(ClientError, match="ValidationException"):
        cicd.update(NAME, [])


def test_an_update_to_what_is_not_there_changes_nothing(
    cicd: CiCd, sagemaker: Any, events: list[Json]
) -> None:
    cicd.create(NAME)
    with pytest.raises(ClientError, match="ValidationException"):
        sagemaker.update_endpoint(EndpointName=NAME, EndpointConfigName="none")

    assert described(sagemaker)["EndpointStatus"] == "InService"
    assert len(events) == 1


def test_the_case_of_a_name_does_not_matter_and_is_kept(cicd: CiCd, sagemaker: Any) -> None:
    assert cicd.create(NAME) == ARN
    found = sagemaker.describe_endpoint(EndpointName="MYENDPOINT")

    assert (found["EndpointName"], found["EndpointArn"]) == (NAME, ARN)
    with pytest.raises(ClientError, match="already existing"):
        cicd.create(NAME.lower())
    sagemaker.delete_endpoint(EndpointName=NAME.upper())
    with pytest.raises(ClientError, match="ValidationException"):
        described(sagemaker)
