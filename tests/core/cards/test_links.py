"""Where the links on a card lead, and where there is none."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.cards import links
from tests.core.strategies import outside
from tests.doubles.builders import THERE, a_version

SHA = "9f1c2ab0d4e5f60718293a4b5c6d7e8f90a1b2c3"


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "us-east-1.console.aws.amazon.com"),
        ("ap-southeast-2", "ap-southeast-2.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_an_object_in_s3_has_an_address_in_the_console_of_its_partition(
    region: str, host: str
) -> None:
    address = links.s3_object("s3://models/fraud/6/evaluation.json", region)

    assert address == (
        f"https://{host}/s3/object/models?region={region}&prefix=fraud/6/evaluation.json"
    )


@pytest.mark.parametrize("region", ["", "us-iso-east-1", "us-isob-east-1", "nowhere", "us-east-1/"])
def test_there_is_no_link_to_a_console_that_is_not_known(region: str) -> None:
    assert links.s3_object("s3://models/evaluation.json", region) == ""


@pytest.mark.parametrize(
    "uri",
    ["", "s3://", "s3://models", "s3://models/", "https://models/a", "s3://MODELS/a", "s3://a b/c"],
)
def test_what_names_no_object_has_no_link(uri: str) -> None:
    assert links.s3_object(uri, "us-east-1") == ""


@given(outside.filter(bool))
@example('a&region=x#y?z=<script>|"\ud800 ')
def test_whatever_a_key_is_the_link_leads_to_its_bucket(key: str) -> None:
    address = links.s3_object(f"s3://models/{key}", "us-east-1")
    parts = urlsplit(address)

    assert parts.netloc == "us-east-1.console.aws.amazon.com"
    assert parts.path == "/s3/object/models"
    assert not parts.fragment
    assert parse_qs(parts.query)["region"] == ["us-east-1"]
    assert not set(address) & set('<>|"\\ \n')


def test_a_version_from_studio_links_its_group_there() -> None:
    version = a_version(6, domain="d-abc123", group=f"{THERE}/fraud")

    assert links.studio(version) == (
        "https://studio-d-abc123.studio.eu-west-1.sagemaker.aws/models/registered-models/fraud/versions"
    )


@pytest.mark.parametrize(
    ("domain", "region"),
    [("", "us-east-1"), ("evil.example/", "us-east-1"), ("d-abc", "cn-north-1"), ("d-abc", "")],
)
def test_there_is_no_link_to_a_studio_that_is_not_known(domain: str, region: str) -> None:
    assert links.studio(replace(a_version(), domain=domain, region=region)) == ""


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/acme/fraud.git", f"https://github.com/acme/fraud/commit/{SHA}"),
        ("https://github.com/acme/fraud/", f"https://github.com/acme/fraud/commit/{SHA}"),
        ("https://gitlab.acme.io/ml/fraud", f"https://gitlab.acme.io/ml/fraud/-/commit/{SHA}"),
        ("https://bitbucket.org/acme/fraud", f"https://bitbucket.org/acme/fraud/commits/{SHA}"),
        ("https://git.acme.io:8443/fraud", "https://git.acme.io:8443/fraud"),
        ("git@github.com:acme/fraud.git", ""),
        ("http://github.com/acme/fraud", ""),
        ("https://ana:secret@github.com/acme/fraud", ""),
        ("https://github.com\\@evil.example/fraud", ""),
        ("https://[::1/fraud", ""),
        ("javascript:alert(1)", ""),
        ("the fraud repository", ""),
        ("", ""),
    ],
)
def test_a_commit_is_linked_in_a_repository_that_is_at_an_https_address(
    repository: str, address: str
) -> None:
    version = a_version(repository=repository, commit=SHA)

    assert links.commit(version) == (SHA, address)


def test_a_commit_is_found_in_metadata_too() -> None:
    metadata = {"Git_Commit": SHA, "git-repository": "https://github.com/acme/fraud"}

    assert links.commit(a_version(metadata=metadata)) == (
        SHA,
        f"https://github.com/acme/fraud/commit/{SHA}",
    )


@pytest.mark.parametrize("commit", ["main", "9f1c", f"{SHA}/../..", "<!channel>", SHA * 2])
def test_what_is_no_commit_hash_is_not_linked(commit: str) -> None:
    version = a_version(repository="https://github.com/acme/fraud", commit=commit)

    assert links.commit(version) == (commit, "")


def test_a_version_without_a_commit_has_none() -> None:
    assert links.commit(a_version(repository="https://github.com/acme/fraud")) == ("", "")


@given(outside, st.sampled_from([SHA, "main"]))
def test_a_link_to_a_repository_is_always_one_of_https_without_markup(
    text: str, commit: str
) -> None:
    for repository in (text, f"https://{text}", f"https://github.com/{text}"):
        _, address = links.commit(a_version(repository=repository, commit=commit))

        assert not address or urlsplit(address).scheme == "https"
        assert not set(address) & set('<>|"\\ \n@')
