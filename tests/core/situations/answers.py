"""The situations in which people get an answer from `/model-status`, or look at their Home."""

from datetime import timedelta
from typing import Any

from bot.core.cards import answers
from bot.core.cards.answers import GroupRow
from bot.core.cards.home import home
from bot.core.registry.registry_id import RegistryId
from bot.core.registry.version import DescribedVersion, Readiness, arn_key
from bot.core.rules.rule import Rule, Rules
from bot.core.votes.request import Card
from tests.core.situations.cards import APPROVED, HOSTILE, LATER, REJECTED
from tests.doubles.builders import ANA, NOON, RULE, THERE, a_version, an_arn

UNREACHABLE = RegistryId("333333333333/us-east-1")
GROUPS = (
    GroupRow(group="fraud", waiting=2, newest=a_version(2, APPROVED)),
    GroupRow(group="house-prices", waiting=1, newest=a_version(1, APPROVED, group="house-prices")),
    GroupRow(group="support-routing", waiting=1, newest=None),
)
ELSEWHERE = GroupRow(group=f"{THERE}/fraud", waiting=0, newest=None)
RULES = Rules("C0MODELS00", (RULE, Rule(patterns=("house-*",), channel="C0PRICING0")))
WAITING = (
    a_version(3),
    a_version(2, group="house-prices", created=NOON - timedelta(days=3)),
    a_version(4, created=LATER - timedelta(seconds=20)),
    a_version(1, group="support-routing", readiness=Readiness.FAILED),
)
CARDS_OF_WAITING = {
    arn_key(WAITING[0].arn): Card(
        channel="C0FRAUD000", ts="1.1", permalink="https://acme.slack.com/archives/C0FRAUD000/p11"
    ),
    arn_key(WAITING[1].arn): Card(channel="C0PRICING0", ts="1.1"),
}
"""One whose address is known, and one of which only the channel is."""
MANY = tuple(GroupRow(group=f"group-{number:02}", waiting=0, newest=None) for number in range(25))
FRAUD = (
    a_version(5, readiness=Readiness.IN_PROGRESS),
    a_version(4),
    a_version(3, REJECTED),
    a_version(2, APPROVED),
    a_version(1, APPROVED),
)


def many(count: int) -> list[DescribedVersion]:
    return [a_version(number) for number in range(1, count + 1)]


def situations() -> dict[str, Any]:
    return {
        "answer-overview": answers.overview(GROUPS, 4, 0),
        "answer-overview-of-one-group": answers.overview([MANY[0]], 0, 0),
        "answer-overview-without-groups": answers.overview((), 0, 0),
        "answer-overview-first-page": answers.overview(MANY[:10], 0, 0, more=True),
        "answer-overview-middle-page": answers.overview(MANY[10:20], 0, 1, more=True),
        "answer-overview-last-page": answers.overview(MANY[20:], 0, 2),
        "answer-overview-while-a-registry-is-unreachable": answers.overview(
            (*GROUPS, ELSEWHERE), 4, 0, unreachable=[UNREACHABLE]
        ),
        "answer-versions": answers.versions("fraud", FRAUD, 0, LATER, newest=FRAUD[3]),
        "answer-versions-of-an-empty-group": answers.versions("fraud", (), 0, LATER),
        "answer-versions-last-page": answers.versions("fraud", many(1), 1, LATER),
        "answer-pending": answers.pending(WAITING, 0, LATER, (), CARDS_OF_WAITING),
        "answer-pending-nothing": answers.pending((), 0, LATER),
        "answer-pending-nothing-while-two-registries-are-unreachable": answers.pending(
            (), 0, LATER, [THERE, UNREACHABLE]
        ),
        "answer-pending-first-page": answers.pending(many(11), 0, LATER),
        "answer-help": answers.instructions(""),
        "answer-history-of-what": answers.history_instructions(),
        "answer-not-understood": answers.instructions(HOSTILE),
        "answer-unknown-group": answers.unknown("fruad", ("fraud", "fraud-eu")),
        "answer-unknown-group-of-a-version": answers.unknown("fruad", ("fraud 3",)),
        "answer-unknown-group-like-no-other": answers.unknown("zzz", ()),
        "answer-unknown-group-while-a-registry-is-unreachable": answers.unknown(
            "fraud", (f"{THERE}/fraud",), [UNREACHABLE]
        ),
        "answer-no-such-version": answers.no_such_version("fraud", 99),
        "answer-no-such-arn": answers.no_such_arn(an_arn(99)),
        "answer-no-such-arn-with-hostile-text": answers.no_such_arn(f"arn:{HOSTILE * 20}"),
        "home": home(WAITING, RULES, LATER, cards=CARDS_OF_WAITING),
        "home-of-an-approver": home(WAITING, RULES, LATER, (), ANA.id, CARDS_OF_WAITING),
        "home-while-one-is-in-the-making": home(FRAUD[:2], RULES, LATER),
        "home-while-a-registry-is-unreachable": home(
            (a_version(3), a_version(3, group=f"{THERE}/fraud")), RULES, LATER, [UNREACHABLE]
        ),
        "home-nothing-waits": home((), RULES, LATER),
        "home-more-than-it-shows": home(many(23), RULES, LATER),
    }


SITUATIONS = situations()
