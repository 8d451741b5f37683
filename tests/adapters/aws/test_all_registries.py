"""Other registries: in which role they are read, and what happens if it cannot be assumed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from bot.adapters.aws.evidence_files import S3Evidence
from bot.adapters.aws.read_roles import READ, role_arn
from bot.adapters.aws.registry_clients import RegistryClients
from bot.core.errors import Declined, Forbidden, NotOurs, Unavailable
from bot.core.evidence.brief import Brief, Note, NoteCode, Source
from bot.core.registry.registry_id import OWN_REGISTRY, RegistryId, full_group_name
from bot.core.registry.version import Arn, Report, Status
from infra.local.aws import client_in
from tests.adapters.aws import BUSY, Aws, clients, recorded, registries
from tests.doubles.builders import BEN, HERE, THERE, a_decision, a_version, an_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.adapters.aws.all_registries import AllRegistries
    from bot.core.votes.vote import Decision

READER = "arn:aws:iam::222222222222:role/model-approvals-read"
DECIDER = "arn:aws:iam::222222222222:role/model-approvals-decide"
ASSUME_READ_ROLE = ("AssumeRole", {"RoleArn": READER, "RoleSessionName": "model-approvals"})


def group_of(arn: Arn) -> str:
    """The group of a version in the other registry."""
    return full_group_name(THERE, arn.split("/")[1])


READS: dict[str, Callable[[AllRegistries, Arn], object]] = {
    "describe": lambda registry, arn: registry.describe(arn),
    "versions": lambda registry, arn: registry.versions(group_of(arn)),
    "having": lambda registry, arn: registry.versions_with_status(Status.PENDING, THERE),  # noqa: ARG005
    "groups": lambda registry, arn: registry.groups(THERE),  # noqa: ARG005
}
OPERATIONS = {
    "describe": "DescribeModelPackage",
    "versions": "ListModelPackages",
    "having": "ListModelPackages",
    "groups": "ListModelPackageGroups",
}


@pytest.fixture
def sts(aws: Aws) -> Any:
    return aws.client("sts")


@pytest.fixture
def registry(aws: Aws, sts: Any) -> AllRegistries:
    return registries(aws, sts)


@pytest.fixture
def sagemaker(aws: Aws) -> Any:
    """SageMaker in the other registry, as a pipeline calls it."""
    return client_in("sagemaker", aws.url, THERE)


@pytest.fixture
def arn(sagemaker: Any, group: str) -> Arn:
    """A version of the other registry that waits for a decision."""
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    return Arn(sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"])


def an_approval(arn: Arn) -> Decision:
    return a_decision(a_version(), Status.APPROVED, BEN, id=str(uuid4()), arn=arn)


# --- to look --------------------------------------------------------------------------------------


def test_another_registry_is_read_in_its_read_role_which_is_assumed_once(
    registry: AllRegistries, sts: Any, arn: Arn, group: str
) -> None:
    calls = recorded(sts)
    for read in READS.values():
        read(registry, arn)

    assert calls == [ASSUME_READ_ROLE]
    assert registry.describe(arn).group == full_group_name(THERE, group)


def test_no_role_is_assumed_to_read_the_bots_own_registry(
    registry: AllRegistries, sts: Any
) -> None:
    calls = recorded(sts)
    registry.versions_with_status(Status.PENDING, OWN_REGISTRY)
    registry.groups(OWN_REGISTRY)
    registry.versions("fraud")

    assert calls == []


def test_a_new_role_session_is_opened_before_the_first_one_ends(
    registry: AllRegistries, sts: Any, arn: Arn
) -> None:
    def end_soon(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Credentials"]["Expiration"] = datetime.now(UTC) + timedelta(minutes=5)

    sts.meta.events.register_first("after-call.sts.AssumeRole", end_soon)
    calls = recorded(sts)
    registry.describe(arn)
    registry.describe(arn)

    assert calls == [ASSUME_READ_ROLE, ASSUME_READ_ROLE]


@pytest.mark.parametrize("error", BUSY)
@pytest.mark.parametrize("read", READS)
def test_an_outage_of_sts_is_a_reason_to_wait(
    aws: Aws, registry: AllRegistries, arn: Arn, read: str, error: str
) -> None:
    aws.faults.add("AssumeRole", error)

    with pytest.raises(Unavailable):
        READS[read](registry, arn)
    READS[read](registry, arn)


@pytest.mark.parametrize("read", READS)
def test_a_role_that_the_bot_may_not_assume_is_named(
    aws: Aws, registry: AllRegistries, arn: Arn, read: str
) -> None:
    aws.faults.add("AssumeRole", "AccessDenied")

    with pytest.raises(Forbidden, match=f"the bot may not take the role {READER}"):
        READS[read](registry, arn)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("error", ["AccessDeniedException", "UnrecognizedClientException"])
def test_a_registry_that_does_not_answer_the_bot_is_forbidden_whatever_the_reason(
    aws: Aws, registry: AllRegistries, arn: Arn, read: str, error: str
) -> None:
    """AWS answers the second one if the account has not enabled the Region."""
    aws.faults.add(OPERATIONS[read], error)

    with pytest.raises(Forbidden):
        READS[read](registry, arn)


@pytest.mark.parametrize("read", READS)
def test_the_error_names_the_registry_and_the_reason(
    aws: Aws, registry: AllRegistries, arn: Arn, read: str
) -> None:
    error = "UnrecognizedClientException"
    aws.faults.add(OPERATIONS[read], error)

    message = f"the registry of account 222222222222 in eu-west-1 cannot be read: {error}"
    with pytest.raises(Forbidden, match=message):
        READS[read](registry, arn)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("error", ["ExpiredToken", "ExpiredTokenException", "RequestExpired"])
def test_expired_keys_are_a_reason_to_wait(
    aws: Aws, registry: AllRegistries, arn: Arn, read: str, error: str
) -> None:
    """The next attempt gets new keys."""
    aws.faults.add(OPERATIONS[read], error)

    with pytest.raises(Unavailable, match=error):
        READS[read](registry, arn)
    READS[read](registry, arn)


@pytest.mark.parametrize("error", ["Throttling", "AccessDenied"])
def test_the_log_says_which_registry_could_not_be_listed_and_why(
    aws: Aws, registry: AllRegistries, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    aws.faults.add("AssumeRole", error)
    with pytest.raises((Unavailable, Forbidden)) as raised:
        registry.versions_with_status(Status.PENDING, THERE)

    (entry,) = [vars(record) for record in caplog.records if hasattr(record, "registry")]
    assert (entry["msg"], entry["registry"]) == ("A registry could not be listed", THERE)
    assert entry["reason"] == str(raised.value)


def test_a_group_of_a_registry_that_is_not_watched_has_no_versions(registry: AllRegistries) -> None:
    assert registry.versions("333333333333/eu-west-1/fraud") == ()


def test_expired_keys_of_the_bot_itself_are_a_reason_to_wait(
    aws: Aws, registry: AllRegistries, arn: Arn
) -> None:
    aws.faults.add("AssumeRole", "ExpiredTokenException")

    with pytest.raises(Unavailable, match="ExpiredTokenException"):
        registry.describe(arn)
    registry.describe(arn)


# --- to decide ------------------------------------------------------------------------------------


def test_a_decision_in_another_registry_is_made_in_its_role_and_in_the_name_of_a_person(
    registry: AllRegistries, sagemaker: Any, sts: Any, arn: Arn
) -> None:
    calls = recorded(sts)
    decision = an_approval(arn)
    registry.apply(decision)

    who = sagemaker.describe_model_package(ModelPackageName=arn)["LastModifiedBy"]["IamIdentity"]
    assert [parameters["RoleArn"] for _, parameters in calls] == [DECIDER]
    assert who["SourceIdentity"] == BEN.id
    assert who["Arn"].endswith(
        f"::222222222222:assumed-role/model-approvals-decide/approval-{decision.id}"
    )


def test_a_decision_whose_role_may_not_be_assumed_is_declined_and_the_role_is_named(
    aws: Aws, registry: AllRegistries, arn: Arn
) -> None:
    aws.faults.add("AssumeRole", "AccessDenied")

    with pytest.raises(Declined, match=f"AccessDenied: the bot may not take {DECIDER}"):
        registry.apply(an_approval(arn))
    assert registry.describe(arn).status is Status.PENDING


def test_an_outage_of_sts_does_not_decline_a_decision(
    aws: Aws, registry: AllRegistries, arn: Arn
) -> None:
    aws.faults.add("AssumeRole", "Throttling")

    with pytest.raises(Unavailable):
        registry.apply(an_approval(arn))


# --- evidence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registry_id", "sts_calls"), [(OWN_REGISTRY, []), (THERE, [ASSUME_READ_ROLE])]
)
def test_a_file_is_read_in_the_role_of_the_registry_of_its_version(
    aws: Aws, sts: Any, registry_id: RegistryId, sts_calls: list[Any]
) -> None:
    bucket, s3 = f"models-{uuid4()}", aws.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="bias.json", Body=b"{}")
    calls = recorded(sts)
    evidence = S3Evidence(partial(clients(aws, sts).client_for, "s3"))
    brief = evidence.read(a_report(bucket), an_arn(1, full_group_name(registry_id, "fraud")))

    assert calls == sts_calls
    assert [source.uri for source in brief.sources if source.digest] == [f"s3://{bucket}/bias.json"]


def a_report(bucket: str) -> Report:
    return Report("bias", f"s3://{bucket}/bias.json")


def test_a_file_whose_role_may_not_be_assumed_is_a_note(aws: Aws, sts: Any) -> None:
    aws.faults.add("AssumeRole", "AccessDenied")
    evidence = S3Evidence(partial(clients(aws, sts).client_for, "s3"))
    brief = evidence.read(a_report("models"), an_arn(1, full_group_name(THERE, "fraud")))

    source = Source("s3://models/bias.json", "")
    assert brief == Brief(notes=(Note(NoteCode.UNREADABLE, "bias"),), sources=(source,))


def test_a_file_of_a_registry_that_is_not_watched_is_a_note(aws: Aws) -> None:
    evidence = S3Evidence(partial(clients(aws).client_for, "s3"))
    brief = evidence.read(a_report("models"), an_arn(1, "333333333333/eu-west-1/fraud"))

    assert brief.notes == (Note(NoteCode.UNREADABLE, "bias"),)


# --- which client ---------------------------------------------------------------------------------


def test_a_client_is_made_once_for_each_service_and_registry() -> None:
    created: list[tuple[str, RegistryId]] = []
    registry_clients = RegistryClients(
        HERE,
        [THERE],
        lambda service, registry_id: created.append((service, registry_id)) or object(),
    )  # type: ignore[func-returns-value]
    own, other = an_arn(), an_arn(1, full_group_name(THERE, "fraud"))

    assert (
        registry_clients.client_for("s3", own)
        is registry_clients.client("s3", OWN_REGISTRY)
        is not registry_clients.client_for("s3", other)
    )
    assert registry_clients.client_for("s3", other) is registry_clients.client_for(
        "s3", other.upper()
    )
    assert created == [("s3", OWN_REGISTRY), ("s3", THERE)]


@pytest.mark.parametrize(
    "arn", ["", "arn", "arn:", "arn:aws:sagemaker:", "arn:aws:sagemaker:::x", "no arn:::::", "::::"]
)
def test_a_text_that_is_not_an_arn_is_in_no_registry(arn: str) -> None:
    registry_clients = RegistryClients(HERE, [THERE], lambda *_: None)

    assert registry_clients.find_registry(arn) is None
    with pytest.raises(NotOurs, match="the setting REGISTRIES would add it"):
        registry_clients.client_for("sagemaker", arn)


def test_the_bots_own_registry_among_the_others_is_listed_once() -> None:
    assert RegistryClients(HERE, [HERE, THERE], lambda *_: None).registry_ids == (
        OWN_REGISTRY,
        THERE,
    )


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_a_role_has_the_name_that_the_stack_of_its_account_gives_it(partition: str) -> None:
    named = role_arn(THERE, READ, partition)

    assert named == f"arn:{partition}:iam::222222222222:role/model-approvals-read"
