import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.cards import answers
from bot.core.cards.answers import GroupRow
from bot.core.cards.home import home
from bot.core.cards.messages import Message
from bot.core.jobs.questions import OfArn, OfGroup, OfVersion, Waiting, parse
from bot.core.registry.version import Readiness, Status
from bot.core.rules.rule import People, Role, Rules
from tests.core.reading import as_read, as_sent, nodes
from tests.core.situations.answers import MANY, RULES, SITUATIONS, WAITING, many
from tests.core.situations.cards import LATER
from tests.doubles.builders import ANA, BEN, RULE, a_version, an_arn


def asked(message: Message) -> dict[str, Any]:
    """The question of each button of *message*, by the number and the text of the button."""
    buttons = [node for node in nodes(as_sent(message)) if node.get("type") == "button"]
    return {
        f"{number} {node['text']['text']}": json.loads(node["value"])
        for number, node in enumerate(buttons)
    }


def rows(message: Message) -> list[str]:
    return [as_read({"blocks": [block]}) for block in message.blocks if block["type"] == "section"]


def test_the_overview_says_of_each_group_what_is_next_to_deploy_and_how_many_wait() -> None:
    first, second, third = rows(SITUATIONS["answer-overview"])

    assert first.startswith("fraud | version 2 is next to deploy, 2 waiting")
    assert second.startswith("house-prices | version 1 is next to deploy, 1 waiting")
    assert third.startswith("support-routing | no version is approved, 1 waiting")


def test_each_group_of_the_overview_leads_to_its_versions() -> None:
    questions = [value["text"] for value in asked(SITUATIONS["answer-overview"]).values()]

    assert [parse(question) for question in questions] == [
        OfGroup("fraud"),
        OfGroup("house-prices"),
        OfGroup("support-routing"),
    ]


@pytest.mark.parametrize("group", ["history", "pending", "help"])
def test_buttons_lead_to_a_group_with_the_name_of_a_command(group: str) -> None:
    listed = [a_version(number, group=group) for number in range(10, 0, -1)]
    pages = asked(answers.versions(group, listed, 0, LATER, more=True))
    row = GroupRow(group=group, waiting=0, newest=None)
    (of_overview,) = asked(answers.overview([row], 0, 0)).values()
    (instead,) = asked(answers.no_such_version(group, 9)).values()

    texts = [of_overview["text"], instead["text"], [*pages.values()][-1]["text"]]
    assert [parse(each) for each in texts] == [OfGroup(group)] * 3


def test_each_version_of_a_group_is_listed_with_a_button_to_its_card() -> None:
    answer = answers.versions("fraud", [a_version(3), a_version(2), a_version(1)], 0, LATER)

    assert [row.split(" | ")[0] for row in rows(answer)] == ["Version 3", "Version 2", "Version 1"]
    assert [parse(value["text"]) for value in asked(answer).values()] == [
        OfArn(an_arn(3)),
        OfArn(an_arn(2)),
        OfArn(an_arn(1)),
    ]


def test_a_version_in_a_list_says_its_state_and_its_age() -> None:
    version = a_version(1, Status.APPROVED)
    answer = answers.versions("fraud", [version], 0, LATER, newest=version)

    assert rows(answer)[0].startswith(
        "Version 1 | 🟢 Approved; next to deploy, registered 23 hours ago"
    )


def test_waiting_versions_come_oldest_first() -> None:
    names = [row.split(" | ")[0] for row in rows(answers.pending(WAITING, 0, LATER))]

    assert names == [
        "house-prices version 2",
        "support-routing version 1",
        "fraud version 3",
        "fraud version 4",
    ]


def test_a_long_answer_has_pages_that_together_hold_every_row_once() -> None:
    listed = many(25)
    pages = [answers.pending(listed, page, LATER) for page in range(3)]

    shown = [row.split(" | ")[0] for page in pages for row in rows(page)]
    assert shown == [f"fraud version {number}" for number in range(1, 26)]
    assert [len(rows(page)) for page in pages] == [10, 10, 5]


@pytest.mark.parametrize(
    ("page", "more", "turns", "number"),
    [
        (0, False, [], ""),
        (0, True, [1], ", page 1"),
        (2, True, [1, 3], ", page 3"),
        (2, False, [1], ", page 3"),
    ],
)
def test_a_list_that_nobody_counted_says_which_page_it_is_and_turns_as_far_as_there_is_more(
    page: int, more: bool, turns: list[int], number: str
) -> None:
    answer = answers.overview(MANY[:1], 0, page, more=more)

    assert [value["page"] for value in list(asked(answer).values())[1:]] == turns
    assert as_read(answer).split("\n")[0] == f"Model package groups, nothing waiting{number}"


@pytest.mark.parametrize(
    ("page", "turns"), [(0, [1]), (1, [0, 2]), (2, [1])], ids=["first", "middle", "last"]
)
def test_the_buttons_of_a_page_lead_to_its_neighbours_in_the_same_place(
    page: int, turns: list[int]
) -> None:
    buttons = list(asked(answers.pending(many(25), page, LATER)).values())[-len(turns) :]

    assert [button["page"] for button in buttons] == turns
    assert all(button["replace"] for button in buttons)
    assert {parse(button["text"]) for button in buttons} == {Waiting()}


def test_a_short_answer_has_no_pages() -> None:
    ten = answers.pending(many(10), 0, LATER)

    assert "page" not in as_read(ten)
    assert len(asked(ten)) == 10


