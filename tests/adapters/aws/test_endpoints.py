"""SageMaker's endpoints: its special cases, its outages, and the calls that are made."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.aws.endpoints import SageMakerEndpoints
from bot.core.errors import Forbidden, Gone, Unavailable
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


def test_an_endpoint_whose_model_was_deleted_counts_as_gone(
    endpoints: SageMakerEndpoints, sagemaker: Any, cicd: CiCd, group: str
) -> None:
    model = cicd.model({"ModelPackageName": an_arn()})
    arn = serve(cicd, sagemaker, group, model)
    sagemaker.delete_model(ModelName=model)

    with pytest.raises(Gone, match=arn):
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
