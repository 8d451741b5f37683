from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.errors import Forbidden, Gone, Ignored, Unavailable
from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import ReconcileEndpoint, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY
from bot.core.registry.version import Status
from bot.core.votes.kept import KEPT
from bot.core.votes.lease import DURATION, LAG
from bot.flows.endpoint import reconcile_endpoint
from tests.doubles.builders import CARDS, LATER, LONG_AGO, NOON, RELEASES, RULE, RULES, a_version
from tests.doubles.chat import FakeChat
from tests.doubles.endpoints import an_endpoint
from tests.doubles.failures import Killed, nth, on
from tests.doubles.registry import FakeRegistry

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.message_ref import MessageRef
    from tests.flows.conftest import FakeBot

IN_SERVICE = "Endpoint fraud-prod is in service with fraud version {}."
REPLACING = "Endpoint fraud-prod is in service with fraud version {}, in place of fraud version {}."
FAILED = "SageMaker says about a change that failed"


def with_card(bot: FakeBot, number: int = 1) -> DescribedVersion:
    """A version that waits, with its card and nothing in its thread."""
    version = bot.registry.add(a_version(number))
    bot.do(ReconcileVersion(version.arn))
    return version


def thread(bot: FakeBot, version: DescribedVersion) -> list[str]:
    place = bot.ledger.get(version.arn).request.cards[0].ref
    assert place
    return bot.chat.thread(place)


def an_hour_later(bot: FakeBot) -> None:
    """Slack is asked only for what is younger than the change; the double finds all there is."""
    bot.clock += timedelta(hours=1)
    for posted in bot.chat.posted:
        posted.key = f"older: {posted.key}"


def live(bot: FakeBot, *changes: tuple[DescribedVersion, dict[str, Any]]) -> None:
    """Apply *changes* to the endpoint, one after the other, each with its event."""
    for version, change in changes:
        bot.do(ReconcileEndpoint(bot.endpoints.put(version, **change)))
        an_hour_later(bot)


def test_a_version_in_service_is_announced_in_its_thread_and_the_channels_of_its_rule(
    bot: FakeBot,
) -> None:
    version = with_card(bot)
    bot.do(ReconcileEndpoint(bot.endpoints.put(version)))

    assert thread(bot, version) == [IN_SERVICE.format(1)]
    assert bot.chat.texts_in_channel(RELEASES) == [IN_SERVICE.format(1)]


def test_the_thread_says_why_an_endpoint_failed(bot: FakeBot) -> None:
    version = with_card(bot)
    bot.do(
        ReconcileEndpoint(
            bot.endpoints.put(version, state=EndpointStatus.FAILED, reason="no <memory>")
        )
    )

    assert thread(bot, version) == [
        "⚠️ Endpoint fraud-prod failed. It was to serve fraud version 1: no &lt;memory&gt;"
    ]


def test_an_event_that_comes_twice_is_announced_once(bot: FakeBot) -> None:
    version = with_card(bot)
    arn = bot.endpoints.put(version)
    bot.do(ReconcileEndpoint(arn))
    an_hour_later(bot)
    bot.do(ReconcileEndpoint(arn))

    assert len(thread(bot, version)) == len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_an_endpoint_that_scales_is_not_announced(bot: FakeBot) -> None:
    version = with_card(bot)
    bot.do(ReconcileEndpoint(bot.endpoints.put(version)))
    an_hour_later(bot)
    bot.do(ReconcileEndpoint(bot.endpoints.put(version, state=EndpointStatus.UPDATING)))
    bot.do(ReconcileEndpoint(bot.endpoints.put(version)))

    assert len(thread(bot, version)) == 1


def test_a_version_that_comes_back_into_service_is_announced_again(bot: FakeBot) -> None:
    old, new = with_card(bot, 1), with_card(bot, 2)
    for version in (old, new, old):
        bot.do(ReconcileEndpoint(bot.endpoints.put(version)))
        an_hour_later(bot)

    back = REPLACING.format(1, 2)
    assert thread(bot, old) == [IN_SERVICE.format(1), REPLACING.format(2, 1), back]
    assert thread(bot, new) == [REPLACING.format(2, 1), back]


def test_a_late_event_announces_the_current_state(bot: FakeBot) -> None:
    old, new = with_card(bot, 1), with_card(bot, 2)
    bot.endpoints.put(old)
    bot.do(ReconcileEndpoint(bot.endpoints.put(new)))

    assert thread(bot, old) == []
    assert thread(bot, new) == [IN_SERVICE.format(2)]


