"""The settings of other accounts and Regions; the tests of their users cover the others."""

import pytest

from bot.core.errors import Misconfigured
from bot.core.registry.registry_id import RegistryId
from bot.settings import Settings


def test_other_registries_are_those_of_the_setting_and_none_by_default() -> None:
    named = Settings({"REGISTRIES": "222222222222/eu-west-1,333333333333/us-east-1"})

    assert Settings({}).other_registries == ()
    assert Settings({"REGISTRIES": ""}).other_registries == ()
    assert named.other_registries == (
        RegistryId("222222222222/eu-west-1"),
        RegistryId("333333333333/us-east-1"),
    )


def test_a_typo_is_quoted_with_the_name_of_its_setting() -> None:
    settings = Settings({"REGISTRIES": "222222222222"})

    with pytest.raises(Misconfigured, match="REGISTRIES: “222222222222” is no account and Region"):
        _ = settings.other_registries


@pytest.mark.parametrize("own", ["", " ", "123456789012/us-east-1,222222222222/eu-west-1"])
def test_the_bot_runs_in_one_account_and_region(own: str) -> None:
    with pytest.raises(Misconfigured, match="HOME_REGISTRY"):
        _ = Settings({"HOME_REGISTRY": own}).own_registry


def test_settings_are_read_from_the_environment_of_the_process_when_they_are_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings()
    monkeypatch.setenv("QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/1/jobs.fifo")

    assert {*settings.queue_urls.values()} == {"https://sqs.eu-west-1.amazonaws.com/1/jobs.fifo"}
    monkeypatch.setenv("QUESTION_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/1/q.fifo")
    monkeypatch.setenv("CLICK_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/1/c.fifo")
    names = {name: url.rpartition("/")[2] for name, url in settings.queue_urls.items()}
    assert names == {"clicks": "c.fifo", "questions": "q.fifo", "jobs": "jobs.fifo"}


@pytest.mark.parametrize(
    "url",
    [
        *("nonsense", "slack.com/api", "http://", "https:///api", "ftp://slack.com", "http://["),
        *("http://slack:99999", "http://slack:port", "http://slack:0", "http://sl ack", "http://é"),
        *("http://slack/\n", "file:///etc/hosts", "//slack.com/api", " "),
    ],
)
def test_an_address_of_slack_that_is_none_is_quoted_with_the_name_of_its_setting(url: str) -> None:
    with pytest.raises(Misconfigured, match="SLACK_API_URL is no address such as https") as raised:
        _ = Settings({"SLACK_API_URL": url}).slack_api_url

    assert repr(url) in str(raised.value)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("", "https://slack.com/api/"),
        ("https://slack-gov.com/api", "https://slack-gov.com/api/"),
        ("http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/api/"),
        ("http://[::1]:8080", "http://[::1]:8080/"),
    ],
)
def test_an_address_of_slack_ends_in_a_slash_and_is_slacks_own_by_default(
    url: str, address: str
) -> None:
    assert Settings({"SLACK_API_URL": url}).slack_api_url == address
    assert Settings({}).slack_api_url == "https://slack.com/api/"