@pytest.mark.parametrize("page", [7, 10_000])
def test_a_page_after_the_last_is_empty_and_leads_back(page: int) -> None:
    gone = answers.pending(many(3), page, LATER)

    assert rows(gone) == []
    assert [button["page"] for button in asked(gone).values()] == [page - 1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("answer-overview-without-groups", "No model package groups yet."),
        ("answer-versions-of-an-empty-group", "fraud: no versions in the registry."),
        ("answer-pending-nothing", "Nothing waits for a decision."),
        ("answer-no-such-version", "fraud has no version 99."),
        ("answer-no-such-arn", an_arn(99)),
        ("answer-unknown-group-like-no-other", "There is no model package group “zzz”."),
        ("home-nothing-waits", "Nothing waits for a decision."),
    ],
)
def test_an_answer_that_finds_nothing_says_so(name: str, expected: str) -> None:
    assert expected in as_read(SITUATIONS[name])


def test_an_unknown_group_suggests_the_nearest_with_the_number_that_was_asked_for() -> None:
    groups = asked(SITUATIONS["answer-unknown-group"]).values()
    version = asked(SITUATIONS["answer-unknown-group-of-a-version"]).values()

    assert [parse(value["text"]) for value in groups] == [OfGroup("fraud"), OfGroup("fraud-eu")]
    assert [parse(value["text"]) for value in version] == [OfVersion("fraud", 3)]


def test_help_names_every_command_and_what_was_not_understood() -> None:
    read = as_read(answers.instructions("what is live?"))

    assert read.startswith("I do not understand “what is live?”.")
    assert all(command in read for command, _ in answers.commands())
    assert "understand" not in as_read(answers.instructions(""))


def waiting_lines(name: str) -> list[str]:
    return as_read(SITUATIONS[name]).split("---")[0].strip().splitlines()[1:]


def test_the_home_says_what_waits_oldest_first_and_in_which_channel_its_card_is() -> None:
    first, *_, third, last = waiting_lines("home")

    assert first == "house-prices version 2, registered 4 days ago; its card is in #C0PRICING0"
    assert third.startswith("fraud version 3")
    assert third.endswith("its card is in #C0FRAUD000")
    assert last.startswith("fraud version 4")
    assert last.endswith("it has no card yet")


def test_the_home_links_the_card_itself_where_its_address_is_known() -> None:
    links = [node for node in nodes(SITUATIONS["home"]) if node.get("type") == "link"]

    assert [(each["text"], each["url"]) for each in links] == [
        ("its card", "https://acme.slack.com/archives/C0FRAUD000/p11")
    ]


def test_the_home_of_somebody_whom_a_rule_names_begins_with_what_awaits_them() -> None:
    lines = [line.split(",")[0] for line in waiting_lines("home-of-an-approver")]

    assert lines == [
        "A rule names you as an approver of these",
        "fraud version 3",
        "fraud version 4",
        "All others; you may be an approver through a user group",
        "house-prices version 2",
        "support-routing version 1",
    ]


def test_who_is_named_for_one_move_or_can_veto_is_an_approver_too() -> None:
    by_move = replace(RULE, roles=(), moves={"reject": (Role(people=People(users=(BEN.id,))),)})
    by_veto = replace(RULE, veto=People(users=(BEN.id,)))
    not_now = replace(RULE, roles=(), moves={"revoke": (Role(people=People(users=(BEN.id,))),)})

    for rule, expected in ((by_move, True), (by_veto, True), (not_now, False)):
        read = as_read(home(WAITING, Rules("C0MODELS00", (rule,)), LATER, (), BEN.id))
        assert ("A rule names you as an approver of these" in read) is expected


def test_what_awaits_somebody_is_on_their_home_though_much_else_waits_longer() -> None:
    theirs = a_version(1, group="fraud-late", created=LATER)
    others = [replace(each, group="prices") for each in many(25)]

    read = as_read(home([*others, theirs], RULES, LATER, (), ANA.id))

    assert "\nfraud-late version 1, " in read
    assert read.count("registered") == 20
    assert "6 more: /model-status pending" in read


def test_a_list_links_the_card_below_its_row() -> None:
    message = SITUATIONS["answer-pending"]
    links = [node["text"] for node in nodes(as_sent(message)) if node.get("type") == "link"]

    assert links == ["Its card"]
    assert "Its card is in #C0PRICING0" in as_read(message)


def test_the_home_says_why_a_version_has_no_card_yet() -> None:
    unready = [
        a_version(1, readiness=Readiness.IN_PROGRESS),
        a_version(2, readiness=Readiness.FAILED),
    ]

    _, making, failed, *_ = as_read(home(unready, RULES, LATER)).splitlines()

    assert making == "fraud version 1, registered 23 hours ago; SageMaker is still making it"
    assert failed == "fraud version 2, registered 22 hours ago; it has no card yet"


def test_the_home_shows_twenty_versions_and_says_how_to_see_the_rest() -> None:
    read = as_read(SITUATIONS["home-more-than-it-shows"])

    assert read.count("registered") == 20
    assert "3 more: /model-status pending" in read


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (3_599, "59 minutes"),
        (3_600, "1 hour"),
        (86_399, "23 hours"),
        (86_400, "1 day"),
        (86_400 * 400, "400 days"),
    ],
)
def test_an_age_is_shown_in_its_largest_unit(seconds: int, expected: str) -> None:
    assert answers.age(timedelta(seconds=seconds)) == expected