@pytest.mark.parametrize("state", [EndpointStatus.UPDATING, EndpointStatus.OTHER])
def test_nothing_is_announced_while_an_endpoint_changes(
    bot: FakeBot, state: EndpointStatus
) -> None:
    version = with_card(bot)
    arn = bot.endpoints.put(version, state=state)
    bot.do(ReconcileEndpoint(arn))

    with pytest.raises(Ignored):
        reconcile_endpoint(arn, bot.ports())
    assert thread(bot, version) == bot.chat.texts_in_channel(RELEASES) == []


def test_a_failed_update_is_announced_in_the_threads_of_both_versions(bot: FakeBot) -> None:
    """SageMaker goes back to the old version by itself, and names the new one nowhere."""
    old, new = with_card(bot, 1), with_card(bot, 2)
    bot.do(ReconcileEndpoint(bot.endpoints.put(old)))
    bot.do(
        ReconcileEndpoint(
            bot.endpoints.put(old, state=EndpointStatus.UPDATING, pending_versions=(new.arn,))
        )
    )
    failure = (
        "⚠️ Endpoint fraud-prod could not be changed to fraud version 2, "
        "and is still in service with fraud version 1: no memory"
    )
    for _ in range(2):
        bot.do(ReconcileEndpoint(bot.endpoints.put(old, reason="no memory")))
        an_hour_later(bot)

    assert thread(bot, new) == [failure]
    assert (
        thread(bot, old) == bot.chat.texts_in_channel(RELEASES) == [IN_SERVICE.format(1), failure]
    )


def updated_without_its_old_configuration(
    bot: FakeBot, new: DescribedVersion, **after: Any
) -> None:
    """An update to *new*, during which somebody deletes the configuration in service."""
    unknown = {"versions": (), "is_complete": False, "config": "old"}
    pending = {"pending_versions": (new.arn,), "pending_config": "new"}
    updating = {**unknown, **pending, "state": EndpointStatus.UPDATING}
    bot.do(ReconcileEndpoint(bot.endpoints.put(**updating)))
    for _ in range(2):
        bot.do(ReconcileEndpoint(bot.endpoints.put(**{**unknown, **after})))
        an_hour_later(bot)


def test_a_failed_update_is_announced_although_the_old_configuration_was_deleted(
    bot: FakeBot,
) -> None:
    old, new = with_card(bot, 1), with_card(bot, 2)
    bot.do(ReconcileEndpoint(bot.endpoints.put(old)))
    updated_without_its_old_configuration(bot, new, reason="no memory")

    failure = "⚠️ Endpoint fraud-prod could not be changed to fraud version 2: no memory"
    assert thread(bot, new) == [failure]
    assert bot.chat.texts_in_channel(RELEASES) == [IN_SERVICE.format(1), failure]


def test_an_update_whose_own_configuration_was_deleted_is_not_announced_as_failed(
    bot: FakeBot,
) -> None:
    old, new = with_card(bot, 1), with_card(bot, 2)
    bot.do(ReconcileEndpoint(bot.endpoints.put(old)))
    updated_without_its_old_configuration(bot, new, config="new")

    assert thread(bot, new) == [REPLACING.format(2, 1)]


def test_pending_versions_are_saved_once(bot: FakeBot) -> None:
    old, new = with_card(bot, 1), with_card(bot, 2)
    arn = bot.endpoints.put(old, state=EndpointStatus.UPDATING, pending_versions=(new.arn,))
    bot.do(ReconcileEndpoint(arn))
    first = bot.ledger.get_endpoint(arn)
    bot.do(ReconcileEndpoint(arn))

    assert first.pending_versions == (new.arn,)
    assert bot.ledger.get_endpoint(arn) == first


def test_a_successful_update_after_a_failed_one_is_announced(bot: FakeBot) -> None:
    old, new = with_card(bot, 1), with_card(bot, 2)
    for reason, serving in (("no memory", old), ("", new)):
        bot.do(
            ReconcileEndpoint(
                bot.endpoints.put(old, state=EndpointStatus.UPDATING, pending_versions=(new.arn,))
            )
        )
        bot.do(ReconcileEndpoint(bot.endpoints.put(serving, reason=reason)))

    assert thread(bot, new) == [REPLACING.format(2, 1)]


