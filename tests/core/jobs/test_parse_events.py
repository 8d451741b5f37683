from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Ignored
from bot.core.jobs import parse_payloads
from bot.core.jobs.messages import ReconcileEndpoint, ReconcileVersion
from bot.core.registry.version import Arn, DatedStatus, Status
from tests.core.paths import paths, replaced, without
from tests.core.saved import PAYLOADS, saved
from tests.core.strategies import any_json

DOCUMENTED = "arn:aws:sagemaker:us-east-2:111122223333:model-package/versionedmp-p-idy6c3e1fiqj/2"
ENDPOINT = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/MyEndpoint"
STATUS, MODIFIED = ("detail", "ModelApprovalStatus"), ("detail", "LastModifiedTime")


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("event-as-documented", DOCUMENTED),
        (
            "event-captured-in-2021",
            "arn:aws:sagemaker:us-east-1:111122223333:model-package/drift-detection/4",
        ),
        ("event-with-only-resources", DOCUMENTED),
        (
            "event-of-an-unversioned-package",
            "arn:aws:sagemaker:us-east-2:111122223333:model-package/marketplace-xgboost",
        ),
    ],
)
def test_an_event_names_its_package(name: str, arn: str) -> None:
    assert named_by(saved(name)) == Arn(arn)


def named_by(event: Any) -> Arn:
    job = parse_payloads.job_of_event(event)
    assert isinstance(job, ReconcileVersion)
    return job.arn


def reported_by(event: Any) -> DatedStatus | None:
    job = parse_payloads.job_of_event(event)
    assert isinstance(job, ReconcileVersion)
    return job.reported


def test_an_event_reports_the_status_and_when_it_was_set() -> None:
    when = datetime(2021, 2, 24, 17, 0, 14, tzinfo=UTC)

    assert reported_by(saved("event-as-documented")) == DatedStatus(Status.REJECTED, when)


@pytest.mark.parametrize(
    ("spelling", "moment"),
    [
        ("2021-06-03T04:40:55Z", datetime(2021, 6, 3, 4, 40, 55, tzinfo=UTC)),
        ("2021-06-03T04:40:55.225Z", datetime(2021, 6, 3, 4, 40, 55, 225_000, UTC)),
        ("2021-06-03T06:40:55+02:00", datetime(2021, 6, 3, 4, 40, 55, tzinfo=UTC)),
        (1622695255225, datetime(2021, 6, 3, 4, 40, 55, 225_000, UTC)),
        (1622695255225.0, datetime(2021, 6, 3, 4, 40, 55, 225_000, UTC)),
    ],
)
def test_the_time_of_an_event_is_read_as_text_and_as_milliseconds(
    spelling: Any, moment: datetime
) -> None:
    event = replaced(saved("event-as-documented"), MODIFIED, spelling)

    assert reported_by(event) == DatedStatus(Status.REJECTED, moment)


@pytest.mark.parametrize(
    "junk",
    [
        *(None, "", "yesterday", "2021-06-03", "2021-06-03T04:40:55", "1622695255225", "\ud800"),
        *(True, 10**30, -(10**30), float("nan"), float("inf"), [], {}, "0001-01-01T00:00:00+23:00"),
    ],
)
def test_an_event_whose_time_cannot_be_read_reports_nothing_and_names_its_version(
    junk: Any,
) -> None:
    event = replaced(saved("event-as-documented"), MODIFIED, junk)

    assert (named_by(event), reported_by(event)) == (Arn(DOCUMENTED), None)


@pytest.mark.parametrize("junk", [None, "", "approved", "Perhaps", 7, True, [], {}, ["Approved"]])
def test_an_event_with_another_status_than_ours_reports_nothing_and_names_its_version(
    junk: Any,
) -> None:
    event = replaced(saved("event-as-documented"), STATUS, junk)

    assert (named_by(event), reported_by(event)) == (Arn(DOCUMENTED), None)


@pytest.mark.parametrize("name", ["event-captured-in-2021", "event-with-only-resources"])
def test_an_event_without_the_time_of_its_change_reports_nothing(name: str) -> None:
    assert reported_by(saved(name)) is None


def test_the_arn_of_an_endpoint_has_the_letter_case_of_its_name() -> None:
    """The ARN in the event is in lower case, but SageMaker is asked by name."""
    assert parse_payloads.job_of_event(saved("event-of-an-endpoint")) == ReconcileEndpoint(
        Arn(ENDPOINT)
    )


@pytest.mark.parametrize("name", [None, 7, "", "another", "x/MyEndpoint", "arn:aws:endpoint/y"])
def test_the_name_of_another_endpoint_does_not_change_the_arn(name: Any) -> None:
    event = replaced(saved("event-of-an-endpoint"), ("detail", "EndpointName"), name)

    assert parse_payloads.job_of_event(event) == ReconcileEndpoint(Arn(ENDPOINT.lower()))


def test_an_event_without_an_arn_is_ignored_with_its_id_in_the_error() -> None:
    with pytest.raises(Ignored, match="844e2571-85d4-695f-b930-0153b71dcb42"):
        parse_payloads.job_of_event(saved("event-without-an-arn"))


@pytest.mark.parametrize(
    "named",
    [
        "arn:aws:sagemaker:us-east-2:111122223333:model-package-group/fraud",
        "arn:aws:sagemaker:us-east-2:111122223333:endpoint-config/fraud",
        ["arn:aws:sagemaker:us-east-2:111122223333:model-package/fraud/1"],
        7,
    ],
)
def test_an_event_about_something_else_is_ignored(named: Any) -> None:
    with pytest.raises(Ignored):
        parse_payloads.job_of_event({"id": "e", "detail": {"ModelPackageArn": named}})


@pytest.mark.parametrize("name", sorted(path.stem for path in PAYLOADS.glob("event-*.json")))
def test_one_arn_is_all_that_an_event_needs(name: str) -> None:
    event = saved(name)
    named = (("detail", "ModelPackageArn"), ("detail",), ("resources", 0), ("resources",))
    named += (("detail", "EndpointName"),)  # how the ARN is spelled

    for path in paths(event):
        if path not in named and name != "event-without-an-arn":
            job = parse_payloads.job_of_event(without(event, path))
            assert job.arn == parse_payloads.job_of_event(event).arn


def test_an_event_that_lost_its_arn_is_ignored() -> None:
    bare = without(saved("event-as-documented"), ("resources",))

    for path in (("detail",), ("detail", "ModelPackageArn")):
        with pytest.raises(Ignored):
            parse_payloads.job_of_event(without(bare, path))


@given(junk=any_json, data=st.data())
def test_an_event_with_junk_in_it_names_a_package_or_is_ignored(
    junk: Any, data: st.DataObject
) -> None:
    event = saved(data.draw(st.sampled_from(["event-as-documented", "event-of-an-endpoint"])))
    event = replaced(event, data.draw(st.sampled_from(paths(event))), junk)
    event = replaced(event, data.draw(st.sampled_from(paths(event))), junk)

    try:
        job = parse_payloads.job_of_event(event)
        assert (":model-package/" in job.arn) is isinstance(job, ReconcileVersion)
    except Ignored:
        return
