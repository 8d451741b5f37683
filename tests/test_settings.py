"""The settings of other accounts and Regions; the others are held by what needs them."""

import pytest

from bot import settings
from bot.core.errors import Misconfigured
from bot.core.registry.registry_id import RegistryId


def test_registries_elsewhere_are_none_unless_they_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("REGISTRIES", raising=False)
    unset = settings.registries()
    monkeypatch.setenv("REGISTRIES", "")
    empty = settings.registries()
    monkeypatch.setenv("REGISTRIES", "222222222222/eu-west-1,333333333333/us-east-1")

    assert unset == empty == ()
    assert settings.registries() == (
        RegistryId("222222222222/eu-west-1"),
        RegistryId("333333333333/us-east-1"),
    )


def test_a_typo_is_quoted_with_the_name_of_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRIES", "222222222222")

    with pytest.raises(Misconfigured, match="REGISTRIES: “222222222222” is no account and Region"):
        settings.registries()


@pytest.mark.parametrize("home", ["", " ", "123456789012/us-east-1,222222222222/eu-west-1"])
def test_the_bot_is_at_one_place(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME_REGISTRY", home)

    with pytest.raises(Misconfigured, match="HOME_REGISTRY"):
        settings.home()