def test_the_reason_of_a_failed_change_is_not_repeated_after_a_successful_one(
    bot: FakeBot,
) -> None:
    """SageMaker may leave the reason where it was."""
    old, new = with_card(bot, 1), with_card(bot, 2)
    why, changing = (
        {"reason": "no memory"},
        {"state": EndpointStatus.UPDATING, "pending_versions": (new.arn,)},
    )
    scaling = {"state": EndpointStatus.UPDATING}
    failing, retried = [(old, changing), (old, why)], [(old, changing | why), (new, why)]
    live(bot, *failing, *retried, (new, scaling | why), (new, why))

    assert thread(bot, new) == [REPLACING.format(2, 1)]


def test_a_failed_change_to_the_same_version_is_announced_at_once_and_once(
    bot: FakeBot,
) -> None:
    version, why = with_card(bot), {"reason": "no capacity"}
    changing = {"state": EndpointStatus.UPDATING, "pending_versions": (version.arn,)}
    live(bot, (version, {}), (version, changing), (version, why))
    expected = [IN_SERVICE.format(1), f"{IN_SERVICE.format(1)} {FAILED}: no capacity"]

    assert thread(bot, version) == expected
    live(bot, (version, why), (version, changing | why), (version, why))
    assert thread(bot, version) == expected


def test_the_reason_of_a_rollback_is_announced_when_the_rollback_is_over(
    bot: FakeBot,
) -> None:
    version, why = with_card(bot), {"reason": "no capacity"}
    pending_versions = {"pending_versions": (version.arn,)}
    changing, back = (
        {"state": EndpointStatus.UPDATING, **pending_versions},
        {"state": EndpointStatus.OTHER, **pending_versions, **why},
    )
    live(bot, (version, {}), (version, changing), (version, back), (version, why))

    assert thread(bot, version)[1:] == [f"{IN_SERVICE.format(1)} {FAILED}: no capacity"]


def test_a_reason_older_than_the_bot_is_not_announced_with_a_later_change(
    bot: FakeBot,
) -> None:
    old, new = with_card(bot, 1), with_card(bot, 2)
    why, changing = (
        {"reason": "of last week"},
        {"state": EndpointStatus.UPDATING, "pending_versions": (new.arn,)},
    )
    live(bot, (old, changing | why), (new, why))

    assert thread(bot, new) == [IN_SERVICE.format(2)]


def test_an_endpoint_that_was_created_again_and_fails_as_before_is_announced_again(
    bot: FakeBot,
) -> None:
    """Also when no time has passed: it is another message."""
    version = with_card(bot)
    failed = {"state": EndpointStatus.FAILED, "reason": "no memory"}
    bot.do(ReconcileEndpoint(bot.endpoints.put(version, **failed)))
    bot.endpoints.delete()
    bot.job_sent_at = NOON
    for _ in range(2):
        bot.do(ReconcileEndpoint(bot.endpoints.put(version, **failed)))

    assert (
        thread(bot, version)
        == bot.chat.texts_in_channel(RELEASES)
        == ["⚠️ Endpoint fraud-prod failed. It was to serve fraud version 1: no memory"] * 2
    )


def test_the_pending_version_of_a_deleted_endpoint_is_not_announced_as_failed(bot: FakeBot) -> None:
    old, lost, new = (with_card(bot, number) for number in (1, 2, 3))
    changing = {"state": EndpointStatus.UPDATING, "pending_versions": (lost.arn,)}
    bot.do(ReconcileEndpoint(bot.endpoints.put(old, **changing)))
    bot.endpoints.delete()
    bot.do(ReconcileEndpoint(bot.endpoints.put(new)))

    assert bot.chat.texts_in_channel(RELEASES) == thread(bot, new) == [IN_SERVICE.format(3)]
    assert thread(bot, lost) == []


def test_the_creation_time_is_added_to_a_memory_that_an_older_bot_saved(
    bot: FakeBot,
) -> None:
    version = with_card(bot)
    arn = bot.endpoints.put(version)
    bot.do(ReconcileEndpoint(arn))
    bot.ledger.save_endpoint(replace(bot.ledger.get_endpoint(arn), created=None))
    bot.do(ReconcileEndpoint(arn))

    assert bot.ledger.get_endpoint(arn).created == LATER
    assert len(thread(bot, version)) == 1


