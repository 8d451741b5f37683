"""Registries elsewhere: in which role they are asked, and what happens when it cannot be had."""

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
TAKEN = ("AssumeRole", {"RoleArn": READER, "RoleSessionName": "model-approvals"})


def group_of(arn: Arn) -> str:
    """The group of a version there."""
    return full_group_name(THERE, arn.split("/")[1])


LOOKS: dict[str, Callable[[AllRegistries, Arn], object]] = {
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
    """SageMaker there, as a pipeline calls it."""
    return client_in("sagemaker", aws.url, THERE)


@pytest.fixture
def arn(sagemaker: Any, group: str) -> Arn:
    """A version there that waits."""
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    return Arn(sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"])


def a_yes(arn: Arn) -> Decision:
    return a_decision(a_version(), Status.APPROVED, BEN, id=str(uuid4()), arn=arn)


# --- to look --------------------------------------------------------------------------------------


def test_elsewhere_it_looks_in_the_role_that_is_lent_there_and_takes_it_once(
    registry: AllRegistries, sts: Any, arn: Arn, group: str
) -> None:
    calls = recorded(sts)
    for look in LOOKS.values():
        look(registry, arn)

    assert calls == [TAKEN]
    assert registry.describe(arn).group == full_group_name(THERE, group)


def test_at_home_nothing_is_taken_to_look(registry: AllRegistries, sts: Any) -> None:
    calls = recorded(sts)
    registry.versions_with_status(Status.PENDING, OWN_REGISTRY)
    registry.groups(OWN_REGISTRY)
    registry.versions("fraud")

    assert calls == []


def test_another_role_session_is_taken_before_the_first_one_ends(
    registry: AllRegistries, sts: Any, arn: Arn
) -> None:
    def end_soon(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Credentials"]["Expiration"] = datetime.now(UTC) + timedelta(minutes=5)

    sts.meta.events.register_first("after-call.sts.AssumeRole", end_soon)
    calls = recorded(sts)
    registry.describe(arn)
    registry.describe(arn)

    assert calls == [TAKEN, TAKEN]


@pytest.mark.parametrize("error", BUSY)
@pytest.mark.parametrize("look", LOOKS)
def test_an_outage_of_sts_is_a_reason_to_wait(
    aws: Aws, registry: AllRegistries, arn: Arn, look: str, error: str
) -> None:
    aws.faults.add("AssumeRole", error)

    with pytest.raises(Unavailable):
        LOOKS[look](registry, arn)
    LOOKS[look](registry, arn)


@pytest.mark.parametrize("look", LOOKS)
def test_a_role_that_may_not_be_taken_is_named(
    aws: Aws, registry: AllRegistries, arn: Arn, look: str
) -> None:
    aws.faults.add("AssumeRole", "AccessDenied")

    with pytest.raises(Forbidden, match=f"the bot may not take the role {READER}"):
        LOOKS[look](registry, arn)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("error", ["AccessDeniedException", "UnrecognizedClientException"])
def test_a_registry_that_does_not_answer_the_bot_is_forbidden_whatever_the_reason(
    aws: Aws, registry: AllRegistries, arn: Arn, look: str, error: str
) -> None:
    """The second one is said where a Region was not switched on for the account."""
    aws.faults.add(OPERATIONS[look], error)

    with pytest.raises(Forbidden):
        LOOKS[look](registry, arn)


@pytest.mark.parametrize("look", LOOKS)
def test_the_registry_is_named_and_the_reason(
    aws: Aws, registry: AllRegistries, arn: Arn, look: str
) -> None:
    error = "UnrecognizedClientException"
    aws.faults.add(OPERATIONS[look], error)

    message = f"the registry of account 222222222222 in eu-west-1 cannot be read: {error}"
    with pytest.raises(Forbidden, match=message):
        LOOKS[look](registry, arn)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("error", ["ExpiredToken", "ExpiredTokenException", "RequestExpired"])
def test_keys_that_ran_out_are_a_reason_to_wait(
    aws: Aws, registry: AllRegistries, arn: Arn, look: str, error: str
) -> None:
    """The next attempt has new ones."""
    aws.faults.add(OPERATIONS[look], error)

    with pytest.raises(Unavailable, match=error):
        LOOKS[look](registry, arn)
    LOOKS[look](registry, arn)


@pytest.mark.parametrize("error", ["Throttling", "AccessDenied"])
def test_the_log_says_which_registry_could_not_be_asked_and_why(
    aws: Aws, registry: AllRegistries, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    aws.faults.add("AssumeRole", error)
    with pytest.raises((Unavailable, Forbidden)) as raised:
        registry.versions_with_status(Status.PENDING, THERE)

    (entry,) = [vars(each) for each in caplog.records if hasattr(each, "registry")]
    assert (entry["msg"], entry["registry"]) == ("A registry could not be listed", THERE)
    assert entry["reason"] == str(raised.value)


def test_a_group_at_a_site_that_is_none_of_ours_has_no_versions(registry: AllRegistries) -> None:
    assert registry.versions("333333333333/eu-west-1/fraud") == ()


def test_the_bots_own_keys_that_ran_out_are_a_reason_to_wait(
    aws: Aws, registry: AllRegistries, arn: Arn
) -> None:
    aws.faults.add("AssumeRole", "ExpiredTokenException")

    with pytest.raises(Unavailable, match="ExpiredTokenException"):
        registry.describe(arn)
    registry.describe(arn)


# --- to decide ------------------------------------------------------------------------------------


def test_elsewhere_it_decides_in_the_role_that_is_lent_there_in_the_name_of_a_person(
    registry: AllRegistries, sagemaker: Any, sts: Any, arn: Arn
) -> None:
    calls = recorded(sts)
    decision = a_yes(arn)
    registry.apply(decision)

    who = sagemaker.describe_model_package(ModelPackageName=arn)["LastModifiedBy"]["IamIdentity"]
    assert [parameters["RoleArn"] for _, parameters in calls] == [DECIDER]
    assert who["SourceIdentity"] == BEN.id
    assert who["Arn"].endswith(
        f"::222222222222:assumed-role/model-approvals-decide/approval-{decision.id}"
    )


def test_a_decision_whose_role_may_not_be_taken_is_declined_and_the_role_is_named(
    aws: Aws, registry: AllRegistries, arn: Arn
) -> None:
    aws.faults.add("AssumeRole", "AccessDenied")

    with pytest.raises(Declined, match=f"AccessDenied: the bot may not take {DECIDER}"):
        registry.apply(a_yes(arn))
    assert registry.describe(arn).status is Status.PENDING


def test_an_outage_of_sts_is_no_end_of_a_decision(
    aws: Aws, registry: AllRegistries, arn: Arn
) -> None:
    aws.faults.add("AssumeRole", "Throttling")

    with pytest.raises(Unavailable):
        registry.apply(a_yes(arn))


# --- evidence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("registry_id", "taken"), [(OWN_REGISTRY, []), (THERE, [TAKEN])])
def test_a_file_is_read_with_the_rights_of_the_site_of_its_version(
    aws: Aws, sts: Any, registry_id: RegistryId, taken: list[Any]
) -> None:
    bucket, s3 = f"models-{uuid4()}", aws.client("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="bias.json", Body=b"{}")
    calls = recorded(sts)
    evidence = S3Evidence(partial(clients(aws, sts).client_for, "s3"))
    found = evidence.read(a_report(bucket), an_arn(1, full_group_name(registry_id, "fraud")))

    assert calls == taken
    assert [source.uri for source in found.sources if source.digest] == [f"s3://{bucket}/bias.json"]


def a_report(bucket: str) -> Report:
    return Report("bias", f"s3://{bucket}/bias.json")


def test_a_file_for_which_the_role_may_not_be_taken_is_a_note(aws: Aws, sts: Any) -> None:
    aws.faults.add("AssumeRole", "AccessDenied")
    evidence = S3Evidence(partial(clients(aws, sts).client_for, "s3"))
    found = evidence.read(a_report("models"), an_arn(1, full_group_name(THERE, "fraud")))

    source = Source("s3://models/bias.json", "")
    assert found == Brief(notes=(Note(NoteCode.UNREADABLE, "bias"),), sources=(source,))


def test_a_file_of_a_site_that_is_none_of_ours_is_a_note(aws: Aws) -> None:
    evidence = S3Evidence(partial(clients(aws).client_for, "s3"))
    found = evidence.read(a_report("models"), an_arn(1, "333333333333/eu-west-1/fraud"))

    assert found.notes == (Note(NoteCode.UNREADABLE, "bias"),)


# --- which client ---------------------------------------------------------------------------------


def test_a_client_is_made_once_for_each_service_and_site() -> None:
    made: list[tuple[str, RegistryId]] = []
    ours = RegistryClients(
        HERE, [THERE], lambda service, registry_id: made.append((service, registry_id)) or object()
    )  # type: ignore[func-returns-value]
    at_home, elsewhere = an_arn(), an_arn(1, full_group_name(THERE, "fraud"))

    assert (
        ours.client_for("s3", at_home)
        is ours.client("s3", OWN_REGISTRY)
        is not ours.client_for("s3", elsewhere)
    )
    assert ours.client_for("s3", elsewhere) is ours.client_for("s3", elsewhere.upper())
    assert made == [("s3", OWN_REGISTRY), ("s3", THERE)]


@pytest.mark.parametrize(
    "arn", ["", "arn", "arn:", "arn:aws:sagemaker:", "arn:aws:sagemaker:::x", "no arn:::::", "::::"]
)
def test_what_is_no_arn_is_at_no_site(arn: str) -> None:
    ours = RegistryClients(HERE, [THERE], lambda *_: None)

    assert ours.find_registry(arn) is None
    with pytest.raises(NotOurs, match="the setting REGISTRIES would add it"):
        ours.client_for("sagemaker", arn)


def test_the_bots_own_site_among_the_others_is_no_second_one() -> None:
    assert RegistryClients(HERE, [HERE, THERE], lambda *_: None).registry_ids == (
        OWN_REGISTRY,
        THERE,
    )


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_roles_are_named_as_the_stack_there_names_them(partition: str) -> None:
    named = role_arn(THERE, READ, partition)

    assert named == f"arn:{partition}:iam::222222222222:role/model-approvals-read"
