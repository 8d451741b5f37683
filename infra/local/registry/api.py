"""The operations of the registry: each reads its request, checks it, and writes the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from moto.core.responses import ActionResult

from infra.local.endpoints import EndpointsApi
from infra.local.registry.callers import user_context
from infra.local.registry.limits import validate
from infra.local.registry.service_model import input_shape

if TYPE_CHECKING:
    from infra.local.registry.backend import Registry


class RegistryApi(EndpointsApi):
    """moto's SageMaker API, of which the operations of the registry are answered here."""

    def create_model_package_group(self) -> ActionResult:
        return ActionResult({"ModelPackageGroupArn": self._registry.add_group(self._request())})

    def describe_model_package_group(self) -> ActionResult:
        group = self._registry.group(self._get_param("ModelPackageGroupName"))
        return ActionResult(group.gen_response_object())

    def list_model_package_groups(self) -> ActionResult:
        groups, token = self._registry.list_groups(self._request())
        summaries = [group.gen_response_object() for group in groups]
        return ActionResult({"ModelPackageGroupSummaryList": summaries, "NextToken": token})

    def create_model_package(self) -> ActionResult:
        arn = self._registry.add(self._request(), self._caller())
        return ActionResult({"ModelPackageArn": arn})

    def update_model_package(self) -> ActionResult:
        arn = self._registry.change(self._request(), self._caller())
        return ActionResult({"ModelPackageArn": arn})

    def describe_model_package(self) -> ActionResult:
        request = self._request()
        included_data = request.get("IncludedData", "AllData")
        return ActionResult(self._registry.describe(request["ModelPackageName"], included_data))

    def delete_model_package(self) -> ActionResult:
        self._registry.delete(self._get_param("ModelPackageName"))
        return ActionResult({})

    def list_model_packages(self) -> ActionResult:
        packages, token = self._registry.list_packages(self._request())
        # Fields that are none of the summary's are left out by moto, which follows the shapes.
        summaries = [package.gen_response_object() for package in packages]
        return ActionResult({"ModelPackageSummaryList": summaries, "NextToken": token})

    @property
    def _registry(self) -> Registry:
        return cast("Registry", self.sagemaker_backend)

    def _request(self) -> dict[str, Any]:
        """Return the parameters of the request. Raises ValidationError if they break a limit."""
        validate(input_shape("sagemaker", self._get_action()), self.params)
        return dict(self.params)

    def _caller(self) -> dict[str, Any]:
        return user_context(self.headers, self.current_account, self.partition)
