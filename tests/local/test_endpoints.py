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
    endpoint: Json = sagemaker.describe_endpoint(EndpointName=NAME)
    return endpoint


def statuses(events: list[Json]) -> list[str]:
    return [event["detail"]["EndpointStatus"] for event in events]


def kinds(node: Any) -> Any:
    """The types of the values in an event."""
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
    endpoint = described(sagemaker)

    assert (endpoint["EndpointStatus"], endpoint["FailureReason"]) == ("Failed", "no memory")
    assert statuses(events) == ["FAILED"]
    assert "no memory" not in str(events)


def test_an_update_is_in_progress_until_the_endpoint_was_described(
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


def test_after_a_failed_update_the_endpoint_is_as_before_with_a_failure_reason(
    cicd: CiCd, sagemaker: Any, events: list[Json]
) -> None:
    cicd.create(NAME, [an_arn(1)])
    before = described(sagemaker)["EndpointConfigName"]
    cicd.update(NAME, [an_arn(2)], fails="no memory")
    described(sagemaker)
    endpoint = described(sagemaker)

    assert (endpoint["EndpointStatus"], endpoint["EndpointConfigName"]) == ("InService", before)
    assert endpoint["FailureReason"] == "no memory"
    assert statuses(events) == ["IN_SERVICE", "UPDATING", "IN_SERVICE"]


def test_a_successful_update_removes_the_failure_reason(cicd: CiCd, sagemaker: Any) -> None:
    cicd.create(NAME)
    for fails in ("no memory", ""):
        cicd.update(NAME, [an_arn(2)], fails=fails)
        described(sagemaker)

    assert "FailureReason" not in described(sagemaker)


@pytest.mark.parametrize("fails", ["", "no memory"], ids=["updating", "failed"])
def test_only_an_endpoint_in_service_can_be_updated(cicd: CiCd, fails: str) -> None:
    cicd.create(NAME, fails=fails)
    if not fails:
        cicd.update(NAME, [])

    with pytest.raises(ClientError, match="ValidationException"):
        cicd.update(NAME, [])


def test_an_update_to_a_missing_configuration_changes_nothing(
    cicd: CiCd, sagemaker: Any, events: list[Json]
) -> None:
    cicd.create(NAME)
    with pytest.raises(ClientError, match="ValidationException"):
        sagemaker.update_endpoint(EndpointName=NAME, EndpointConfigName="none")

    assert described(sagemaker)["EndpointStatus"] == "InService"
    assert len(events) == 1


def test_the_case_of_a_name_does_not_matter_and_is_kept(cicd: CiCd, sagemaker: Any) -> None:
    assert cicd.create(NAME) == ARN
    endpoint = sagemaker.describe_endpoint(EndpointName="MYENDPOINT")

    assert (endpoint["EndpointName"], endpoint["EndpointArn"]) == (NAME, ARN)
    with pytest.raises(ClientError, match="already existing"):
        cicd.create(NAME.lower())
    sagemaker.delete_endpoint(EndpointName=NAME.upper())
    with pytest.raises(ClientError, match="ValidationException"):
        described(sagemaker)