def test_several_versions_are_announced_in_each_thread_and_once_in_each_channel(
    bot: FakeBot,
) -> None:
    one, two = with_card(bot, 1), with_card(bot, 2)
    bot.do(ReconcileEndpoint(bot.endpoints.put(one, two)))
    expected = ["Endpoint fraud-prod is in service with fraud version 1 and fraud version 2."]

    assert thread(bot, one) == thread(bot, two) == expected
    assert bot.chat.texts_in_channel(RELEASES) == expected


def test_a_version_without_a_card_is_announced_only_in_the_channels_of_its_rule(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version(status=Status.APPROVED, created=LONG_AGO))
    bot.do(ReconcileEndpoint(bot.endpoints.put(version)))

    assert [posted.place.channel for posted in bot.chat.posted] == [RELEASES]


def test_a_version_without_a_card_and_without_a_rule_is_not_announced(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(group="other", status=Status.APPROVED, created=LONG_AGO))
    bot.do(ReconcileEndpoint(bot.endpoints.put(version)))

    assert bot.chat.posted == []


def test_an_endpoint_that_serves_no_version_is_ignored_and_not_saved(bot: FakeBot) -> None:
    with pytest.raises(Ignored, match="serves no version"):
        reconcile_endpoint(bot.endpoints.put(), bot.ports())

    assert list(bot.ledger.endpoints()) == []


def test_an_endpoint_that_does_not_exist_any_more_is_ignored(bot: FakeBot) -> None:
    with pytest.raises(Gone):
        reconcile_endpoint(an_endpoint("deleted"), bot.ports())


def test_an_endpoint_that_is_not_shown_yet_after_its_creation_is_not_taken_for_deleted(
    bot: FakeBot,
) -> None:
    version = with_card(bot)
    created = bot.clock + timedelta(seconds=5)  # the clock advances with each call
    arn = bot.endpoints.put(version, created=created, modified=created)
    bot.do(ReconcileEndpoint(arn))
    bot.endpoints.delete()
    with pytest.raises(Unavailable, match="does not show"):
        bot.do(ReconcileEndpoint(arn))
    assert thread(bot, version) == [IN_SERVICE.format(1)]

    bot.clock += LAG
    bot.do(ReconcileEndpoint(arn))
    assert "deleted" in thread(bot, version)[-1]


def test_a_deleted_endpoint_that_is_shown_once_more_is_not_taken_for_one_in_service(
    bot: FakeBot,
) -> None:
    version = with_card(bot)
    job = ReconcileEndpoint(bot.endpoints.put(version))
    bot.do(job)
    an_hour_later(bot)
    bot.endpoints.delete()
    bot.do(job)
    told = thread(bot, version)
    bot.endpoints.endpoints |= bot.endpoints.deleted
    with pytest.raises(Unavailable, match="as it was before"):
        bot.do(job)
    assert thread(bot, version) == told

    bot.endpoints.delete()
    bot.do(ReconcileEndpoint(bot.endpoints.put(version)))  # another one with its name
    assert thread(bot, version) == [*told, IN_SERVICE.format(1)]


def test_what_became_of_an_endpoint_is_told_once_its_versions_may_be_read_again(
    bot: FakeBot,
) -> None:
    version = with_card(bot)
    job = ReconcileEndpoint(bot.endpoints.put(version))
    may_read = bot.registry
    bot.registry = NoneReadable()
    with pytest.raises(Forbidden):
        bot.do(job)
    bot.registry = may_read
    bot.do(job)

    bot.do(ReconcileEndpoint(bot.endpoints.put(version, state=EndpointStatus.OUT_OF_SERVICE)))
    an_hour_later(bot)
    bot.registry = NoneReadable()
    job = ReconcileEndpoint(bot.endpoints.put(version))
    with pytest.raises(Forbidden):
        bot.do(job)
    assert bot.ledger.get_endpoint(job.arn).servings[0].state is EndpointStatus.IN_SERVICE
    bot.registry = may_read
    bot.clock += LAG
    bot.do(job)

    assert thread(bot, version).count(IN_SERVICE.format(1)) == 2


