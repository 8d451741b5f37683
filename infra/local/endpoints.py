"""
Corrections of moto's endpoints: they change as SageMaker's do, and send events.

`Endpoints` is a part of the corrected backend in `registry`, which sends the events. It must not
know the bot, Slack, or who reads the events.

    what              moto 5.2.5                    AWS
 1  events            none                          one whenever the status changes
 2  UpdateEndpoint    no such operation             Updating, then InService with what is new
 3  failures          none                          Failed; after an update as before, and why
 4  names             case matters                  any case; small letters in the ARN

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
A tag on an endpoint configuration: a deployment with it fails, for the reason in the tag's value.
Nothing runs here that could fail by itself.
"""
_NEXT_CONFIG: Final = "NextConfig"
"""Field of an endpoint that is updating: the name of its next configuration."""
_NEXT_CONFIG_ATTRIBUTE: Final = camelcase_to_underscores(_NEXT_CONFIG)


class Endpoints(SageMakerModelBackend):
    """moto's SageMaker of one account and region, with corrected endpoints in it."""

    def emit(self, event: dict[str, Any]) -> None:
        """Send *event* to EventBridge."""
        raise NotImplementedError

    def create_endpoint(
        self, endpoint_name: str, endpoint_config_name: str, tags: list[dict[str, str]]
    ) -> FakeEndpoint:
        """
        1, 3, 4. Create an endpoint that is InService at once, or Failed.

        AWS: Creating before that, for minutes. CreateEndpointInput: the name must be unique.
        """
        if _existing_name(self.endpoints, endpoint_name) in self.endpoints:
            raise ValidationError(f"Cannot create already existing endpoint '{endpoint_name}'.")
        endpoint = super().create_endpoint(endpoint_name, endpoint_config_name, tags)
        prefix, slash, name = endpoint.arn.rpartition("/")
        endpoint.arn = f"{prefix}{slash}{name.lower()}"
        if reason := self._failure_reason(endpoint_config_name):
            _set(endpoint, "Failed", reason)
        self._send_event(endpoint)
        return endpoint

    def update_endpoint(self, endpoint_name: str, endpoint_config_name: str) -> FakeEndpoint:
        """
        2. Start an update; the first DescribeEndpoint still shows Updating, and ends it.

        As with moto's own slow resources, a look lets the time pass: so whoever gets the event of
        the update finds the endpoint Updating. Model: EndpointStatus; of Failed it says that
        "DeleteEndpoint is the only operation". Assumed: one that is updating cannot be updated.
        """
        endpoint = self._endpoint(endpoint_name)
        self.describe_endpoint_config(endpoint_config_name)  # raises if there is none
        if endpoint.endpoint_status != "InService":
            raise ValidationError(f"Cannot update endpoint '{endpoint.arn}' at this status.")
        vars(endpoint)[_NEXT_CONFIG_ATTRIBUTE] = endpoint_config_name
        _set(endpoint, "Updating", endpoint.failure_reason)
        self._send_event(endpoint)
        return endpoint

    def describe_endpoint(self, endpoint_name: str) -> dict[str, Any]:
        endpoint = self._endpoint(endpoint_name)
        description = dict(endpoint.response_object)
        if config := description.pop(_NEXT_CONFIG, None):
            description["PendingDeploymentSummary"] = {"EndpointConfigName": config}
            self._end_update(endpoint)
        return description

    def delete_endpoint(self, endpoint_name: str) -> None:
        """1. Delete an endpoint at once; AWS: Deleting before that, of which it sends an event."""
        endpoint = self._endpoint(endpoint_name)
        _set(endpoint, "Deleting", endpoint.failure_reason)
        self._send_event(endpoint)
        super().delete_endpoint(_existing_name(self.endpoints, endpoint_name))

    def _endpoint(self, name: str) -> FakeEndpoint:
        """
        4. Return the endpoint with this name in any case.

        Model: CreateEndpointInput, "case-insensitive ..., but the case is preserved". Assumed to
        hold for the operations on an endpoint too, where nothing is said of it.
        """
        existing = _existing_name(self.endpoints, name)
        if existing not in self.endpoints:
            super().describe_endpoint(existing)  # which raises
        return self.endpoints[existing]

    def _end_update(self, endpoint: FakeEndpoint) -> None:
        """3. End an update. After one that fails all is as before, with a FailureReason."""
        config = vars(endpoint).pop(_NEXT_CONFIG_ATTRIBUTE, None)
        if config is None:
            return  # another thread has ended it
        if not (reason := self._failure_reason(config)):
            endpoint.endpoint_config_name = config
        _set(endpoint, "InService", reason)
        self._send_event(endpoint)

    def _failure_reason(self, config: str) -> str | None:
        # A configuration may be deleted while it is being deployed; its name is never forgotten.
        tags = self.endpoint_configs[config].tags if config in self.endpoint_configs else ()
        return next((tag["Value"] for tag in tags if tag["Key"] == FAILS), None)

    def _send_event(self, endpoint: FakeEndpoint) -> None:
        self.emit(state_change(endpoint.response_object, endpoint.tags))


class EndpointsApi(SageMakerResponse):
    """moto's SageMaker API, with the operation on endpoints that it lacks."""

    def update_endpoint(self) -> ActionResult:
        """2. Update an endpoint."""
        backend: Any = self.sagemaker_backend
        endpoint = backend.update_endpoint(
            self._get_param("EndpointName"), self._get_param("EndpointConfigName")
        )
        return ActionResult({"EndpointArn": endpoint.arn})


def _existing_name(endpoints: Mapping[str, FakeEndpoint], name: str) -> str:
    """4. Return the name of an existing endpoint that equals *name* but for case, else *name*."""
    return next((each for each in list(endpoints) if each.lower() == name.lower()), name)


def _set(endpoint: FakeEndpoint, status: str, reason: str | None) -> None:
    endpoint.endpoint_status, endpoint.last_modified_time = status, utcnow()
    endpoint.failure_reason = reason  # type: ignore[assignment]  # moto has none


def state_change(description: Mapping[str, Any], tags: list[dict[str, str]]) -> dict[str, Any]:
    """
    1. Return the event of an endpoint whose status has changed.

    Events page, "SageMaker endpoint state change": the ARN in small letters, the status in capitals
    with underscores, the times in milliseconds, and of the event itself as text.
    """
    arn = description["EndpointArn"]
    _, _, _, region, account, _ = arn.split(":", 5)
    fields = ("DesiredWeight", "DesiredInstanceCount")
    variants = [
        {name: float(each[name]) for name in fields if name in each}
        for each in description.get("ProductionVariants", ())
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
            "EndpointName": description["EndpointName"],
            "EndpointArn": arn,
            "EndpointConfigName": description["EndpointConfigName"],
            "ProductionVariants": variants,
            "EndpointStatus": camelcase_to_underscores(description["EndpointStatus"]).upper(),
            "CreationTime": unix_time_millis(description["CreationTime"]),
            "LastModifiedTime": unix_time_millis(description["LastModifiedTime"]),
            "Tags": {tag["Key"]: tag["Value"] for tag in tags},
        },
    }
