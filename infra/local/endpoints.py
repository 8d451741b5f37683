"""
moto's endpoints, made to change as SageMaker's do, and to say so to EventBridge.

`Endpoints` is a part of the corrected backend in `registry`, which knows where events go. It must
not know the bot, Slack, or who reads the events.

    what              moto 5.2.5                    AWS
 1  events            none                          one whenever the status changes
 2  UpdateEndpoint    no such operation             Updating, then InService with what is new
 3  failures          none                          Failed; after an update as before, and why
 4  names             looked up as spelled          case does not matter; small in the ARN

Sources: events page (developer guide, automating-sagemaker-with-eventbridge). Model: the service
model sagemaker/2017-07-24. For an update that fails, the end-to-end test of AWS's own Kubernetes
controller (aws-controllers-k8s/sagemaker-controller, test_endpoint.py), which runs against AWS:
Updating, then InService with the old configuration and a FailureReason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, unix_time_millis, utcnow
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.sagemaker.models import FakeEndpoint

FAILS: Final = "embedded-world-fails"
"""
A tag on an endpoint configuration: what is deployed with it fails, for the reason in its value.
Nothing runs here that could fail by itself.
"""
_COMING: Final = "Coming"
"""Where an endpoint keeps the name of the configuration that an update is to bring."""


class Endpoints(SageMakerModelBackend):
    """moto's SageMaker of one account and region, with corrected endpoints in it."""

    def emit(self, event: dict[str, Any]) -> None:
        """Let EventBridge have *event*."""
        raise NotImplementedError

    def create_endpoint(
        self, endpoint_name: str, endpoint_config_name: str, tags: list[dict[str, str]]
    ) -> FakeEndpoint:
        """
        1, 3, 4. It is in service at once, or failed.

        AWS: Creating before that, for minutes. CreateEndpointInput: the name must be unique.
        """
        if _called(self.endpoints, endpoint_name) in self.endpoints:
            raise ValidationError(f"Cannot create already existing endpoint '{endpoint_name}'.")
        endpoint = super().create_endpoint(endpoint_name, endpoint_config_name, tags)
        before, mark, name = endpoint.arn.rpartition("/")
        endpoint.arn = f"{before}{mark}{name.lower()}"
        if reason := self._fails_with(endpoint_config_name):
            _set(endpoint, "Failed", reason)
        self._say(endpoint)
        return endpoint

    def update_endpoint(self, endpoint_name: str, endpoint_config_name: str) -> FakeEndpoint:
        """
        2. It is Updating until somebody has looked; then it is what came of it.

        As in moto's own slow resources, looking lets the time pass: so whoever is told that it is
        updating finds it so. Model: EndpointStatus; of Failed it says that
        "DeleteEndpoint is the only operation". Assumed: one that is updating cannot be updated.
        """
        endpoint = self._endpoint(endpoint_name)
        self.describe_endpoint_config(endpoint_config_name)  # it says so if there is none
        if endpoint.endpoint_status != "InService":
            raise ValidationError(f"Cannot update endpoint '{endpoint.arn}' at this status.")
        vars(endpoint)[_COMING.lower()] = endpoint_config_name
        _set(endpoint, "Updating", endpoint.failure_reason)
        self._say(endpoint)
        return endpoint

    def describe_endpoint(self, endpoint_name: str) -> dict[str, Any]:
        endpoint = self._endpoint(endpoint_name)
        found = dict(endpoint.response_object)
        if config := found.pop(_COMING, None):
            found["PendingDeploymentSummary"] = {"EndpointConfigName": config}
            self._end_update(endpoint)
        return found

    def delete_endpoint(self, endpoint_name: str) -> None:
        super().delete_endpoint(_called(self.endpoints, endpoint_name))

    def _endpoint(self, name: str) -> FakeEndpoint:
        """
        4. Look it up in any spelling.

        Model: CreateEndpointInput, "case-insensitive ..., but the case is preserved". Assumed to
        hold for what looks at an endpoint too, where nothing is said of it.
        """
        called = _called(self.endpoints, name)
        if called not in self.endpoints:
            super().describe_endpoint(called)  # which says so
        return self.endpoints[called]

    def _end_update(self, endpoint: FakeEndpoint) -> None:
        """3. After an update that fails all is as before, and the endpoint says why."""
        config = vars(endpoint).pop(_COMING.lower(), None)
        if config is None:
            return  # somebody else has looked in the same moment
        if not (reason := self._fails_with(config)):
            endpoint.endpoint_config_name = config
        _set(endpoint, "InService", reason)
        self._say(endpoint)

    def _fails_with(self, config: str) -> str | None:
        tags = self.endpoint_configs[config].tags
        return next((tag["Value"] for tag in tags if tag["Key"] == FAILS), None)

    def _say(self, endpoint: FakeEndpoint) -> None:
        self.emit(state_change(endpoint.response_object, endpoint.tags))


class EndpointsApi(SageMakerResponse):
    """moto's SageMaker API, with the operation on endpoints that it lacks."""

    def update_endpoint(self) -> ActionResult:
        """2. Update an endpoint."""
        asked = self._get_param("EndpointName"), self._get_param("EndpointConfigName")
        endpoints: Any = self.sagemaker_backend
        return ActionResult({"EndpointArn": endpoints.update_endpoint(*asked).arn})


def _called(endpoints: Mapping[str, FakeEndpoint], name: str) -> str:
    """4. How the endpoint *name* is spelled; *name* if there is none."""
    return next((each for each in list(endpoints) if each.lower() == name.lower()), name)


def _set(endpoint: FakeEndpoint, status: str, reason: str | None) -> None:
    endpoint.endpoint_status, endpoint.last_modified_time = status, utcnow()
    endpoint.failure_reason = reason  # type: ignore[assignment]  # moto knows no reason


def state_change(known: Mapping[str, Any], tags: list[dict[str, str]]) -> dict[str, Any]:
    """
    1. The event of an endpoint whose status has changed.

    Events page, "SageMaker endpoint state change": the ARN in small letters, the status in capitals
    with underscores, the times in milliseconds, and of the event itself as text.
    """
    arn = known["EndpointArn"]
    _, _, _, region, account, _ = arn.split(":", 5)
    weighed = ("DesiredWeight", "DesiredInstanceCount")
    variants = [
        {name: float(each[name]) for name in weighed if name in each}
        for each in known.get("ProductionVariants", ())
    ]
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "SageMaker Endpoint State Change",
        "source": "aws.sagemaker",
        "account": account,
        "time": str(int(unix_time_millis())),
        "region": region,
        "resources": [arn],
        "detail": {
            "EndpointName": known["EndpointName"],
            "EndpointArn": arn,
            "EndpointConfigName": known["EndpointConfigName"],
            "ProductionVariants": variants,
            "EndpointStatus": camelcase_to_underscores(known["EndpointStatus"]).upper(),
            "CreationTime": unix_time_millis(known["CreationTime"]),
            "LastModifiedTime": unix_time_millis(known["LastModifiedTime"]),
            "Tags": {tag["Key"]: tag["Value"] for tag in tags},
        },
    }
