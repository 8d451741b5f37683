"""The same corrections on a moto server, over HTTP."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.core.base_backend import BackendDict
from moto.events.models import Rule
from moto.server import ThreadedMotoServer

from infra.local.registry import correct, deliver_to_functions
from tests.local.registry.calls import (
    EVENT_PATTERN,
    FUNCTION,
    REGION,
    ROLE,
    Json,
    a_version,
    described,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def served(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Connect to a server that looks newly started to its clients."""
    monkeypatch.setattr(Rule, "send_to_targets", Rule.send_to_targets)  # put back afterwards
    BackendDict.reset()
    correct()
    clients: list[Any] = []

    def connect(service: str) -> Any:
        clients.append(
            boto3.client(
                service,
                region_name=REGION,
                endpoint_url=address,
                aws_access_key_id="AKIDann",
                aws_secret_access_key="secret",
            )
        )
        return clients[-1]

    yield connect
    for connected in clients:
        connected.close()


def test_a_moto_server_is_corrected_too(served: Any) -> None:
    sagemaker = served("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="Churn")

    arn = a_version(sagemaker)

    assert arn.endswith(":model-package/Churn/1")
    package = described(sagemaker, "Churn/1")
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    assert package["CreatedBy"]["IamIdentity"]["PrincipalId"] == "AKIDann"


def test_sts_is_corrected_on_a_server_too(served: Any) -> None:
    session = served("sts").assume_role(
        RoleArn=ROLE, RoleSessionName="approval-1", SourceIdentity="U0ANA00000"
    )

    assert session["SourceIdentity"] == "U0ANA00000"


def test_concurrent_versions_get_different_numbers(served: Any) -> None:
    sagemaker = served("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="Churn")
    with ThreadPoolExecutor(8) as pool:
        arns = list(pool.map(lambda _: a_version(sagemaker), range(24)))

    assert sorted(int(arn.rpartition("/")[2]) for arn in arns) == list(range(1, 25))


def test_a_function_may_ask_the_registry_about_its_event(served: Any) -> None:
    sagemaker, rules = served("sagemaker"), served("events")
    seen: list[Json] = []
    deliver_to_functions(lambda _, event: seen.append(described(sagemaker, event["resources"][0])))
    rules.put_rule(Name="asks", EventPattern=json.dumps(EVENT_PATTERN))
    rules.put_targets(Rule="asks", Targets=[{"Id": "1", "Arn": FUNCTION}])
    sagemaker.create_model_package_group(ModelPackageGroupName="Churn")

    arn = a_version(sagemaker)

    assert [package["ModelPackageArn"] for package in seen] == [arn]
