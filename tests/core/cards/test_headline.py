"""The headline says of three truths what is known: status, next to deploy, serving."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.cards.headline import Production, headline, short
from bot.core.registry.version import Readiness, Status
from bot.core.text import plain_text
from tests.core.reading import as_read
from tests.core.situations.headlines import (
    AN_HOUR_LATER,
    FIVE,
    NEW,
    NEWER,
    SITUATIONS,
    in_production,
    serving,
)
from tests.doubles.builders import a_version

SINCE = "since <2026-03-03 13:00 UTC>"
HEADLINES = {
    "waiting": "🟡 Waiting for a decision",
    "waiting-beside-two-endpoints": "🟡 Waiting for a decision",
    "waiting-but-serving": "⚠️ Waiting for a decision, but serving on fraud-prod",
    "next-to-deploy": "🟢 Approved; next to deploy",
    "another-is-next-to-deploy": "🟢 Approved; not next to deploy",
    "awaited": "⏳ Approved, next to deploy, version 5 still serves",
    "unheard": "⚪ Approved, not serving: version 5 is",
    "deploying": "⏳ Approved, deploying to fraud-prod…",
    "serving": f"🟢 Approved, serving on fraud-prod {SINCE}",
    "serving-while-deployed-again": f"🟢 Approved, serving on fraud-prod {SINCE}",
    "serving-on-two": "🟢 Approved, serving on fraud-prod and fraud-staging",
    "replaced": "⚪ Approved, not serving: version 7 is",
    "replaced-long-ago": "⚪ Approved, not serving",
    "failed": "⚠️ Approved, NOT serving: deployment failed, version 5 still serves",
    "failed-and-nothing-serves": "⚠️ Approved, NOT serving: deployment failed",
    "failed-on-one-of-two": (
        "⚠️ Approved, serving on fraud-staging; deployment to fraud-prod failed"
    ),
    "mix": "⚠️ Approved, fraud-prod serves a mix of versions",
    "endpoint-out-of-service": "⚪ Approved, not serving",
    "endpoint-deleted": "⚪ Approved, not serving: fraud-prod is deleted",
    "two-endpoints-deleted": ("⚪ Approved, not serving: fraud-prod and fraud-staging are deleted"),
    "approved-outside": "🟢 Approved outside this bot; next to deploy",
    "approved-around-the-rule": (
        "⚠️ Approved outside this bot, around the rule fraud; next to deploy"
    ),
    "approved-around-the-rule-and-serving": (
        f"⚠️ Approved outside this bot, around the rule fraud, serving on fraud-prod {SINCE}"
    ),
    "approved-at-creation": "🟢 Registered as Approved; next to deploy",
    "approved-at-creation-around-the-rule": (
        "⚠️ Registered as Approved, around the rule fraud; next to deploy"
    ),
    "rejected": "🔴 Rejected",
    "rejected-but-serving": "⚠️ Rejected, but serving on fraud-prod",
    "revoked": "↩️ Revoked",
    "revoked-and-none-left": "↩️ Revoked",
    "revoked-still-serving": "⚠️ Revoked, still serving on fraud-prod",
    "revoked-while-another-is-deployed": (
        "⏳ Revoked, still serving on fraud-prod while version 5 is deployed"
    ),
    "revoked-and-rolled-back": "↩️ Revoked; version 5 serving again",
    "revoked-after-a-failure": "↩️ Revoked; version 5 is serving",
}


def headline_of(name: str) -> str:
    return as_read(SITUATIONS[name]).split("\n")[1]


def test_every_situation_has_its_headline_here() -> None:
    assert {f"headline-{name}" for name in HEADLINES} == set(SITUATIONS)


@pytest.mark.parametrize(("name", "expected"), HEADLINES.items())
def test_a_card_is_headed_by_what_is_known_of_the_three_truths(name: str, expected: str) -> None:
    assert headline_of(f"headline-{name}").replace("**", "") == expected.replace("<", "").replace(
        ">", ""
    )


def test_the_notification_of_a_card_carries_its_headline() -> None:
    text = SITUATIONS["headline-failed"].text

    assert "NOT serving: deployment failed, version 5 still serves" in text


def test_the_reason_of_a_failed_deployment_is_on_the_card_in_sagemakers_words() -> None:
    read = as_read(SITUATIONS["headline-failed"])

    assert "Its deployment failed. SageMaker says: The primary container did not pass" in read


def test_a_revoke_that_goes_back_names_the_version_on_its_button() -> None:
    assert "[Revoke, back to 5…]" in as_read(SITUATIONS["headline-failed"])
    assert "[Revoke]" in as_read(SITUATIONS["headline-failed-and-nothing-serves"])


def test_a_waiting_card_says_what_each_endpoint_serves() -> None:
    read = as_read(SITUATIONS["headline-waiting-beside-two-endpoints"])

    assert "fraud-prod serves version 5 since 2026-03-03 13:00 UTC" in read
    assert "fraud-staging serves version 4" in read
    assert "; version 5 is being deployed" in read


def test_an_endpoint_that_serves_an_older_version_of_the_same_arn_does_not_serve_this_one() -> None:
    """The group was deleted and made again under its name; the endpoint went on."""
    before = NEW.created - timedelta(days=1)
    read = as_read(in_production(Status.APPROVED, serving(NEW, since=before)))

    assert "serving on" not in read.split("\n")[1]


@pytest.mark.parametrize(
    ("readiness", "expected"),
    [
        (Readiness.IN_PROGRESS, "⏳ Cannot be approved yet: SageMaker is still making it"),
        (Readiness.PENDING, "⏳ Cannot be approved yet: SageMaker is still making it"),
        (Readiness.FAILED, "⚫ Cannot be approved: SageMaker could not make it"),
        (Readiness.DELETING, "⚫ Cannot be approved: it is being deleted"),
    ],
)
def test_a_version_that_sagemaker_has_not_made_cannot_be_approved(
    readiness: Readiness, expected: str
) -> None:
    version = a_version(1, readiness=readiness)

    assert plain_text(headline(version, Production(versions=(version,)))) == expected


@pytest.mark.parametrize("readiness", Readiness)
@pytest.mark.parametrize(
    ("status", "expected"),
    [(Status.APPROVED, "🟢 Approved; next to deploy"), (Status.REJECTED, "🔴 Rejected")],
)
def test_a_decided_version_shows_its_status_whatever_its_readiness(
    readiness: Readiness, status: Status, expected: str
) -> None:
    version = a_version(1, status, readiness=readiness)

    assert plain_text(headline(version, Production(versions=(version,)))) == expected


def test_a_list_says_the_same_without_times() -> None:
    version = replace(NEW, status=Status.APPROVED)
    production = Production(versions=(version, FIVE), servings=(serving(version),))
    shown = plain_text(headline(version, short(production)))

    assert shown == "🟢 Approved, serving on fraud-prod"


@pytest.mark.parametrize("situation", SITUATIONS)
def test_serving_is_said_only_of_what_an_endpoint_serves(situation: str) -> None:
    shown = headline_of(situation)
    known = {"serving", "serving-on-two", "serving-while-deployed-again", "failed-on-one-of-two"}
    known |= {"approved-around-the-rule-and-serving", "waiting-but-serving"}
    known |= {"rejected-but-serving", "revoked-still-serving", "revoked-while-another-is-deployed"}

    assert ("serving on" in shown) == (situation.removeprefix("headline-") in known)


def test_nothing_is_live() -> None:
    assert [name for name, message in SITUATIONS.items() if "live" in as_read(message)] == []
    assert NEWER.created > AN_HOUR_LATER
