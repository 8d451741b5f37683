from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.errors import Forbidden, Gone, Ignored, Unavailable
from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import ReconcileEndpoint, ReconcileVersion
from bot.core.registry.version import Status
from bot.flows.endpoint import reconcile_endpoint
from tests.doubles.builders import CARDS, NOON, RELEASES, RULE, RULES, a_version
from tests.doubles.chat import FakeChat
from tests.doubles.deployments import an_endpoint
from tests.doubles.registry import FakeRegistry
from tests.doubles.trouble import nth

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.request import MessageRef
    from tests.flows.conftest import Office

IN_SERVICE = "Endpoint fraud-prod is in service with fraud version {}."
FAILED = "SageMaker says about a change that failed"


def carded(office: Office, number: int = 1) -> DescribedVersion:
    """A version that waits, with its card; nobody has heard anything of it yet."""
    version = office.registry.add(a_version(number))
    office.do(ReconcileVersion(version.arn))
    return version


def thread(office: Office, version: DescribedVersion) -> list[str]:
    place = office.ledger.get(version.arn).request.cards[0].ref
    assert place
    return office.chat.thread(place)


def an_hour_later(office: Office) -> None:
    """Slack is asked only for what is younger than the change; the double finds all there is."""
    office.clock += timedelta(hours=1)
    for posted in office.chat.posted:
        posted.key = f"older: {posted.key}"


def live(office: Office, *changes: tuple[DescribedVersion, dict[str, Any]]) -> None:
    """Let the endpoint change so, one after the other, each with its event."""
    for version, change in changes:
        office.do(ReconcileEndpoint(office.deployments.put(version, **change)))
        an_hour_later(office)


def test_the_thread_and_the_channels_of_the_rule_hear_that_a_version_is_in_service(
    office: Office,
) -> None:
    version = carded(office)
    office.do(ReconcileEndpoint(office.deployments.put(version)))

    assert thread(office, version) == [IN_SERVICE.format(1)]
    assert office.chat.said_in(RELEASES) == [IN_SERVICE.format(1)]


def test_they_hear_why_an_endpoint_failed(office: Office) -> None:
    version = carded(office)
    office.do(
        ReconcileEndpoint(
            office.deployments.put(version, state=EndpointStatus.FAILED, reason="no <memory>")
        )
    )

    assert thread(office, version) == [
        "Endpoint fraud-prod failed with fraud version 1: no &lt;memory&gt;"
    ]


def test_an_event_that_comes_twice_is_told_once(office: Office) -> None:
    version = carded(office)
    arn = office.deployments.put(version)
    office.do(ReconcileEndpoint(arn))
    an_hour_later(office)
    office.do(ReconcileEndpoint(arn))

    assert len(thread(office, version)) == len(office.chat.said_in(RELEASES)) == 1


def test_an_endpoint_that_scales_has_nothing_to_tell(office: Office) -> None:
    version = carded(office)
    office.do(ReconcileEndpoint(office.deployments.put(version)))
    an_hour_later(office)
    office.do(ReconcileEndpoint(office.deployments.put(version, state=EndpointStatus.UPDATING)))
    office.do(ReconcileEndpoint(office.deployments.put(version)))

    assert len(thread(office, version)) == 1


def test_what_comes_back_into_service_is_told_again(office: Office) -> None:
    old, new = carded(office, 1), carded(office, 2)
    for version in (old, new, old):
        office.do(ReconcileEndpoint(office.deployments.put(version)))
        an_hour_later(office)

    assert thread(office, old) == [IN_SERVICE.format(1)] * 2
    assert thread(office, new) == [IN_SERVICE.format(2)]


def test_an_event_that_comes_late_tells_what_is_now(office: Office) -> None:
    old, new = carded(office, 1), carded(office, 2)
    office.deployments.put(old)
    office.do(ReconcileEndpoint(office.deployments.put(new)))

    assert thread(office, old) == []
    assert thread(office, new) == [IN_SERVICE.format(2)]


@pytest.mark.parametrize("state", [EndpointStatus.UPDATING, EndpointStatus.OTHER])
def test_while_an_endpoint_changes_nothing_is_told(office: Office, state: EndpointStatus) -> None:
    version = carded(office)
    arn = office.deployments.put(version, state=state)

    with pytest.raises(Ignored):
        reconcile_endpoint(arn, office.ports())
    assert thread(office, version) == office.chat.said_in(RELEASES) == []
    assert office.ledger.endpoints == {}


def test_an_update_that_failed_is_told_to_those_who_wait_for_it(office: Office) -> None:
    """SageMaker goes back to the old version by itself, and names the new one nowhere."""
    old, new = carded(office, 1), carded(office, 2)
    office.do(ReconcileEndpoint(office.deployments.put(old)))
    office.do(
        ReconcileEndpoint(
            office.deployments.put(old, state=EndpointStatus.UPDATING, coming=(new.arn,))
        )
    )
    told = (
        "Endpoint fraud-prod could not be changed to fraud version 2, "
        "and is still in service with fraud version 1: no memory"
    )
    for _ in range(2):
        office.do(ReconcileEndpoint(office.deployments.put(old, reason="no memory")))
        an_hour_later(office)

    assert thread(office, new) == [told]
    assert thread(office, old) == office.chat.said_in(RELEASES) == [IN_SERVICE.format(1), told]