@pytest.mark.parametrize("state", [EndpointStatus.FAILED, EndpointStatus.IN_SERVICE])
def test_what_became_of_an_endpoint_is_told_in_a_channel_once_that_is_there_again(
    bot: FakeBot, state: EndpointStatus
) -> None:
    version = with_card(bot)
    bot.chat.missing |= {CARDS, RELEASES}
    job = ReconcileEndpoint(bot.endpoints.put(version, state=state))
    bot.do(job)
    bot.chat.missing.remove(RELEASES)
    bot.do(job)
    bot.chat.missing.clear()
    bot.do(job)
    with pytest.raises(Ignored):
        reconcile_endpoint(job.arn, bot.ports())

    assert len(thread(bot, version)) == 1
    assert len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_a_deletion_of_an_endpoint_is_told_in_a_channel_once_that_is_there_again(
    bot: FakeBot,
) -> None:
    version = with_card(bot)
    live(bot, (version, {}))
    bot.chat.missing |= {CARDS}
    bot.endpoints.delete()
    job = ReconcileEndpoint(an_endpoint())
    bot.do(job)
    bot.chat.missing.clear()
    bot.do(job)
    with pytest.raises(Gone):
        reconcile_endpoint(job.arn, bot.ports())

    assert ["deleted" in text for text in thread(bot, version)] == [False, True]
    assert len(bot.chat.texts_in_channel(RELEASES)) == 2


def test_what_waits_for_a_channel_is_given_up_after_a_week(bot: FakeBot) -> None:
    version = with_card(bot)
    bot.chat.missing |= {CARDS}
    job = ReconcileEndpoint(bot.endpoints.put(version))
    bot.do(job)
    bot.clock += KEPT
    bot.do(job)

    with pytest.raises(Ignored):
        reconcile_endpoint(job.arn, bot.ports())


def test_a_group_that_could_not_be_listed_hears_of_its_endpoint_later(bot: FakeBot) -> None:
    serving, waits = with_card(bot, 1), with_card(bot, 2)
    live(bot, (serving, {}))
    bot.finish()
    bot.endpoints.delete()
    bot.registry.unreachable[OWN_REGISTRY] = Forbidden("AccessDenied")
    job = ReconcileEndpoint(an_endpoint())
    with pytest.raises(Forbidden):
        bot.do(job)
    bot.registry.unreachable.clear()
    bot.clock += LAG
    reconcile_endpoint(job.arn, bot.ports())

    assert waits.arn in {each.arn for each in bot.queue.waiting()}


def test_cards_that_were_out_of_date_when_a_worker_died_are_updated_though_the_endpoint_is_new(
    bot: FakeBot,
) -> None:
    first, second, third, fourth = (with_card(bot, number) for number in (1, 2, 3, 4))
    for version in (first, second, third, fourth):
        bot.registry.move_outside(version.arn, Status.APPROVED)
        bot.do(ReconcileVersion(version.arn))
    live(bot, (first, {}), (second, {}))
    job = ReconcileEndpoint(bot.endpoints.put(third))
    with pytest.raises(Killed):
        bot.do(job, on("send_all", "killed before"))
    bot.clock += DURATION
    bot.endpoints.delete()
    bot.endpoints.put(fourth)
    reconcile_endpoint(job.arn, bot.ports())

    assert first.arn in {each.arn for each in bot.queue.waiting()}


def test_a_deletion_is_told_although_the_endpoint_is_there_again_before_the_bot_looks(
    bot: FakeBot,
) -> None:
    first, second = with_card(bot, 1), with_card(bot, 2)
    live(bot, (second, {}))
    bot.endpoints.delete()
    job = ReconcileEndpoint(bot.endpoints.put(first))
    bot.do(job)
    bot.do(job)

    assert "deleted" in thread(bot, second)[-1]
    assert thread(bot, first) == [IN_SERVICE.format(1)]


class NoneReadable(FakeRegistry):
    """A registry that the bot may not look at now."""

    def describe(self, arn: Arn) -> DescribedVersion:
        raise Forbidden(arn)


class NotAllOurs(FakeRegistry):
    """A registry of which the bot may not look at every version."""

    def describe(self, arn: Arn) -> DescribedVersion:
        if "not-ours" in arn:
            raise Forbidden(arn)
        return super().describe(arn)


@pytest.mark.parametrize("group", ["deleted-since", "not-ours"])
def test_a_version_that_cannot_be_read_keeps_nothing_from_the_others(
    bot: FakeBot, group: str
) -> None:
    bot.registry = NotAllOurs()
    version, other = with_card(bot), a_version(7, group=group)
    bot.do(ReconcileEndpoint(bot.endpoints.put(version, other)))

    assert thread(bot, version) == [IN_SERVICE.format(1)]


