"""From a decision to what production made of it: what cards, threads and channels say."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.errors import Unavailable
from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import AnswerQuestion, ReconcileEndpoint, ReconcileVersion
from bot.core.registry.version import Status
from bot.flows.clock.sweep import sweep
from tests.core.reading import as_read
from tests.doubles.builders import ANA, LATER, LONG_AGO, RELEASES, a_submit, a_version, an_offer
from tests.doubles.failures import nth

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.registry.version import DescribedVersion
    from tests.flows.conftest import FakeBot


@pytest.fixture
def serving(bot: FakeBot) -> DescribedVersion:
    """Version 1, which `fraud-prod` serves."""
    version = bot.registry.add(a_version(1, Status.APPROVED, created=LONG_AGO))
    bot.do(ReconcileEndpoint(bot.endpoints.put(version)))
    bot.chat.posted.clear()
    bot.clock = LATER + timedelta(hours=1)
    return version


def approved(bot: FakeBot, number: int = 2) -> DescribedVersion:
    """Version *number*, which Ana approved."""
    version = bot.registry.add(a_version(number))
    bot.do(ReconcileVersion(version.arn))
    offer = an_offer(version, Status.APPROVED, *_others(bot, version))
    bot.do(a_submit(offer, ANA, form=f"approve-{number}"))
    return bot.registry.registered[version.arn]


def _others(bot: FakeBot, version: DescribedVersion) -> list[DescribedVersion]:
    return [each for each in bot.registry.registered.values() if each.arn != version.arn]


def deploy(bot: FakeBot, *versions: DescribedVersion, **changes: Any) -> None:
    """Let the endpoint serve *versions*, with its event; after the last change here."""
    time = {"modified": bot.clock + timedelta(minutes=1)}
    bot.do(ReconcileEndpoint(bot.endpoints.put(*versions, **{**time, **changes})))


def headline(bot: FakeBot, version: DescribedVersion) -> str:
    return as_read(bot.card(version)).split("\n")[1].replace("**", "")


def thread(bot: FakeBot, version: DescribedVersion) -> list[str]:
    ref = bot.ledger.get(version.arn).request.cards[0].ref
    assert ref
    return bot.chat.thread(ref)


UPDATING = EndpointStatus.UPDATING


def test_without_an_endpoint_a_card_says_what_is_next_to_deploy_and_nothing_of_serving(
    bot: FakeBot,
) -> None:
    version = approved(bot, 1)

    assert headline(bot, version) == "🟢 Approved; next to deploy"


def test_a_card_follows_a_deployment(bot: FakeBot, serving: DescribedVersion) -> None:
    version = approved(bot)
    headlines = [headline(bot, version)]
    for versions, changes in (
        ([serving], {"state": UPDATING, "pending_versions": (version.arn,)}),
        ([version], {}),
    ):
        deploy(bot, *versions, **changes)
        headlines.append(headline(bot, version))

    assert headlines[:2] == [
        "⏳ Approved, next to deploy, version 1 still serves",
        "⏳ Approved, deploying to fraud-prod…",
    ]
    assert headlines[2].startswith("🟢 Approved, serving on fraud-prod since 2026-03-09")


@pytest.mark.usefixtures("serving")
def test_a_waiting_card_says_what_serves_now(bot: FakeBot) -> None:
    waiting = bot.registry.add(a_version(3))
    bot.do(ReconcileVersion(waiting.arn))
    new = approved(bot)
    before = as_read(bot.card(waiting))
    deploy(bot, new)

    assert "fraud-prod serves version 1 since" in before
    assert "fraud-prod serves version 2 since" in as_read(bot.card(waiting))


def test_a_failed_deployment_is_a_warning_with_its_reason_and_mentions_those_who_voted(
    bot: FakeBot, serving: DescribedVersion
) -> None:
    version = approved(bot)
    deploy(bot, serving, state=UPDATING, pending_versions=(version.arn,))
    deploy(bot, serving, reason="no memory")

    assert headline(bot, version) == (
        "⚠️ Approved, NOT serving: deployment failed, version 1 still serves"
    )
    assert "Its deployment failed. SageMaker says: no memory" in as_read(bot.card(version))
    assert "[Revoke, back to 1…]" in as_read(bot.card(version))
    assert thread(bot, version)[-1] == (
        f"<@{ANA.id}>: ⚠️ Endpoint fraud-prod could not be changed to fraud version 2, and is "
        "still in service with fraud version 1: no memory"
    )
    assert f"<@{ANA.id}>: ⚠️" not in " ".join(bot.chat.texts_in_channel(RELEASES))


def test_a_rollback_is_told_in_the_thread_of_the_version_that_was_revoked(
    bot: FakeBot, serving: DescribedVersion
) -> None:
    version = approved(bot)
    deploy(bot, version)
    revoke = an_offer(bot.registry.registered[version.arn], Status.REJECTED, serving)
    bot.do(a_submit(revoke, ANA, form="revoke"))
    revoked = headline(bot, version)
    deploy(bot, serving)

    assert revoked == "⚠️ Revoked, still serving on fraud-prod"
    assert headline(bot, version) == "↩️ Revoked; version 1 serving again"
    assert thread(bot, version)[-1] == (
        "Endpoint fraud-prod is in service with fraud version 1, in place of fraud version 2."
    )


def test_a_deployment_that_fails_and_then_succeeds_is_one_message_that_is_edited(
    bot: FakeBot, serving: DescribedVersion
) -> None:
    version = approved(bot)
    before = len(bot.chat.texts_in_channel(RELEASES))
    for last, reason in ((serving, "no memory"), (version, "")):
        deploy(bot, serving, state=UPDATING, pending_versions=(version.arn,))
        deploy(bot, last, reason=reason)

    assert bot.chat.texts_in_channel(RELEASES)[before:] == [
        "Endpoint fraud-prod is in service with fraud version 2, in place of fraud version 1."
    ]


@pytest.mark.usefixtures("serving")
def test_bad_news_after_good_is_a_message_of_its_own_for_slack_notifies_nobody_of_an_edit(
    bot: FakeBot,
) -> None:
    version = approved(bot)
    before = len(bot.chat.texts_in_channel(RELEASES))
    deploy(bot, version)
    deploy(bot, version, state=EndpointStatus.FAILED, reason="no memory")

    good, bad = bot.chat.texts_in_channel(RELEASES)[before:]
    assert good.startswith("Endpoint fraud-prod is in service")
    assert bad == "⚠️ Endpoint fraud-prod failed. It was to serve fraud version 2: no memory"


def test_a_message_that_cannot_be_edited_is_posted_anew(
    bot: FakeBot, serving: DescribedVersion
) -> None:
    version = approved(bot)
    deploy(bot, serving, state=UPDATING, pending_versions=(version.arn,))
    deploy(bot, serving, reason="no memory")
    bot.chat.uneditable = True
    deploy(bot, version)

    assert thread(bot, version)[-1].startswith("Endpoint fraud-prod is in service")


@pytest.mark.usefixtures("serving")
def test_a_deleted_endpoint_serves_nothing_and_that_is_told(bot: FakeBot) -> None:
    version = approved(bot)
    deploy(bot, version)
    arn = bot.endpoints.put(version)
    bot.endpoints.delete()
    bot.do(ReconcileEndpoint(arn))

    assert headline(bot, version) == "⚪ Approved, not serving: fraud-prod is deleted"
    deleted = "Endpoint fraud-prod was deleted. It served fraud version 2."
    assert thread(bot, version)[-1] == deleted


@pytest.mark.usefixtures("serving")
def test_an_endpoint_that_serves_another_model_now_serves_no_version(
    bot: FakeBot,
) -> None:
    version = approved(bot)
    deploy(bot, version)
    deploy(bot)

    assert headline(bot, version) == "⚪ Approved, not serving"
    assert thread(bot, version)[-1] == (
        "Endpoint fraud-prod is in service with no version of a registry, in place of fraud "
        "version 2."
    )


@pytest.mark.usefixtures("serving")
def test_what_an_unreadable_configuration_serves_is_not_claimed(
    bot: FakeBot,
) -> None:
    """It can be deleted while the endpoint serves: then nobody can tell what that is."""
    version = approved(bot)
    deploy(bot, config="another", is_complete=False)

    assert headline(bot, version) == "🟢 Approved; next to deploy"
    assert "serves what the bot cannot read" in as_read(_waiting_card(bot))


def _waiting_card(bot: FakeBot) -> Message:
    waiting = bot.registry.add(a_version(3))
    bot.do(ReconcileVersion(waiting.arn))
    return bot.card(waiting)


@pytest.mark.usefixtures("serving")
def test_when_no_endpoint_reports_an_approved_version_the_sweep_has_it_told_once(
    bot: FakeBot,
) -> None:
    version = approved(bot)
    told = len(thread(bot, version))
    for minutes in (29, 2, 30, 30):
        bot.clock += timedelta(minutes=minutes)
        sweep(bot.ports())
        bot.finish()

    assert thread(bot, version)[told:] == [
        (
            "⚠️ 30 minutes after version 2 became next to deploy, no endpoint has reported it. This "
            "group has the endpoint fraud-prod. Check the pipeline. Decided with the votes of "
            f"<@{ANA.id}>."
        )
    ]
    assert headline(bot, version) == "⚪ Approved, not serving: version 1 is"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(16))
def test_the_cards_and_the_thread_are_right_whatever_call_fails(
    bot: FakeBot, serving: DescribedVersion, call: int, when: str
) -> None:
    version = approved(bot)
    deploy(bot, serving, state=UPDATING, pending_versions=(version.arn,))
    arn = bot.endpoints.put(serving, reason="no memory")
    try:
        bot.do(ReconcileEndpoint(arn), nth(call, when))
    except Unavailable:
        bot.do(ReconcileEndpoint(arn))

    assert headline(bot, version).startswith("⚠️ Approved, NOT serving: deployment failed")
    assert sum("could not be changed" in text for text in thread(bot, version)) == 1


@pytest.mark.usefixtures("serving")
def test_the_home_and_the_lists_say_what_serves(bot: FakeBot) -> None:
    bot.do(ReconcileVersion(bot.registry.add(a_version(3)).arn))
    for question in ("", "fraud"):
        bot.do(AnswerQuestion(person=ANA, text=question, answer_url="https://hooks.slack.com/1"))
    bot.do(AnswerQuestion(person=ANA, text=""))
    overview, versions = (as_read(message) for _, message, _ in bot.chat.answers)

    assert "fraud-prod serves version 1; version 1 is next to deploy" in overview
    assert "🟢 Approved, serving on fraud-prod, registered" in versions
    assert "; fraud-prod serves version 1" in as_read(bot.chat.homes[ANA.id])


def test_a_deletion_is_told_although_the_first_attempt_failed(
    bot: FakeBot, serving: DescribedVersion
) -> None:
    """What the endpoint served is written down as over before it is told."""
    arn = bot.endpoints.put(serving)
    bot.endpoints.delete()
    bot.chat.throttled = 1
    with pytest.raises(Unavailable):
        bot.do(ReconcileEndpoint(arn))
    bot.do(ReconcileEndpoint(arn))

    assert bot.chat.texts_in_channel(RELEASES) == [
        "Endpoint fraud-prod was deleted. It served fraud version 1."
    ]


@pytest.mark.usefixtures("serving")
def test_an_endpoint_made_again_for_another_group_no_longer_serves_the_first(
    bot: FakeBot,
) -> None:
    """Although nobody saw that it was deleted."""
    version = approved(bot)
    deploy(bot, version)
    other = bot.registry.add(a_version(1, Status.APPROVED, group="other", created=LONG_AGO))
    bot.endpoints.delete()
    deploy(bot, other)

    assert headline(bot, version) == "⚪ Approved, not serving"


def test_a_second_failure_of_a_deployment_is_told_by_a_message_of_its_own(
    bot: FakeBot, serving: DescribedVersion
) -> None:
    version = approved(bot)
    before = len(bot.chat.texts_in_channel(RELEASES))
    for reason in ("no memory", "no capacity"):
        deploy(bot, serving, state=UPDATING, pending_versions=(version.arn,))
        deploy(bot, serving, reason=reason)

    told = bot.chat.texts_in_channel(RELEASES)[before:]
    assert [text.rsplit(": ", 1)[1] for text in told] == ["no memory", "no capacity"]


@pytest.mark.usefixtures("serving")
def test_an_approval_that_another_one_superseded_is_not_missed(
    bot: FakeBot,
) -> None:
    first, second = approved(bot, 2), approved(bot, 3)
    deploy(bot, second)
    told = len(thread(bot, first))
    bot.clock += timedelta(hours=1)
    sweep(bot.ports())
    bot.finish()

    assert thread(bot, first)[told:] == []
