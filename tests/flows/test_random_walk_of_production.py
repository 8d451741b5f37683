"""
The random walk through a harsher world: versions are deleted and registered again, Slack refuses
messages and edits, endpoints deploy, fail, roll back and are deleted.

When all is done, no card says anything else than the registry and the endpoints do: each of the
three truths is held against its source, without the code that writes the headline.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from bot.core.errors import Declined
from bot.core.followup.endpoints import EndpointStatus
from bot.core.jobs.messages import ReconcileEndpoint
from bot.core.registry.outcome import next_to_deploy
from bot.core.registry.version import Status
from tests.core.reading import as_read
from tests.doubles.builders import CARDS, LATER, RELEASES, a_version
from tests.doubles.endpoints import an_endpoint
from tests.flows.test_random_walk import EVIDENCE, FAILURES, RandomWalk, StrictRegistry

if TYPE_CHECKING:
    from bot.core.followup.endpoints import Endpoint
    from bot.core.registry.version import Arn, DescribedVersion
    from bot.core.votes.vote import Decision
    from tests.doubles.chat import Posted
    from tests.doubles.failures import Failures

SERVING = {EndpointStatus.IN_SERVICE, EndpointStatus.UPDATING, EndpointStatus.OTHER}
NAMES = {"fraud": "fraud-prod", "pair": "pair-prod"}
STATUSES = {
    Status.APPROVED: ("Approved", "Registered as Approved"),
    Status.REJECTED: ("Rejected", "Revoked"),
    Status.PENDING: ("Waiting for a decision",),
}


class RegistryThatForgets(StrictRegistry):
    """A registry from which versions are deleted."""

    def apply(self, decision: Decision) -> None:
        if decision.arn not in self.registered:
            raise Declined("ValidationException")
        super().apply(decision)


class WalkThroughProduction(RandomWalk):
    def __init__(self) -> None:
        super().__init__()
        self.bot.registry = RegistryThatForgets()
        # Known limits (infra/adr/0024): what is told of endpoints, and to those who run the bot
        # about a channel, is looked for at once. With a history that lags, it may come twice.
        self.bot.chat.lag = timedelta()
        self.time = LATER
        self.deleted: list[DescribedVersion] = []
        self.needs_a_sweep = False
        """Whether an event was lost, or Slack refused something: only a sweep mends that."""

    # --- what the world does

    def _later(self) -> Any:
        self.time += timedelta(hours=1)
        return self.time

    @rule(data=st.data(), lost=st.booleans())
    def delete(self, data: st.DataObject, lost: bool) -> None:
        """Delete a version, but the two that were first: its event may be lost."""
        others = list(self.bot.registry.registered)[2:]
        if not others:
            return
        arn = data.draw(st.sampled_from(sorted(others)), label="deleted")
        self.deleted.append(self.bot.registry.registered.pop(arn))
        self.needs_a_sweep |= lost
        if not lost or self.bot.ledger.get(arn).request.status is not Status.PENDING:
            self._event(arn)

    @precondition(lambda self: self.deleted)
    @rule(data=st.data(), status=st.sampled_from([Status.PENDING, Status.APPROVED]))
    def register_again(self, data: st.DataObject, status: Status) -> None:
        """Register another version under the ARN of a deleted one."""
        old = data.draw(st.sampled_from(self.deleted), label="registered again")
        if old.arn not in self.bot.registry.registered:
            new = a_version(old.number, status, group=old.group, reports=EVIDENCE)
            self._event(self.bot.registry.add(replace(new, created=self._later())).arn)

    @rule(code=st.sampled_from(["", "", "is_archived", "message_limit_exceeded"]))
    def refuse_messages(self, code: str) -> None:
        """Slack takes no messages in the channel of the cards, or takes them again."""
        self.bot.chat.archived = {CARDS} if code == "is_archived" else set()
        self.bot.chat.refusing = {CARDS: code} if code == "message_limit_exceeded" else {}
        self.needs_a_sweep |= bool(code)

    @rule(channel=st.sampled_from([CARDS, RELEASES]), how=st.sampled_from(["archived", "missing"]))
    def lose_a_channel(self, channel: str, how: str) -> None:
        super().lose_a_channel(channel, how)
        self.needs_a_sweep = True

    @rule(uneditable=st.sampled_from([False, False, True]))
    def refuse_edits(self, uneditable: bool) -> None:
        self.bot.chat.uneditable = uneditable
        self.needs_a_sweep |= uneditable

    @rule(
        data=st.data(),
        group=st.sampled_from(["fraud", "pair"]),
        happens=st.sampled_from(["update", "served", "fails", "broken", "deleted"]),
        lost=st.booleans(),
    )
    def deploy(self, data: st.DataObject, group: str, happens: str, lost: bool) -> None:
        """An endpoint changes; the event of an intermediate state may be lost."""
        versions = [v for v in self.bot.registry.registered.values() if v.group == group]
        version = data.draw(st.sampled_from(sorted(versions, key=lambda v: v.arn)), label="version")
        if happens == "deleted":
            return self._delete_endpoint(NAMES[group])
        self._change_endpoint(NAMES[group], version, happens)
        self.needs_a_sweep |= lost and happens == "update"
        if happens != "update" or not lost:
            self._endpoint_event(an_endpoint(NAMES[group]))
        return None

    @rule(
        data=st.data(),
        group=st.sampled_from(["fraud", "pair"]),
        ends=st.sampled_from(["served", "served", "fails"]),
        then=st.sampled_from(["another", "another", "revoked", "broken", "deleted", "replaced"]),
    )
    def roll_out(self, data: st.DataObject, group: str, ends: str, then: str) -> None:
        """A version is approved outside and deployed, which ends well or not; and then."""
        if self.needs_a_sweep:
            self.rest()
        chosen = self._chosen(data, group)
        self._deploy_approved(chosen, ends)
        self._check_until_now()
        match then:
            case "another":
                self._deploy_approved(self._chosen(data, group), "served")
            case "revoked":
                self.bot.registry.move_outside(chosen.arn, Status.REJECTED, at=self._later())
                self._event(chosen.arn)
            case "broken":
                self._change_endpoint(NAMES[group], chosen, "broken")
                self._endpoint_event(an_endpoint(NAMES[group]))
            case "deleted":
                self._delete_endpoint(NAMES[group])
            case "replaced":
                self._replace(chosen)
        self._drain()
        self._check_until_now()

    def _chosen(self, data: st.DataObject, group: str) -> DescribedVersion:
        versions = [v for v in self.bot.registry.registered.values() if v.group == group]
        return data.draw(st.sampled_from(sorted(versions, key=lambda v: v.arn)), label="chosen")

    def _deploy_approved(self, chosen: DescribedVersion, ends: str) -> None:
        """Approve a version outside, unless it is, and let its deployment end well or not."""
        if chosen.status is not Status.APPROVED:
            self.bot.registry.move_outside(chosen.arn, Status.APPROVED, at=self._later())
            self._event(chosen.arn)
        for happens in ("update", ends):
            self._change_endpoint(NAMES[chosen.group], chosen, happens)
            self._endpoint_event(an_endpoint(NAMES[chosen.group]))
            self._drain()

    def _replace(self, old: DescribedVersion) -> None:
        """Delete a version and register another one under its ARN, in one go."""
        self.deleted.append(self.bot.registry.registered.pop(old.arn))
        new = a_version(old.number, Status.APPROVED, group=old.group, reports=EVIDENCE)
        self._event(self.bot.registry.add(replace(new, created=self._later())).arn)

    def _check_until_now(self) -> None:
        """Check the cards before any sweep, which would mend what was missed."""
        for version in self.bot.registry.registered.values():
            self._check_card(version)

    def _change_endpoint(self, name: str, version: DescribedVersion, happens: str) -> None:
        now = self._endpoint(name)
        served = now.versions if now else ()
        changes: dict[str, Any] = {"modified": self._later(), "versions": served}
        match happens:
            case "update":
                changes |= {"state": EndpointStatus.UPDATING, "pending_versions": (version.arn,)}
            case "served":
                changes |= {"versions": (version.arn,)}
            case "fails":
                changes |= {"reason": "no memory"}
            case "broken":
                changes |= {"state": EndpointStatus.FAILED, "reason": "no memory"}
        self.bot.endpoints.put(name=name, **changes)

    def _endpoint(self, name: str) -> Endpoint | None:
        return self.bot.endpoints.endpoints.get(an_endpoint(name))

    def _delete_endpoint(self, name: str) -> None:
        if self._endpoint(name):
            self.bot.endpoints.delete(name)
            self._endpoint_event(an_endpoint(name))

    def _endpoint_event(self, arn: Arn) -> None:
        self.bot.queue.send(ReconcileEndpoint(arn), f"event {next(self.ids)}")

    @rule(failures=FAILURES)
    def rest_with_a_failure(self, failures: Failures) -> None:
        """One job of each message group is tried, whatever fails."""
        for name in sorted(self.bot.queue.message_groups):
            self._work(name, failures)

    # --- what has to be right

    @rule()
    def rest(self) -> None:
        """Slack takes messages again; then everything has to be right."""
        self.bot.chat.refusing, self.bot.chat.uneditable = {}, False
        for version in self.deleted:
            self._event(version.arn)
        for name in NAMES.values():
            if self._endpoint(name):
                self._endpoint_event(an_endpoint(name))
        super().rest()
        self.needs_a_sweep = False

    @rule(data=st.data(), status=st.sampled_from(Status), with_event=st.booleans())
    def move_outside(self, data: st.DataObject, status: Status, with_event: bool) -> None:
        self.needs_a_sweep |= not with_event
        super().move_outside(data, status, with_event)

    def _check_people(self, update: Decision, people: list[str]) -> None:
        """By metadata of the version; those of a deleted one are not there any more."""
        version = self.bot.registry.registered.get(update.arn)
        if version and version.created <= update.at:
            super()._check_people(update, people)

    def _check_submits(self) -> None:
        """Every submit had one result; of a deleted version, that is told and not in the trail."""
        entries = [entry for arn in self._arns() for entry in self._trail(arn)]
        handled = [e["id"] for e in entries if e["kind"] in {"vote", "refusal"}]
        for id_, job in self.submitted.items():
            was_deleted = job.click.button.arn in {version.arn for version in self.deleted}
            assert handled.count(id_) == 1 or (was_deleted and handled.count(id_) == 0)

    def _arns(self) -> set[Arn]:
        return super()._arns() | {version.arn for version in self.deleted}

    def _check_receipts(self) -> None:
        """What a form says is for the other walk: here it may be about a deleted version."""

    def _check_card(self, version: DescribedVersion) -> None:
        """No card of *version* that Slack lets the bot edit says what is not so."""
        for card in self.bot.ledger.get(version.arn).request.cards:
            if card.ts and not card.frozen:
                self._check_truths(version, self._posted(card.ts))

    def _posted(self, ts: str) -> Posted:
        (posted,) = [posted for posted in self.bot.chat.posted if posted.place.ts == ts]
        return posted

    def _check_truths(self, version: DescribedVersion, posted: Posted) -> None:
        read = as_read(posted.message)
        headline = read.split("\n")[1].replace("**", "")
        status = headline.split(" ", 1)[1]
        assert status.startswith(STATUSES[version.status])
        self._check_next_to_deploy(version, headline, read)
        self._check_serving(version, headline)

    def _check_next_to_deploy(self, version: DescribedVersion, headline: str, read: str) -> None:
        group = [v for v in self.bot.registry.registered.values() if v.group == version.group]
        newest = next_to_deploy(group)
        is_next = newest is not None and newest.arn == version.arn
        if re.search("[;,] next to deploy", headline):
            assert is_next
        if other := re.search(r"version (\d+) is next to deploy", headline):
            assert newest is not None
            assert newest.number == int(other[1])
        if version.status is Status.PENDING:
            assert ("Next to deploy: version" in read) == (newest is not None)

    def _check_serving(self, version: DescribedVersion, headline: str) -> None:
        endpoint = self._endpoint(NAMES[version.group])
        serves = self._is_served(version, endpoint)
        assert ("serving on" in headline) == serves
        if "not serving" in headline.lower():
            assert not serves
        if "is deleted" in headline:
            assert endpoint is None
        if others := re.search(
            r"version (\d+) (still serves|is$|serving again|is serving)", headline
        ):
            assert endpoint is not None
            assert self._serves_number(endpoint, version.group, int(others[1]))
        if "deploying to" in headline:
            assert endpoint is not None
            assert version.arn in endpoint.pending_versions

    def _is_served(self, version: DescribedVersion, endpoint: Endpoint | None) -> bool:
        """Whether *endpoint* serves it: not an older version that had its ARN."""
        if endpoint is None or endpoint.state not in SERVING:
            return False
        return version.arn in endpoint.versions and not self._is_older(version, endpoint)

    def _is_older(self, version: DescribedVersion, endpoint: Endpoint) -> bool:
        (serving,) = self.bot.ledger.get_endpoint(endpoint.arn).servings
        return serving.since is not None and serving.since < version.created

    def _serves_number(self, endpoint: Endpoint, group: str, number: int) -> bool:
        return a_version(number, group=group).arn in endpoint.versions

    def _check_messages(self) -> None:
        """Nothing is told twice in one place; what Slack refused three times is not told."""
        told = [(p.place.channel, p.thread, p.key) for p in self.bot.chat.posted]
        assert len(told) == len(set(told))


def test_no_card_lies_about_production_whatever_happens(walk_settings: settings) -> None:
    """A quarter of the walks: each of them is longer, for it draws more cards."""
    fewer = settings(walk_settings, max_examples=-(-walk_settings.max_examples // 4))
    run_state_machine_as_test(WalkThroughProduction, settings=fewer)
