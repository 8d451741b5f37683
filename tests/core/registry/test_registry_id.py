"""Where registries are, and what their groups are called."""

import pytest

from bot.core.errors import Misconfigured
from bot.core.registry.registry_id import (
    OWN_REGISTRY,
    RegistryId,
    full_group_name,
    parse_registry_ids,
    split_group_name,
)

IRELAND = RegistryId("222222222222/eu-west-1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" ", ()),
        ("222222222222/eu-west-1", (IRELAND,)),
        (
            " 222222222222/eu-west-1 , 333333333333/us-gov-west-1",
            (IRELAND, RegistryId("333333333333/us-gov-west-1")),
        ),
        ("222222222222/eu-west-1,222222222222/eu-west-1", (IRELAND,)),
    ],
)
def test_registry_ids_are_separated_by_commas_and_count_once(
    text: str, expected: tuple[RegistryId]
) -> None:
    assert parse_registry_ids(text) == expected


@pytest.mark.parametrize(
    "typo",
    [
        "222222222222",
        "22222222222/eu-west-1",
        "222222222222/eu-west",
        "222222222222/euwest1",
        "222222222222/ireland",
        "222222222222/eu-west-1a",
        "222222222222:eu-west-1",
        "222222222222/EU-WEST-1",
        "222222222222/eu-west-1/fraud",
        "eu-west-1/222222222222",
    ],
)
def test_a_typo_is_quoted(typo: str) -> None:
    with pytest.raises(Misconfigured, match=f"“{typo}” is no account and Region"):
        parse_registry_ids(f"333333333333/us-east-1,{typo}")


def test_one_comma_too_many_is_a_typo() -> None:
    with pytest.raises(Misconfigured, match="“” is no account and Region"):
        parse_registry_ids("222222222222/eu-west-1,")


def test_a_group_of_our_own_registry_has_its_bare_name_and_any_other_its_full_name() -> None:
    assert full_group_name(OWN_REGISTRY, "fraud") == "fraud"
    assert full_group_name(IRELAND, "fraud") == "222222222222/eu-west-1/fraud"


@pytest.mark.parametrize("registry_id", [OWN_REGISTRY, IRELAND])
def test_a_full_name_is_split_into_registry_and_group(registry_id: RegistryId) -> None:
    assert split_group_name(full_group_name(registry_id, "fraud-detector")) == (
        registry_id,
        "fraud-detector",
    )
