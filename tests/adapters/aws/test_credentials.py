"""Credentials as boto3 finds them: of the environment, or of the endpoint that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from urllib3 import PoolManager

from bot.adapters.aws.credentials import CredentialSource
from bot.adapters.aws.sessions import Sessions
from bot.core.errors import Misconfigured, Unavailable
from bot.settings import Settings
from tests.doubles.credential_endpoint import TOKEN, CredentialEndpoint, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "session",
}


@pytest.fixture
def endpoint() -> Iterator[CredentialEndpoint]:
    with serving() as endpoint:
        yield endpoint


def source(environment: dict[str, str]) -> CredentialSource:
    return CredentialSource(Settings(environment), PoolManager(retries=False))


def test_credentials_of_the_environment_win_and_the_endpoint_is_not_asked(
    endpoint: CredentialEndpoint,
) -> None:
    read = source(endpoint.environment | KEYS).read()

    assert (read.access_key, read.secret_key, read.token) == ("key", "secret", "session")
    assert endpoint.tokens == []


def test_without_them_the_endpoint_is_asked_with_its_token(endpoint: CredentialEndpoint) -> None:
    read = source(endpoint.environment).read()

    assert (read.access_key, read.secret_key, read.token) == ("key-1", "secret-1", "session-1")
    assert endpoint.tokens == [TOKEN]


def test_the_token_can_be_in_a_file(endpoint: CredentialEndpoint, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("token-of-the-file")
    file = {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(tmp_path / "token")}
    source(endpoint.environment | file).read()

    assert endpoint.tokens == ["token-of-the-file"]


def test_the_endpoint_is_not_asked_before_credentials_are_needed(
    endpoint: CredentialEndpoint,
) -> None:
    """A snapshot of them would be restored when they have expired."""
    source(endpoint.environment)

    assert endpoint.tokens == []


@pytest.mark.parametrize(("minutes", "kept"), [(60, True), (14, False)])
def test_they_are_kept_until_they_will_soon_expire(
    endpoint: CredentialEndpoint, minutes: int, *, kept: bool
) -> None:
    credentials, endpoint.minutes = source(endpoint.environment), minutes
    first, second = credentials.read(), credentials.read()

    assert (first == second) == kept


def test_they_are_used_until_shortly_before_they_expire_if_there_are_no_others(
    endpoint: CredentialEndpoint,
) -> None:
    credentials, endpoint.minutes = source(endpoint.environment), 14
    before = credentials.read()
    endpoint.status = 500

    assert credentials.read() == before


def test_they_are_not_used_in_the_last_minutes_before_they_expire(
    endpoint: CredentialEndpoint,
) -> None:
    credentials, endpoint.minutes = source(endpoint.environment), 9
    credentials.read()
    endpoint.status = 500

    with pytest.raises(Unavailable):
        credentials.read()


ANSWERS = {
    "a token that it does not know": (404, b"cannot get credentials for the provided token"),
    "a failure": (500, b""),
    "no JSON": (200, b"<html>"),
    "nothing": (200, b"{}"),
    "a list": (200, b"[]"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_without_credentials_is_a_reason_to_wait(
    endpoint: CredentialEndpoint, answer: str
) -> None:
    credentials = source(endpoint.environment)
    endpoint.status, endpoint.body = ANSWERS[answer]
    with pytest.raises(Unavailable, match="The credential endpoint gives none"):
        credentials.read()

    assert len(endpoint.tokens) == 1
    endpoint.status, endpoint.body = 200, None
    assert credentials.read().access_key == "key-2"


def test_credentials_that_have_expired_are_a_reason_to_wait(endpoint: CredentialEndpoint) -> None:
    credentials, endpoint.minutes = source(endpoint.environment), -1

    with pytest.raises(Unavailable, match="expired"):
        credentials.read()


def test_an_endpoint_that_does_not_answer_is_a_reason_to_wait(
    endpoint: CredentialEndpoint,
) -> None:
    endpoint.released.clear()
    with pytest.raises(Unavailable, match="does not answer: ReadTimeoutError"):
        source(endpoint.environment).read()

    assert len(endpoint.tokens) == 1


def test_an_endpoint_that_is_not_there_is_a_reason_to_wait() -> None:
    with serving() as endpoint:
        environment = endpoint.environment

    with pytest.raises(Unavailable, match="does not answer: NewConnectionError"):
        source(environment).read()


def test_the_bot_stops_if_there_are_no_credentials_at_all() -> None:
    with pytest.raises(
        Misconfigured, match=r"AWS_ACCESS_KEY_ID nor AWS_CONTAINER_CREDENTIALS_FULL_URI"
    ):
        source({}).read()


@pytest.mark.parametrize(
    "wrong",
    [
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://198.51.100.1/credentials"},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN": "two\nlines"},
        {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere/token"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_the_bot_stops_if_the_endpoint_cannot_be_asked(
    endpoint: CredentialEndpoint, wrong: dict[str, str]
) -> None:
    """The token goes to nobody else: to this machine, or by HTTPS."""
    with pytest.raises(Misconfigured, match="The credential endpoint cannot be asked"):
        source(endpoint.environment | wrong).read()

    assert endpoint.tokens == []


def test_the_sessions_of_boto3_find_the_same_credentials(
    endpoint: CredentialEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nowhere")  # boto3 would look there first
    for name, value in endpoint.environment.items():
        monkeypatch.setenv(name, value)

    assert Sessions().own.get_credentials().get_frozen_credentials().access_key == "key-1"
    assert endpoint.tokens == [TOKEN]
