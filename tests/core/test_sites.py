"""Where registries are, and what their groups are called."""

import pytest

from bot.core.errors import Misconfigured
from bot.core.sites import HOME, Site, full_name, parted, sites_in

IRELAND = Site("222222222222/eu-west-1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" ", ()),
        ("222222222222/eu-west-1", (IRELAND,)),
        (
            " 222222222222/eu-west-1 , 333333333333/us-gov-west-1",
            (IRELAND, Site("333333333333/us-gov-west-1")),
        ),
        ("222222222222/eu-west-1,222222222222/eu-west-1", (IRELAND,)),
    ],
)
def test_sites_are_listed_with_commas_and_count_once(text: str, expected: tuple[Site]) -> None:
    assert sites_in(text) == expected


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
        sites_in(f"333333333333/us-east-1,{typo}")


def test_a_comma_too_many_is_a_typo() -> None:
    with pytest.raises(Misconfigured, match="“” is no account and Region"):
        sites_in("222222222222/eu-west-1,")


def test_a_group_at_home_goes_by_its_bare_name_and_one_elsewhere_by_all_of_it() -> None:
    assert full_name(HOME, "fraud") == "fraud"
    assert full_name(IRELAND, "fraud") == "222222222222/eu-west-1/fraud"


@pytest.mark.parametrize("site", [HOME, IRELAND])
def test_a_full_name_is_parted_again(site: Site) -> None:
    assert parted(full_name(site, "fraud-detector")) == (site, "fraud-detector")