def test_what_is_to_come_is_written_down_once(office: Office) -> None:
    old, new = carded(office, 1), carded(office, 2)
    for _ in range(2):
        arn = office.deployments.put(old, state=EndpointStatus.UPDATING, coming=(new.arn,))
        office.do(ReconcileEndpoint(arn))

    assert (office.ledger.get_endpoint(arn).coming, office.ledger.get_endpoint(arn).revision) == (
        (new.arn,),
        1,
    )


def test_an_update_that_succeeded_after_one_that_failed_is_told(office: Office) -> None:
    old, new = carded(office, 1), carded(office, 2)
    for reason, then in (("no memory", old), ("", new)):
        office.do(
            ReconcileEndpoint(
                office.deployments.put(old, state=EndpointStatus.UPDATING, coming=(new.arn,))
            )
        )
        office.do(ReconcileEndpoint(office.deployments.put(then, reason=reason)))

    assert thread(office, new)[1:] == [IN_SERVICE.format(2)]


def test_why_a_change_failed_is_not_told_again_after_the_next_one_succeeded(office: Office) -> None:
    """SageMaker may leave the reason where it was."""
    old, new = carded(office, 1), carded(office, 2)
    why, changing = (
        {"reason": "no memory"},
        {"state": EndpointStatus.UPDATING, "coming": (new.arn,)},
    )
    scaling = {"state": EndpointStatus.UPDATING}
    failing, retried = [(old, changing), (old, why)], [(old, changing | why), (new, why)]
    live(office, *failing, *retried, (new, scaling | why), (new, why))

    assert len(thread(office, new)) == 2
    assert thread(office, new)[1:] == [IN_SERVICE.format(2)]


def test_a_change_that_brings_no_other_version_and_fails_is_told_at_once_and_once(
    office: Office,
) -> None:
    version, why = carded(office), {"reason": "no capacity"}
    changing = {"state": EndpointStatus.UPDATING, "coming": (version.arn,)}
    live(office, (version, {}), (version, changing), (version, why))
    told = [IN_SERVICE.format(1), f"{IN_SERVICE.format(1)} {FAILED}: no capacity"]

    assert thread(office, version) == told
    live(office, (version, why), (version, changing | why), (version, why))
    assert thread(office, version) == told


def test_a_reason_that_is_there_while_all_is_rolled_back_is_told_when_that_is_over(
    office: Office,
) -> None:
    version, why = carded(office), {"reason": "no capacity"}
    coming = {"coming": (version.arn,)}
    changing, back = (
        {"state": EndpointStatus.UPDATING, **coming},
        {"state": EndpointStatus.OTHER, **coming, **why},
    )
    live(office, (version, {}), (version, changing), (version, back), (version, why))

    assert thread(office, version)[1:] == [f"{IN_SERVICE.format(1)} {FAILED}: no capacity"]


def test_a_reason_of_before_the_bot_came_is_not_of_the_change_that_it_sees(office: Office) -> None:
    old, new = carded(office, 1), carded(office, 2)
    why, changing = (
        {"reason": "of last week"},
        {"state": EndpointStatus.UPDATING, "coming": (new.arn,)},
    )
    live(office, (old, changing | why), (new, why))

    assert thread(office, new) == [IN_SERVICE.format(2)]


def test_an_endpoint_that_was_made_anew_and_fails_as_before_is_told_again(office: Office) -> None:
    """Also when no time has passed: it is another message."""
    version = carded(office)
    failed = {"state": EndpointStatus.FAILED, "reason": "no memory"}
    office.do(ReconcileEndpoint(office.deployments.put(version, **failed)))
    office.deployments.delete()
    office.asked = NOON
    for _ in range(2):
        office.do(ReconcileEndpoint(office.deployments.put(version, **failed)))

    assert (
        thread(office, version)
        == office.chat.said_in(RELEASES)
        == ["Endpoint fraud-prod failed with fraud version 1: no memory"] * 2
    )


def test_what_was_to_come_to_an_endpoint_that_was_deleted_did_not_fail(office: Office) -> None:
    old, lost, new = (carded(office, number) for number in (1, 2, 3))
    changing = {"state": EndpointStatus.UPDATING, "coming": (lost.arn,)}
    office.do(ReconcileEndpoint(office.deployments.put(old, **changing)))
    office.deployments.delete()
    office.do(ReconcileEndpoint(office.deployments.put(new)))

    assert office.chat.said_in(RELEASES) == thread(office, new) == [IN_SERVICE.format(3)]
    assert thread(office, lost) == []


