"""What every registry promises: SageMaker's, and the one in memory that the flows are tested on."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import uuid4

import pytest

from bot.adapters.aws.all_registries import AllRegistries
from bot.core.errors import Declined, Gone, NotOurs
from bot.core.registry.registry_id import OWN_REGISTRY, full_group_name, split_group_name
from bot.core.registry.version import Arn, Readiness, Status, Version
from bot.core.votes.approval_record import description, metadata
from infra.local.aws import client_in
from tests.adapters.aws import clients, registries
from tests.doubles.builders import THERE, a_decision, a_version, an_arn
from tests.doubles.registry import FakeRegistry

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.registry.registry_id import RegistryId
    from bot.core.votes.vote import Decision
    from bot.flows.ports import Registry
    from tests.adapters.aws import Aws

FIELDS: Final = {
    "description": "ModelPackageDescription",
    "metadata": "CustomerMetadataProperties",
}


class RegistryCase(Protocol):
    """A registry, and what others do in it."""

    registry_id: RegistryId

    @property
    def registry(self) -> Registry: ...

    def register(self, group: str, status: Status = Status.PENDING, **more: Any) -> Arn: ...

    def move_outside(self, arn: Arn, status: Status, comment: str) -> None: ...


class InMemory:
    def __init__(self, registry_id: RegistryId = OWN_REGISTRY) -> None:
        self.registry_id = registry_id
        self.registry = FakeRegistry()

    def register(self, group: str, status: Status = Status.PENDING, **more: Any) -> Arn:
        number = len(self.registry.versions(group)) + 1
        return self.registry.add(a_version(number, status, group=group, **more)).arn

    def move_outside(self, arn: Arn, status: Status, comment: str) -> None:
        self.registry.move_outside(arn, status, comment=comment)


@dataclass
class InSageMaker:
    registry: Registry
    client: Any
    """The client that others use."""
    registry_id: RegistryId = OWN_REGISTRY
    _groups: set[str] = field(default_factory=set)

    def register(self, group: str, status: Status = Status.PENDING, **more: Any) -> Arn:
        _, name = split_group_name(group)
        if group not in self._groups:
            self.client.create_model_package_group(ModelPackageGroupName=name)
            self._groups.add(group)
        created = self.client.create_model_package(
            ModelPackageGroupName=name,
            ModelApprovalStatus=status.value,
            **{FIELDS[name]: value for name, value in more.items()},
        )
        return Arn(created["ModelPackageArn"])

    def move_outside(self, arn: Arn, status: Status, comment: str) -> None:
        self.client.update_model_package(
            ModelPackageArn=arn, ModelApprovalStatus=status.value, ApprovalDescription=comment
        )


@pytest.fixture
def in_memory() -> RegistryCase:
    return InMemory()


@pytest.fixture
def in_memory_elsewhere() -> RegistryCase:
    return InMemory(THERE)


@pytest.fixture
def in_sagemaker(aws: Aws) -> RegistryCase:
    return InSageMaker(registries(aws), aws.client("sagemaker"))


@pytest.fixture
def in_sagemaker_without_a_decision_role(aws: Aws) -> RegistryCase:
    alone = AllRegistries(clients(aws), lambda _registry_id, _sagemaker: None)
    return InSageMaker(alone, aws.client("sagemaker"))


@pytest.fixture
def in_sagemaker_elsewhere(aws: Aws) -> RegistryCase:
    return InSageMaker(registries(aws), client_in("sagemaker", aws.url, THERE), THERE)


@pytest.fixture(
    params=[
        "in_memory",
        "in_memory_elsewhere",
        "in_sagemaker",
        "in_sagemaker_without_a_decision_role",
        "in_sagemaker_elsewhere",
    ]
)
def case(request: pytest.FixtureRequest) -> RegistryCase:
    fixture: RegistryCase = request.getfixturevalue(request.param)
    return fixture


@pytest.fixture
def group(case: RegistryCase, group: str) -> str:
    """The name of a group at the case's registry that no other test uses."""
    return full_group_name(case.registry_id, group)


def decided(case: RegistryCase, arn: Arn, target: Status, **changes: Any) -> Decision:
    """A decision that was not made yet."""
    return a_decision(case.registry.describe(arn), target, id=uuid4().hex, **changes)


