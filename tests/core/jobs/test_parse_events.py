from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Ignored
from bot.core.jobs import parse_payloads
from bot.core.jobs.messages import ReconcileEndpoint, ReconcileVersion
from bot.core.registry.version import Arn
from tests.core.paths import paths, replaced, without
from tests.core.saved import PAYLOADS, saved
from tests.core.strategies import any_json

DOCUMENTED = "arn:aws:sagemaker:us-east-2:111122223333:model-package/versionedmp-p-idy6c3e1fiqj/2"
ENDPOINT = "arn:aws:sagemaker:us-west-2:111122223333:endpoint/MyEndpoint"


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
    assert parse_payloads.job_of_event(saved(name)) == ReconcileVersion(Arn(arn))


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
            assert parse_payloads.job_of_event(without(event, path)) == parse_payloads.job_of_event(
                event
            )


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