def test_of_an_endpoint_noted_by_an_older_bot_it_is_noted_when_it_was_made(office: Office) -> None:
    version = carded(office)
    arn = office.deployments.put(version)
    office.do(ReconcileEndpoint(arn))
    office.ledger.save_endpoint(replace(office.ledger.get_endpoint(arn), created=None))
    office.do(ReconcileEndpoint(arn))

    assert office.ledger.get_endpoint(arn).created == NOON
    assert len(thread(office, version)) == 1


def test_of_several_versions_each_thread_hears_and_each_channel_once(office: Office) -> None:
    one, two = carded(office, 1), carded(office, 2)
    office.do(ReconcileEndpoint(office.deployments.put(one, two)))
    told = ["Endpoint fraud-prod is in service with fraud version 1 and fraud version 2."]

    assert thread(office, one) == thread(office, two) == told
    assert office.chat.said_in(RELEASES) == told


def test_of_a_version_without_a_card_only_the_channels_of_the_rule_hear(office: Office) -> None:
    version = office.registry.add(a_version(status=Status.APPROVED))
    office.do(ReconcileEndpoint(office.deployments.put(version)))

    assert [posted.place.channel for posted in office.chat.posted] == [RELEASES]


def test_of_a_version_without_a_card_and_without_a_rule_nobody_hears(office: Office) -> None:
    version = office.registry.add(a_version(group="other", status=Status.APPROVED))
    office.do(ReconcileEndpoint(office.deployments.put(version)))

    assert office.chat.posted == []


def test_an_endpoint_that_serves_no_version_is_set_aside_and_forgotten(office: Office) -> None:
    with pytest.raises(Ignored, match="serves no version"):
        reconcile_endpoint(office.deployments.put(), office.ports())

    assert office.ledger.endpoints == {}


def test_an_endpoint_that_is_not_there_any_more_is_set_aside(office: Office) -> None:
    with pytest.raises(Gone):
        reconcile_endpoint(an_endpoint("deleted"), office.ports())


class NotAllOurs(FakeRegistry):
    """A registry of which the bot may not look at every version."""

    def describe(self, arn: Arn) -> DescribedVersion:
        if "not-ours" in arn:
            raise Forbidden(arn)
        return super().describe(arn)


@pytest.mark.parametrize("group", ["deleted-since", "not-ours"])
def test_a_version_that_cannot_be_looked_at_keeps_nothing_from_the_others(
    office: Office, group: str
) -> None:
    office.registry = NotAllOurs()
    version, other = carded(office), a_version(7, group=group)
    office.do(ReconcileEndpoint(office.deployments.put(version, other)))

    assert thread(office, version) == [IN_SERVICE.format(1)]


def test_a_place_that_is_lost_keeps_nothing_from_the_others(office: Office) -> None:
    version = carded(office)
    office.chat.missing.add(CARDS)
    office.do(ReconcileEndpoint(office.deployments.put(version)))

    assert office.chat.said_in(RELEASES) == [IN_SERVICE.format(1)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", range(7))
def test_whatever_call_fails_it_is_told_once_in_each_place(
    office: Office, call: int, when: str
) -> None:
    """look, known, describe, get, two posts, note."""
    version = carded(office)
    arn = office.deployments.put(version, modified=NOON)
    with pytest.raises(Unavailable):
        office.do(ReconcileEndpoint(arn), nth(call, when))
    office.do(ReconcileEndpoint(arn))
    office.do(ReconcileEndpoint(arn))

    assert thread(office, version) == office.chat.said_in(RELEASES) == [IN_SERVICE.format(1)]


class Looking(FakeChat):
    """A chat that remembers from when on it was to look for what it may have posted already."""

    looked: list[datetime | None]

    def post(self, *given: Any, since: datetime | None = None, **named: Any) -> MessageRef:
        self.looked = [*getattr(self, "looked", []), since]
        return super().post(*given, since=since, **named)


def test_what_an_attempt_before_may_have_said_is_looked_for_from_when_the_job_was_sent(
    office: Office,
) -> None:
    version = office.registry.add(a_version(status=Status.APPROVED))
    office.chat = chat = Looking()
    office.asked = NOON + timedelta(minutes=2)
    office.do(
        ReconcileEndpoint(office.deployments.put(version, modified=NOON + timedelta(minutes=5)))
    )
    office.asked = NOON + timedelta(hours=2)
    office.do(ReconcileEndpoint(office.deployments.put(version, state=EndpointStatus.FAILED)))

    assert chat.looked == [NOON + timedelta(minutes=2), NOON + timedelta(minutes=6)]


def test_a_channel_that_two_rules_name_hears_once(office: Office) -> None:
    other = replace(RULE, patterns=("other",), name="other")
    office.rules = replace(RULES, rules=(RULE, other))
    one = office.registry.add(a_version(status=Status.APPROVED))
    two = office.registry.add(a_version(group="other", status=Status.APPROVED))
    office.do(ReconcileEndpoint(office.deployments.put(one, two)))

    assert len(office.chat.said_in(RELEASES)) == 1
