from __future__ import annotations

import sys

import pytest

from infra.local.browser import NoChromiumError, find


def find_nothing(_: str) -> None:
    return None


def test_the_environment_comes_first() -> None:
    path = find({"CHROMIUM": "/opt/chromium"}, which=lambda name: f"{name}!")

    assert path == "/opt/chromium!"


def test_a_wrong_path_in_the_environment_is_not_replaced_by_another() -> None:
    with pytest.raises(NoChromiumError, match="CHROMIUM is set to /opt/none"):
        find({"CHROMIUM": "/opt/none"}, which=find_nothing)


def test_the_path_comes_second() -> None:
    path = find({}, which={"google-chrome": "/usr/bin/google-chrome"}.get)

    assert path == "/usr/bin/google-chrome"


def test_root_gets_debians_package() -> None:
    packages: dict[str, str] = {}

    def run(command: object) -> bool:
        if command == ["apt-get", "install", "-y", "chromium"]:
            packages["chromium"] = "/usr/bin/chromium"
        return True

    assert find({}, which=packages.get, run=run, is_root=True) == "/usr/bin/chromium"


def test_others_get_playwrights_own() -> None:
    ran: list[object] = []
    path = find({}, which=find_nothing, run=lambda command: not ran.append(command), is_root=False)

    assert path is None
    assert ran == [[sys.executable, "-m", "playwright", "install", "chromium"]]


@pytest.mark.parametrize("is_root", [True, False])
def test_without_any_browser_the_tests_fail_and_say_what_to_do(is_root: bool) -> None:
    with pytest.raises(NoChromiumError, match="set CHROMIUM to the path"):
        find({}, which=find_nothing, run=lambda _: False, is_root=is_root)