def test_a_version_is_described_as_it_was_registered(case: RegistryCase, group: str) -> None:
    case.register(group)
    arn = case.register(group, description="the second try", metadata={"team": "growth"})

    version = case.registry.describe(arn)
    assert (version.arn, version.group, version.number) == (arn, group, 2)
    assert (version.status, version.readiness) == (Status.PENDING, Readiness.COMPLETED)
    assert (version.description, version.comment) == ("the second try", "")
    assert version.metadata == {"team": "growth"}


def test_a_version_that_nobody_registered_is_gone(case: RegistryCase, group: str) -> None:
    registered = case.register(group)
    missing = Arn(registered.removesuffix("/1") + "/2")

    with pytest.raises(Gone):
        case.registry.describe(missing)


def test_the_versions_of_a_group_are_all_of_them_and_no_others(
    case: RegistryCase, group: str
) -> None:
    first, second = case.register(group), case.register(group, Status.REJECTED)
    case.register(f"{group}-2")

    versions = case.registry.versions(group)
    assert {(version.arn, version.number) for version in versions} == {(first, 1), (second, 2)}


def test_the_newest_versions_of_a_group_come_first_and_no_more_than_asked_for(
    case: RegistryCase, group: str
) -> None:
    arns = [case.register(group) for _ in range(3)]

    assert [version.arn for version in case.registry.versions(group)] == arns[::-1]
    assert [version.arn for version in case.registry.versions(group, most=2)] == arns[:0:-1]


def test_the_versions_of_a_group_are_listed_by_their_status(case: RegistryCase, group: str) -> None:
    first = case.register(group, Status.APPROVED)
    case.register(group)
    last = case.register(group, Status.APPROVED)

    approved = case.registry.versions(group, status=Status.APPROVED)
    assert [version.arn for version in approved] == [last, first]
    (newest,) = case.registry.versions(group, status=Status.APPROVED, most=1)
    assert newest.arn == last
    assert case.registry.versions(group, status=Status.REJECTED) == ()


def test_a_group_that_is_not_there_has_no_versions(case: RegistryCase, group: str) -> None:
    assert case.registry.versions(group) == ()


def test_versions_with_a_status_are_found_in_all_groups(case: RegistryCase, group: str) -> None:
    mine = {case.register(group), case.register(f"{group}-2")}
    approved = case.register(group, Status.APPROVED)

    def having(status: Status) -> set[Arn]:
        return {
            v.arn
            for v in case.registry.versions_with_status(status, case.registry_id)
            if v.group.startswith(group)
        }

    assert having(Status.PENDING) == mine
    assert having(Status.APPROVED) == {approved}
    assert having(Status.REJECTED) == set()


def test_versions_that_are_newer_are_found_by_their_time(case: RegistryCase, group: str) -> None:
    old = case.registry.describe(case.register(group, Status.APPROVED))

    def found(after: datetime) -> set[Arn]:
        listed = case.registry.versions_with_status(
            Status.APPROVED, case.registry_id, created_after=after
        )
        return {version.arn for version in listed if version.group == group}

    assert found(old.created - timedelta(seconds=1)) == {old.arn}
    assert found(old.created + timedelta(seconds=1)) == set()


def test_a_listed_version_agrees_with_the_described_one(case: RegistryCase, group: str) -> None:
    arn = case.register(group, Status.APPROVED, description="the first try")

    (listed,) = case.registry.versions(group)
    (among_all,) = (
        v
        for v in case.registry.versions_with_status(Status.APPROVED, case.registry_id)
        if v.group == group
    )
    described = case.registry.describe(arn)
    assert type(listed) is Version
    assert among_all == listed
    for attribute in fields(Version):
        assert getattr(listed, attribute.name) == getattr(described, attribute.name)


def test_every_group_is_listed_once(case: RegistryCase, group: str) -> None:
    for _ in range(2):
        case.register(group)
        case.register(f"{group}-2")

    listed = [name for name in case.registry.groups(case.registry_id) if name.startswith(group)]
    assert listed == [group, f"{group}-2"]


