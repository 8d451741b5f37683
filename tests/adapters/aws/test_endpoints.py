"""SageMaker's endpoints: its special cases, its outages, and the calls that are made."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.aws.endpoints import SageMakerEndpoints
from bot.core.errors import Forbidden, Unavailable, UnknownRefusal
from bot.core.followup.endpoints import EndpointStatus
from bot.core.registry.version import Arn
from tests.adapters.aws import BUSY, Aws, recorded
from tests.doubles.builders import an_arn
from tests.doubles.cicd import CiCd
from tests.doubles.endpoints import an_endpoint

CALLS = ("DescribeEndpoint", "DescribeEndpointConfig", "DescribeModel")
UNVERSIONED = "arn:aws:sagemaker:us-east-1:865070037744:model-package/marketplace-xgboost"


@pytest.fixture
def sagemaker(aws: Aws) -> Any:
    return aws.client("sagemaker")


@pytest.fixture
def cicd(sagemaker: Any) -> CiCd:
    return CiCd(sagemaker)


@pytest.fixture
def endpoints(sagemaker: Any) -> SageMakerEndpoints:
    return SageMakerEndpoints(lambda _: sagemaker)


def serve(cicd: CiCd, sagemaker: Any, name: str, *models: str) -> Arn:
    config = cicd.config(models)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    return an_endpoint(name)


def test_the_client_is_chosen_by_the_arn_of_the_endpoint(
    sagemaker: Any, cicd: CiCd, group: str
) -> None:
    arn, asked = cicd.create(group, [an_arn()]), []
    SageMakerEndpoints(lambda which: asked.append(which) or sagemaker).describe(arn)

    assert asked == [arn]


def test_an_endpoint_is_described_by_name_and_each_model_once(
    endpoints: SageMakerEndpoints, sagemaker: Any, cicd: CiCd, group: str
) -> None:
    arn = cicd.create(group, [an_arn(1), an_arn(2)])
    calls = recorded(sagemaker)
    endpoints.describe(Arn(arn.replace(group, group.upper())))

    assert [operation for operation, _ in calls] == [*CALLS, CALLS[-1]]
    assert calls[0][1] == {"EndpointName": group.upper()}


def test_an_endpoint_has_its_own_arn_and_name_whatever_the_case_it_is_asked_for_in(
    endpoints: SageMakerEndpoints, cicd: CiCd, group: str
) -> None:
    arn = cicd.create(group.title(), [an_arn()])
    endpoint = endpoints.describe(Arn(arn.replace(group, group.upper())))

    assert (endpoint.arn, endpoint.name) == (an_endpoint(group), group.title())


def test_the_versions_of_all_containers_of_a_model_are_found(
    endpoints: SageMakerEndpoints, sagemaker: Any, cicd: CiCd, group: str
) -> None:
    named = [{"ModelPackageName": an_arn(1)}, {"Image": "i"}, {"ModelPackageName": an_arn(2)}]
    arn = serve(cicd, sagemaker, group, cicd.model(*named, many=True))

    assert endpoints.describe(arn).versions == (an_arn(1), an_arn(2))


def test_a_version_in_two_variants_is_found_once(
    endpoints: SageMakerEndpoints, cicd: CiCd, group: str
) -> None:
    assert endpoints.describe(cicd.create(group, [an_arn(), an_arn()])).versions == (an_arn(),)


def test_a_version_named_without_its_arn_is_one_of_the_endpoints_own_registry(
    endpoints: SageMakerEndpoints, cicd: CiCd, group: str
) -> None:
    assert endpoints.describe(cicd.create(group, ["fraud/3"])).versions == (an_arn(3),)


@pytest.mark.parametrize("package", [UNVERSIONED, "marketplace-xgboost"])
def test_an_unversioned_package_is_not_listed_as_a_version(
    endpoints: SageMakerEndpoints, cicd: CiCd, group: str, package: str
) -> None:
    assert endpoints.describe(cicd.create(group, [package])).versions == ()


def test_a_version_in_a_shadow_and_a_variant_without_a_model_are_read(
    sagemaker: Any, cicd: CiCd, group: str
) -> None:
    """moto drops shadows, and wants a model everywhere; the API's shapes do not."""
    arn, shadow = cicd.create(group, [an_arn()]), cicd.model({"ModelPackageName": an_arn(2)})

    class Shadowed:
        def describe_endpoint_config(self, **asked: Any) -> Any:
            config = sagemaker.describe_endpoint_config(**asked)
            bare = {"VariantName": "of-inference-components"}
            more = {"VariantName": "shadow", "ModelName": shadow}
            config["ProductionVariants"].append(bare)
            return {**config, "ShadowProductionVariants": [more]}

        def __getattr__(self, name: str) -> Any:
            return getattr(sagemaker, name)

    endpoint = SageMakerEndpoints(lambda _: Shadowed()).describe(arn)

    assert endpoint.versions == (an_arn(1), an_arn(2))
    assert not endpoint.is_complete, "an inference component serves what is not read"


