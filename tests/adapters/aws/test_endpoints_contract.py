"""What all deployments promise: SageMaker's, and those in memory that the flows are tested on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from bot.adapters.aws.endpoints import SageMakerEndpoints
from bot.core.errors import Gone
from bot.core.followup.endpoints import EndpointStatus
from tests.doubles.builders import a_version, an_arn
from tests.doubles.cicd import CiCd
from tests.doubles.endpoints import FakeEndpoints, an_endpoint

if TYPE_CHECKING:
    from bot.core.registry.version import Arn
    from bot.flows.ports import Endpoints
    from tests.adapters.aws import Aws


class EndpointCase(Protocol):
    """Endpoints, and what CI/CD does with them."""

    endpoints: Endpoints

    def serve(self, name: str, *numbers: int, fails: str = "") -> Arn: ...

    def change(self, name: str, *numbers: int, fails: str = "") -> None: ...

    def delete_config(self, name: str) -> None:
        """Delete the configuration that is in service."""
        ...

    def delete(self, name: str) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self.endpoints = FakeEndpoints()

    def serve(self, name: str, *numbers: int, fails: str = "") -> Arn:
        failed = {"state": EndpointStatus.FAILED, "reason": fails} if fails else {}
        return self.endpoints.put(*map(a_version, numbers), name=name, **failed)

    def change(self, name: str, *numbers: int, fails: str = "") -> None:
        assert not fails, "for which there is no need in memory"
        endpoint = self.endpoints.describe(an_endpoint(name))
        pending_versions = tuple(map(an_arn, numbers))
        self.endpoints.put(
            name=name,
            versions=endpoint.versions,
            state=EndpointStatus.UPDATING,
            pending_versions=pending_versions,
            is_complete=endpoint.is_complete,
            config=endpoint.config,
            pending_config=f"config-of-{'-'.join(pending_versions)}",
        )

    def delete_config(self, name: str) -> None:
        self.endpoints.delete_config(name)

    def delete(self, name: str) -> None:
        self.endpoints.delete(name)


class InSageMaker:
    def __init__(self, client: Any) -> None:
        self.endpoints = SageMakerEndpoints(lambda _: client)
        self._client, self._cicd = client, CiCd(client)

    def serve(self, name: str, *numbers: int, fails: str = "") -> Arn:
        return self._cicd.create(name, map(an_arn, numbers), fails)

    def change(self, name: str, *numbers: int, fails: str = "") -> None:
        self._cicd.update(name, map(an_arn, numbers), fails)

    def delete_config(self, name: str) -> None:
        config = self.endpoints.describe(an_endpoint(name)).config
        self._client.delete_endpoint_config(EndpointConfigName=config)

    def delete(self, name: str) -> None:
        self._cicd.delete(name)


@pytest.fixture
def in_memory() -> EndpointCase:
    return InMemory()


@pytest.fixture
def in_sagemaker(aws: Aws) -> EndpointCase:
    return InSageMaker(aws.client("sagemaker"))


@pytest.fixture(params=["in_memory", "in_sagemaker"])
def case(request: pytest.FixtureRequest) -> EndpointCase:
    fixture: EndpointCase = request.getfixturevalue(request.param)
    return fixture


def test_an_endpoint_is_described_with_the_versions_that_it_serves(
    case: EndpointCase, group: str
) -> None:
    arn = case.serve(group, 1, 2)

    endpoint = case.endpoints.describe(arn)
    assert (endpoint.arn, endpoint.name, endpoint.state) == (arn, group, EndpointStatus.IN_SERVICE)
    assert (endpoint.versions, endpoint.pending_versions, endpoint.reason) == (
        (an_arn(1), an_arn(2)),
        (),
        "",
    )


def test_an_endpoint_without_versions_lists_none(case: EndpointCase, group: str) -> None:
    assert case.endpoints.describe(case.serve(group)).versions == ()


def test_an_endpoint_that_failed_says_why(case: EndpointCase, group: str) -> None:
    endpoint = case.endpoints.describe(case.serve(group, 1, fails="no memory"))

    assert (endpoint.state, endpoint.reason) == (EndpointStatus.FAILED, "no memory")
    assert endpoint.versions == (an_arn(1),)


def test_an_updating_endpoint_lists_the_versions_of_now_and_of_after_the_update(
    case: EndpointCase, group: str
) -> None:
    arn = case.serve(group, 1)
    before = case.endpoints.describe(arn)
    case.change(group, 2)

    endpoint = case.endpoints.describe(arn)
    assert endpoint.state is EndpointStatus.UPDATING
    assert (endpoint.versions, endpoint.pending_versions) == ((an_arn(1),), (an_arn(2),))
    assert endpoint.modified > before.modified
    assert endpoint.created == before.created


def test_an_endpoint_whose_configuration_was_deleted_is_described_as_not_complete(
    case: EndpointCase, group: str
) -> None:
    arn = case.serve(group, 1)
    before = case.endpoints.describe(arn)
    case.delete_config(group)
    case.change(group, 2)

    endpoint = case.endpoints.describe(arn)
    assert (before.is_complete, endpoint.is_complete) == (True, False)
    assert endpoint.config == before.config != ""
    assert (endpoint.versions, endpoint.pending_versions) == ((), (an_arn(2),))
    assert endpoint.pending_config not in {"", endpoint.config}


def test_an_endpoint_created_again_under_its_name_has_a_later_creation_time(
    case: EndpointCase, group: str
) -> None:
    arn = case.serve(group, 1)
    before = case.endpoints.describe(arn)
    case.delete(group)
    case.serve(group, 1)

    assert case.endpoints.describe(arn).created > before.created


def test_an_endpoint_that_was_never_created_is_gone(case: EndpointCase, group: str) -> None:
    with pytest.raises(Gone):
        case.endpoints.describe(an_endpoint(group))