def test_the_first_groups_by_name_are_listed_alone(case: RegistryCase, group: str) -> None:
    case.register(f"{group}-2")
    case.register(group)

    everything = case.registry.groups(case.registry_id)
    assert case.registry.groups(case.registry_id, most=1) == everything[:1]
    assert case.registry.groups(case.registry_id, most=0) == ()


def test_a_decision_sets_status_description_and_metadata(case: RegistryCase, group: str) -> None:
    arn = case.register(group)
    decision = decided(case, arn, Status.APPROVED, comment="better than the last")
    case.registry.apply(decision)

    version = case.registry.describe(arn)
    assert version.status is Status.APPROVED
    assert version.comment == description(decision)
    assert version.metadata == metadata(decision)


def test_a_decision_keeps_the_metadata_of_others(case: RegistryCase, group: str) -> None:
    arn = case.register(group, metadata={"team": "growth"})
    decision = decided(case, arn, Status.REJECTED)
    case.registry.apply(decision)

    version = case.registry.describe(arn)
    assert version.metadata == {"team": "growth", **metadata(decision)}


def test_a_decision_applied_again_changes_nothing(case: RegistryCase, group: str) -> None:
    arn = case.register(group)
    decision = decided(case, arn, Status.APPROVED)
    case.registry.apply(decision)
    case.move_outside(arn, Status.REJECTED, "no, not this one")
    before = case.registry.describe(arn)
    case.registry.apply(decision)

    assert before.status is Status.REJECTED
    assert case.registry.describe(arn) == before


def test_a_second_decision_replaces_the_first(case: RegistryCase, group: str) -> None:
    arn = case.register(group)
    case.registry.apply(decided(case, arn, Status.APPROVED))
    revoked = decided(case, arn, Status.REJECTED, comment="it drifts")
    case.registry.apply(revoked)

    version = case.registry.describe(arn)
    assert (version.status, version.comment) == (Status.REJECTED, description(revoked))
    assert version.metadata == metadata(revoked)


def test_a_change_made_outside_is_seen(case: RegistryCase, group: str) -> None:
    arn = case.register(group)
    case.move_outside(arn, Status.APPROVED, "in the console")

    version = case.registry.describe(arn)
    assert (version.status, version.comment) == (Status.APPROVED, "in the console")
    assert version.modified
    assert version.modified_by


def test_a_decision_on_a_version_that_is_gone_is_declined(case: RegistryCase, group: str) -> None:
    registered = case.register(group)
    decision = decided(case, registered, Status.APPROVED)
    missing = Arn(registered.removesuffix("/1") + "/2")

    with pytest.raises(Declined):
        case.registry.apply(replace(decision, arn=missing))


# --- several registries ---------------------------------------------------------------------------


def test_the_bots_own_registry_is_the_first(case: RegistryCase) -> None:
    assert case.registry.registry_ids == (OWN_REGISTRY, THERE)


def test_a_version_is_in_its_registry_and_listed_in_no_other(
    case: RegistryCase, group: str
) -> None:
    arn = case.register(group)
    (other,) = {OWN_REGISTRY, THERE} - {case.registry_id}

    assert case.registry.registry_id_of(arn) == case.registry_id
    assert case.registry.describe(arn).group == group
    assert [version.arn for version in case.registry.versions(group)] == [arn]
    assert arn not in {
        version.arn for version in case.registry.versions_with_status(Status.PENDING, other)
    }
    assert group not in case.registry.groups(other)


def test_a_group_of_the_same_name_in_another_registry_is_another_group(
    case: RegistryCase, group: str
) -> None:
    case.register(group)
    (other,) = {OWN_REGISTRY, THERE} - {case.registry_id}

    assert case.registry.versions(full_group_name(other, split_group_name(group)[1])) == ()


def test_an_arn_of_a_registry_that_is_not_watched_is_not_ours(
    case: RegistryCase, group: str
) -> None:
    decision = decided(case, case.register(group), Status.APPROVED)
    for registry_id in (
        "333333333333/us-east-1",
        "123456789012/eu-west-1",
        "222222222222/us-east-1",
    ):
        arn = an_arn(1, f"{registry_id}/fraud")

        assert case.registry.registry_id_of(arn) is None
        with pytest.raises(NotOurs):
            case.registry.describe(arn)
        with pytest.raises(NotOurs):
            case.registry.apply(replace(decision, arn=arn))