def test_a_lost_channel_keeps_nothing_from_the_others(bot: FakeBot) -> None:
    version = with_card(bot)
    bot.chat.missing.add(CARDS)
    bot.do(ReconcileEndpoint(bot.endpoints.put(version)))

    assert bot.chat.texts_in_channel(RELEASES) == [IN_SERVICE.format(1)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(11))
def test_a_result_is_announced_once_in_each_place_whatever_call_fails(
    bot: FakeBot, call: int, when: str
) -> None:
    """The calls: endpoint, memory, versions, saving, jobs, request, two posts, and saving again."""
    version = with_card(bot)
    arn = bot.endpoints.put(version, modified=NOON)
    with pytest.raises(Unavailable):
        bot.do(ReconcileEndpoint(arn), nth(call, when))
    bot.do(ReconcileEndpoint(arn))
    bot.do(ReconcileEndpoint(arn))

    assert thread(bot, version) == bot.chat.texts_in_channel(RELEASES) == [IN_SERVICE.format(1)]


class RecordingChat(FakeChat):
    """A chat that records since when it was to search for what it may have posted already."""

    since: list[datetime | None]

    def post(self, *args: Any, since: datetime | None = None, **kwargs: Any) -> MessageRef:
        self.since = [*getattr(self, "since", []), since]
        return super().post(*args, since=since, **kwargs)


def test_messages_of_an_earlier_attempt_are_searched_since_it_began_by_the_store_s_clock(
    bot: FakeBot,
) -> None:
    version = bot.registry.add(a_version(status=Status.APPROVED, created=LONG_AGO))
    bot.chat = chat = RecordingChat()
    bot.skew = timedelta(minutes=15)
    job = ReconcileEndpoint(bot.endpoints.put(version))
    before = bot.clock
    with pytest.raises(Unavailable):
        bot.do(job, on("post", "after"))
    bot.do(job)

    first, second = chat.since
    assert first is None
    assert second
    assert before < second < before + timedelta(seconds=10)


def test_what_slack_shows_late_of_an_endpoint_is_not_posted_again(bot: FakeBot) -> None:
    bot.chat.lag = LAG
    job = ReconcileEndpoint(bot.endpoints.put(with_card(bot)))
    with pytest.raises(Unavailable):
        bot.do(job, on("post", "after"))
    bot.clock -= LAG / 2  # the job is delivered before its time
    with pytest.raises(Unavailable, match="nothing can be told"):
        bot.do(job)
    bot.do(job)

    assert len(bot.chat.texts_in_channel(RELEASES)) == 1


def test_what_an_endpoint_came_to_after_a_worker_died_is_not_taken_for_what_it_was_before(
    bot: FakeBot,
) -> None:
    version = with_card(bot)
    with pytest.raises(Killed):
        bot.do(ReconcileEndpoint(bot.endpoints.put(version)), on("post", "killed after"))
    bot.clock += DURATION
    bot.do(ReconcileEndpoint(bot.endpoints.put(version, state=EndpointStatus.FAILED)))

    assert "failed" in bot.chat.texts_in_channel(RELEASES)[-1]
    assert "failed" in thread(bot, version)[-1]


def test_a_failure_that_comes_again_within_minutes_is_told_again(bot: FakeBot) -> None:
    version = with_card(bot)
    for _ in range(2):
        bot.do(ReconcileEndpoint(bot.endpoints.put(version)))
        bot.do(ReconcileEndpoint(bot.endpoints.put(version, state=EndpointStatus.FAILED)))

    texts = bot.chat.texts_in_channel(RELEASES)
    assert len(texts) == 3  # good news is an edit of the message before it
    assert "failed" in texts[-1]


def test_a_channel_that_two_rules_name_gets_one_message(bot: FakeBot) -> None:
    other = replace(RULE, patterns=("other",), name="other")
    bot.rules = replace(RULES, rules=(RULE, other))
    one = bot.registry.add(a_version(status=Status.APPROVED, created=LONG_AGO))
    two = bot.registry.add(a_version(group="other", status=Status.APPROVED, created=LONG_AGO))
    bot.do(ReconcileEndpoint(bot.endpoints.put(one, two)))

    assert len(bot.chat.texts_in_channel(RELEASES)) == 1
