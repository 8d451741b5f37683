"""
A decision that was written down by a job that died: the next job judges it again, as its click was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.errors import Unavailable
from bot.core.jobs.messages import ReconcileVersion
from bot.core.registry.version import Readiness, Status
from bot.core.rules.people import MembershipStatus
from bot.core.rules.rule import People, Role, Rules
from bot.core.votes.lease import LAG
from tests.core.reading import as_read
from tests.doubles.builders import ANA, BEN, CHLOE, DAN, RISK, RULES, a_submit, a_version, an_offer
from tests.doubles.failures import on
from tests.flows.test_votes import PAIR, ruled, thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.registry.version import DescribedVersion
    from tests.flows.conftest import FakeBot

APPROVED, REJECTED, PENDING = Status.APPROVED, Status.REJECTED, Status.PENDING
LIVE = 3
NEWER = 9


def group(bot: FakeBot) -> DescribedVersion:
    """Version 3 is next to deploy, 9 was rejected, 4 waits, and has a card and a vote of Ana."""
    ruled(bot)
    bot.registry.add(a_version(LIVE, APPROVED))
    bot.registry.add(a_version(NEWER, REJECTED))
    version = bot.registry.add(a_version(4))
    bot.do(ReconcileVersion(version.arn))
    bot.do(submit(bot, version, ANA, APPROVED))
    return version


def submit(bot: FakeBot, version: DescribedVersion, person: Any, target: Status) -> Any:
    others = [each for each in bot.registry.registered.values() if each.arn != version.arn]
    offer = an_offer(version, target, *others)
    return a_submit(offer, person, form=f"{person.name}-{target}")


def die_after_writing_it_down(bot: FakeBot, version: DescribedVersion) -> None:
    with pytest.raises(Unavailable):
        bot.do(submit(bot, version, CHLOE, APPROVED), on("apply", "before"))
    bot.clock += LAG  # until then, the registry may not show that it was made
    assert bot.ledger.get(version.arn).request.open_decision


def voids(bot: FakeBot, version: DescribedVersion) -> list[str]:
    entries = [entry.content for entry in bot.ledger.entries(version.arn)]
    return [each["reason"]["code"] for each in entries if each["kind"] == "void"]


def approve_a_newer_one(bot: FakeBot) -> None:
    bot.registry.move_outside(a_version(NEWER).arn, APPROVED)


def let_somebody_leave(bot: FakeBot) -> None:
    bot.directory.memberships[ANA.id] = MembershipStatus.GONE


def let_the_last_voter_leave(bot: FakeBot) -> None:
    bot.directory.groups[RISK] = frozenset({DAN.id})


def ask_for_another_person(bot: FakeBot) -> None:
    roles = (*PAIR.roles, Role(name="legal", people=People(users=(DAN.id,))))
    bot.rules = Rules("C0MODELS00", (replace(PAIR, roles=roles),), digest="another")


def let_the_last_voter_be_the_submitter(bot: FakeBot) -> None:
    bot.change(registered(bot), metadata={"submitted-by": CHLOE.id})


def let_it_become_unfit(bot: FakeBot) -> None:
    bot.change(registered(bot), readiness=Readiness.FAILED)


def fill_the_metadata(bot: FakeBot) -> None:
    bot.change(registered(bot), metadata={f"key-{number}": "x" for number in range(50)})


def registered(bot: FakeBot) -> DescribedVersion:
    return bot.registry.registered[a_version(4).arn]


CHANGES = [
    (approve_a_newer_one, "outcome_changed_since_decision", "version 9 is next to deploy"),
    (let_somebody_leave, "votes_missing_since_decision", "only 1 of the 2 votes"),
    (let_the_last_voter_leave, "not_allowed_since_decision", "it is not allowed any more"),
    (ask_for_another_person, "votes_missing_since_decision", "only 2 of the 3 votes"),
    (
        let_the_last_voter_be_the_submitter,
        "not_allowed_since_decision",
        "it is not allowed any more",
    ),
    (let_it_become_unfit, "not_ready", "version 4 cannot be approved"),
    (fill_the_metadata, "metadata_full", "50 entries of metadata"),
]


@pytest.mark.parametrize(
    ("change", "code", "words"), CHANGES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_resumed_decision_is_void_if_what_it_was_judged_by_does_not_hold_any_more(
    bot: FakeBot, change: Callable[[FakeBot], None], code: str, words: str
) -> None:
    version = group(bot)
    die_after_writing_it_down(bot, version)
    change(bot)
    bot.do(ReconcileVersion(version.arn))

    assert bot.registry.updates == []
    assert bot.status(version.arn) is PENDING
    assert voids(bot, version) == [code]
    ((person, text),) = bot.chat.private_messages
    assert person == CHLOE.id
    assert words in text
    assert "Your decision was not made." in text
    in_thread = thread(bot)[-1]
    assert "The decision to approve was not made." in in_thread
    assert words in in_thread
    assert f"<@{ANA.id}>" in in_thread


def test_a_resumed_decision_is_told_with_what_was_next_to_deploy_before_it(bot: FakeBot) -> None:
    version = group(bot)
    die_after_writing_it_down(bot, version)
    bot.registry.move_outside(a_version(LIVE).arn, REJECTED)
    bot.do(ReconcileVersion(version.arn))

    (update,) = bot.registry.updates
    assert (update.outcome.before, update.outcome.after) == (None, 4)
    assert "Version 4 is next to deploy." in thread(bot)[-1]


def test_a_resumed_decision_is_made_if_all_still_holds(bot: FakeBot) -> None:
    version = group(bot)
    die_after_writing_it_down(bot, version)
    bot.do(ReconcileVersion(version.arn))

    assert bot.status(version.arn) is APPROVED
    assert voids(bot, version) == []


def test_a_resumed_decision_names_only_the_votes_that_count_now(bot: FakeBot) -> None:
    """Three votes rejected it; one of the three left, and the last may veto."""
    leads = People(users=(ANA.id, BEN.id, CHLOE.id))
    rule = replace(
        PAIR, moves={"reject": (Role(people=leads, needs=3),)}, veto=People(users=(CHLOE.id,))
    )
    version = group(bot)
    bot.rules = Rules("C0MODELS00", (rule,), digest="another")
    bot.do(submit(bot, version, ANA, REJECTED))
    bot.do(submit(bot, version, BEN, REJECTED))
    with pytest.raises(Unavailable):
        bot.do(submit(bot, version, CHLOE, REJECTED), on("apply", "before"))
    bot.clock += LAG
    written = bot.ledger.get(version.arn).request.open_decision
    assert written
    assert (written.veto, len(written.votes)) == (False, 3)
    let_somebody_leave(bot)
    bot.do(ReconcileVersion(version.arn))

    (update,) = bot.registry.updates
    assert [vote.by.id for vote in update.votes] == [CHLOE.id]
    assert update.veto
    assert ANA.id not in str(bot.registry.registered[version.arn].metadata)


@pytest.mark.parametrize("change", [each for each, _, _ in CHANGES], ids=lambda each: each.__name__)
def test_a_decision_that_the_registry_shows_is_made_whatever_holds_now(
    bot: FakeBot, change: Callable[[FakeBot], None]
) -> None:
    version = group(bot)
    with pytest.raises(Unavailable):
        bot.do(submit(bot, version, CHLOE, APPROVED), on("apply", "after"))
    made = registered(bot).metadata
    change(bot)
    bot.change(registered(bot), metadata={**registered(bot).metadata, **made})
    bot.do(ReconcileVersion(version.arn))
    request = bot.ledger.get(version.arn).request

    assert (request.open_decision, voids(bot, version)) == (None, [])
    assert request.last_decision
    assert len(bot.registry.updates) == 1


def test_the_receipt_of_a_resumed_decision_says_why_it_was_not_made(bot: FakeBot) -> None:
    version = group(bot)
    job = replace(submit(bot, version, CHLOE, APPROVED), view="form-1")
    bot.chat.open_form("form-1", {"blocks": []})
    with pytest.raises(Unavailable):
        bot.do(job, on("apply", "before"))
    bot.clock += LAG
    approve_a_newer_one(bot)
    bot.do(job)

    shown = as_read(bot.chat.forms["form-1"])
    assert "it would now have another effect than its form said" in shown
    assert "Your decision was not made." in shown


def test_what_a_comment_has_to_say_is_asked_again(bot: FakeBot) -> None:
    bot.rules = Rules(RULES.channel, (replace(RULES.rules[0], comment=frozenset()),))
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    with pytest.raises(Unavailable):
        bot.do(a_submit(an_offer(version, REJECTED), comment=""), on("apply", "before"))
    bot.clock += LAG
    bot.rules = Rules(
        RULES.channel, (replace(RULES.rules[0], comment=frozenset({"reject"})),), digest="another"
    )
    bot.do(ReconcileVersion(version.arn))

    assert voids(bot, version) == ["not_allowed_since_decision"]