def test_a_model_that_was_deleted_hides_no_other(
    endpoints: SageMakerEndpoints, sagemaker: Any, cicd: CiCd, group: str
) -> None:
    deleted, kept = (cicd.model({"ModelPackageName": an_arn(number)}) for number in (1, 2))
    arn = serve(cicd, sagemaker, group, deleted, kept)
    sagemaker.delete_model(ModelName=deleted)

    endpoint = endpoints.describe(arn)
    assert (endpoint.versions, endpoint.is_complete) == ((an_arn(2),), False)


def test_a_configuration_that_was_deleted_does_not_hide_the_change_to_a_new_one(
    endpoints: SageMakerEndpoints, sagemaker: Any, cicd: CiCd, group: str
) -> None:
    arn = cicd.create(group, [an_arn(1)])
    old = sagemaker.describe_endpoint(EndpointName=group)["EndpointConfigName"]
    cicd.update(group, [an_arn(2)], fails="no memory")
    sagemaker.delete_endpoint_config(EndpointConfigName=old)

    updating, after = endpoints.describe(arn), endpoints.describe(arn)
    assert (updating.versions, updating.is_complete, updating.config) == ((), False, old)
    assert updating.pending_versions == (an_arn(2),)
    assert updating.pending_config not in {"", old}
    assert (after.state, after.reason) == (EndpointStatus.IN_SERVICE, "no memory")
    assert (after.config, after.pending_config, after.is_complete) == (old, "", False)


def test_a_pending_configuration_that_was_deleted_hides_no_version_in_service(
    endpoints: SageMakerEndpoints, sagemaker: Any, cicd: CiCd, group: str
) -> None:
    arn = cicd.create(group, [an_arn(1)])
    config = cicd.config(cicd.models([an_arn(2)]))
    sagemaker.update_endpoint(EndpointName=group, EndpointConfigName=config)
    sagemaker.delete_endpoint_config(EndpointConfigName=config)

    endpoint = endpoints.describe(arn)
    assert (endpoint.versions, endpoint.is_complete) == ((an_arn(1),), True)
    assert (endpoint.pending_versions, endpoint.pending_config) == ((), config)


@pytest.mark.parametrize("operation", CALLS)
def test_another_validation_exception_is_not_taken_for_a_deletion(
    aws: Aws, endpoints: SageMakerEndpoints, cicd: CiCd, group: str, operation: str
) -> None:
    arn = cicd.create(group, [an_arn()])
    aws.faults.add(operation, "ValidationException")

    with pytest.raises(UnknownRefusal, match=arn):
        endpoints.describe(arn)


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("code", ["AccessDeniedException", "AccessDenied"])
def test_an_endpoint_that_the_bot_may_not_describe_is_forbidden_and_named(  # noqa: PLR0917
    aws: Aws, endpoints: SageMakerEndpoints, cicd: CiCd, group: str, operation: str, code: str
) -> None:
    arn = cicd.create(group, [an_arn()])
    aws.faults.add(operation, code)

    with pytest.raises(Forbidden, match=arn):
        endpoints.describe(arn)


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("error", BUSY)
def test_an_outage_is_a_reason_to_wait(  # noqa: PLR0917
    aws: Aws, endpoints: SageMakerEndpoints, cicd: CiCd, group: str, operation: str, error: str
) -> None:
    arn = cicd.create(group, [an_arn()])
    aws.faults.add(operation, error)

    with pytest.raises(Unavailable):
        endpoints.describe(arn)
    assert endpoints.describe(arn).versions == (an_arn(),)
