"""How the functions are composed: from the settings, once for each bot, sharing nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest

from bot.core.errors import Misconfigured, Unavailable
from bot.core.registry.version import Arn, Report, Status
from bot.settings import Settings
from bot.wiring.events import EventBot
from bot.wiring.jobs import JobBot
from bot.wiring.slack_request import SlackRequestBot
from infra.local.aws import ACCESS_KEY
from tests.adapters.conftest import as_in_lambda, aws, aws_server, faults  # noqa: F401
from tests.doubles.builders import ANA, a_decision, a_version
from tests.doubles.metrics import FakeMetrics
from tests.world.embedded import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.adapters.aws import Aws

pytestmark = pytest.mark.usefixtures("as_in_lambda")


@pytest.fixture
def settings(aws: Aws) -> Settings:  # noqa: F811
    """The settings of a deployment, as its functions get them."""
    rules = ROOT / aws.settings["APPROVALS_FILE"]
    return Settings({**aws.settings, "APPROVALS_FILE": str(rules)})


@pytest.fixture
def sagemaker(aws: Aws) -> Any:  # noqa: F811
    return aws.client("sagemaker")


@pytest.fixture
def arn(sagemaker: Any) -> Arn:
    """A version that waits for a decision."""
    group = f"fraud-{uuid4().hex[:12]}"
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    return Arn(sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"])


def changed(settings: Settings, **environment: str) -> Settings:
    return replace(settings, environment={**settings.environment, **environment})


def approve(settings: Settings, arn: Arn) -> None:
    decision = a_decision(a_version(), Status.APPROVED, id=str(uuid4()), arn=arn)
    JobBot(settings, FakeMetrics()).ports.registry.apply(decision)


def decided_by(sagemaker: Any, arn: Arn) -> Any:
    version = sagemaker.describe_model_package(ModelPackageName=arn)
    return version["LastModifiedBy"]["IamIdentity"]


def test_a_decision_is_made_in_the_decision_role_of_the_settings(
    settings: Settings, sagemaker: Any, arn: Arn
) -> None:
    approve(settings, arn)

    assert decided_by(sagemaker, arn)["SourceIdentity"] == ANA.id


def test_without_a_decision_role_the_bot_decides_in_its_own_name(
    settings: Settings, sagemaker: Any, arn: Arn
) -> None:
    approve(changed(settings, DECISION_ROLE_ARN=""), arn)

    identity = decided_by(sagemaker, arn)
    assert identity["Arn"].endswith(f":user/{ACCESS_KEY}")
    assert "SourceIdentity" not in identity


@pytest.mark.parametrize("make", [EventBot, JobBot, SlackRequestBot])
def test_making_a_bot_needs_no_setting(make: Any) -> None:
    bot = make(Settings({}), FakeMetrics())

    assert bot.settings == Settings({})


@pytest.mark.parametrize(("make", "part"), [(EventBot, "queue"), (JobBot, "ports")])
def test_a_prepared_bot_has_made_its_parts(settings: Settings, make: Any, part: str) -> None:
    """Lambda gives a full processor only until the first call."""
    assert part in vars(make(settings, FakeMetrics()).prepared())
    assert part not in vars(make(settings, FakeMetrics()))


def test_a_prepared_bot_has_made_the_large_clients_of_its_own_registry(
    settings: Settings, arn: Arn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client takes its time as well: botocore reads the service's model."""
    made: list[str] = []
    make = boto3.Session.client

    def client(self: Any, service: str, **more: Any) -> Any:
        made.append(service)
        return make(self, service, **more)

    monkeypatch.setattr(boto3.Session, "client", client)
    bot = JobBot(settings, FakeMetrics()).prepared()
    before = {*made}
    bot.ports.registry.describe(arn)
    bot.ports.evidence.read(Report("model_quality", "s3://models/none.json"), arn)

    assert before == {"dynamodb", "s3", "sagemaker", "sqs"}
    assert {*made} - before == {"sts"}  # small, and not for every job
    assert made.count("sagemaker") == made.count("s3") == 1


@pytest.mark.parametrize(("make", "part"), [(EventBot, "queue"), (JobBot, "ports")])
def test_what_cannot_be_prepared_is_said_by_the_first_call(make: Any, part: str) -> None:
    bot = make(Settings({}), FakeMetrics()).prepared()

    with pytest.raises(Misconfigured, match="is not set"):
        getattr(bot, part)


@pytest.mark.parametrize("name", ["HOME_REGISTRY", "LEDGER_TABLE", "QUEUE_URL", "APPROVALS_FILE"])
def test_a_missing_setting_is_named(settings: Settings, name: str) -> None:
    bot = JobBot(changed(settings, **{name: ""}), FakeMetrics())

    with pytest.raises(Misconfigured, match=f"^{name} is not set"):
        _ = bot.ports


def test_a_missing_rules_file_is_named(settings: Settings, tmp_path: Path) -> None:
    bot = JobBot(changed(settings, APPROVALS_FILE=str(tmp_path / "none.yml")), FakeMetrics())

    with pytest.raises(Misconfigured, match=r"none\.yml"):
        _ = bot.ports


def test_the_ports_of_a_bot_are_made_once(settings: Settings) -> None:
    bot = JobBot(settings, FakeMetrics())

    assert bot.ports is bot.ports
    assert bot.ports.queue is bot.queue


def test_the_time_at_which_a_job_was_sent_is_not_kept_for_the_next_one(settings: Settings) -> None:
    bot = JobBot(settings, FakeMetrics())
    asked = bot.ports_for("1774951200123").job_sent_at

    assert asked is not None
    assert asked.isoformat() == "2026-03-31T10:00:00.123000+00:00"
    assert bot.ports.job_sent_at is None


def test_each_bot_counts_only_the_errors_of_its_own_calls(
    aws: Aws,  # noqa: F811
    settings: Settings,
    arn: Arn,
) -> None:
    first, second = FakeMetrics(), FakeMetrics()
    bots = [JobBot(settings, metrics) for metrics in (first, second)]
    aws.faults.add("DescribeModelPackage", "500", times=4)
    with pytest.raises(Unavailable):
        bots[0].ports.registry.describe(arn)
    bots[1].ports.registry.describe(arn)

    assert first.counted["AwsErrors code=InternalFailure"] == 1
    assert second.counted == {}


def test_boto3s_default_session_is_not_used(
    settings: Settings, arn: Arn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    approve(settings, arn)

    assert boto3.DEFAULT_SESSION is None
