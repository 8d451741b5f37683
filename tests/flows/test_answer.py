from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from bot.core.errors import Forbidden, Unavailable, UnknownRefusal
from bot.core.jobs.messages import AnswerQuestion, ReconcileVersion
from bot.core.registry.registry_id import OWN_REGISTRY, split_group_name
from bot.core.registry.version import Status
from bot.core.rules.rule import Rules
from tests.core.reading import as_read
from tests.doubles.builders import (
    ANA,
    CARDS,
    DAN,
    NOON,
    RULE,
    THERE,
    a_submit,
    a_version,
    an_arn,
    an_offer,
)
from tests.doubles.chat import buttons

if TYPE_CHECKING:
    from bot.core.cards.messages import Message
    from bot.core.registry.registry_id import RegistryId
    from bot.core.registry.version import Arn, Version
    from bot.core.rules.people import Person
    from tests.flows.conftest import FakeBot


def answer_to(bot: FakeBot, text: str, page: int = 0) -> Message:
    """The answer to `/model-status *text*`."""
    bot.do(AnswerQuestion(person=DAN, text=text, page=page, answer_url="https://hooks.slack.com/1"))
    return bot.chat.answers[-1][1]


def test_the_command_without_text_lists_the_groups_with_what_is_next_to_deploy_and_what_waits(
    bot: FakeBot,
) -> None:
    bot.registry.add(a_version(1, Status.APPROVED))
    bot.registry.add(a_version(2))
    bot.registry.add(a_version(3))
    bot.registry.add(a_version(1, group="prices"))

    assert answer_to(bot, "").text == (
        "Model package groups, 3 versions waiting\n"
        "fraud\nversion 1 is next to deploy, 2 waiting\n"
        "prices\nno version is approved, 1 waiting"
    )


def test_a_group_lists_its_versions_newest_first_with_status_and_age(bot: FakeBot) -> None:
    bot.registry.add(a_version(1, Status.APPROVED, created=NOON.replace(day=1)))
    bot.registry.add(a_version(2, created=NOON))

    assert answer_to(bot, "FRAUD").text == (
        "Versions of fraud, newest first\n"
        "Version 2\n🟡 Waiting for a decision, registered less than a minute ago\n"
        "Version 1\n🟢 Approved; next to deploy, registered 1 day ago"
    )


def test_a_version_is_answered_with_its_card_however_it_is_named(bot: FakeBot) -> None:
    version = bot.registry.add(a_version(3))
    bot.do(ReconcileVersion(version.arn))

    answers = [answer_to(bot, text) for text in ("fraud 3", "Fraud/3", "fraud v3", version.arn)]

    assert answers == [bot.card(version)] * 4


def test_a_card_in_an_answer_says_who_decided(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.do(a_submit(an_offer(version, Status.APPROVED)))

    assert answer_to(bot, "fraud 1") == bot.card(version)


def test_pending_lists_what_waits_oldest_first(bot: FakeBot) -> None:
    bot.registry.add(a_version(2, created=NOON))
    bot.registry.add(a_version(1, created=NOON.replace(hour=9)))
    bot.registry.add(a_version(3, Status.REJECTED))

    answer = answer_to(bot, "pending").text

    assert answer.startswith("2 versions waiting for a decision\nfraud version 1\n")
    assert answer.index("fraud version 1") < answer.index("fraud version 2")


def test_pending_says_if_nothing_waits(bot: FakeBot) -> None:
    assert answer_to(bot, "pending").text == "Nothing waits for a decision."


def test_an_unknown_group_suggests_the_nearest(bot: FakeBot) -> None:
    bot.registry.add(a_version(group="fraud-detector"))

    answer = answer_to(bot, "frod-detector 2")

    assert answer.text == "There is no model package group “frod-detector”."
    assert "fraud-detector 2" in str(answer.blocks[-1])


def test_an_unknown_number_and_an_unknown_arn_are_reported_as_unknown(bot: FakeBot) -> None:
    bot.registry.add(a_version())

    assert answer_to(bot, "fraud 9").text == "fraud has no version 9."
    assert "There is no version" in answer_to(bot, an_arn(9)).text


def test_help_and_a_question_that_is_not_understood_list_the_commands(bot: FakeBot) -> None:
    assert "/model-status pending" in str(answer_to(bot, "help").blocks)
    assert "do not understand “one two three”" in str(answer_to(bot, "one two three").blocks)


def test_a_long_answer_has_pages(bot: FakeBot) -> None:
    for number in range(1, 26):
        bot.registry.add(a_version(number))

    pages = [answer_to(bot, "fraud", page) for page in range(3)]

    assert [page.text.count("Version ") for page in pages] == [10, 10, 5]
    assert buttons(pages[0]) == ["page.next"]
    assert buttons(pages[1]) == ["page.before", "page.next"]
    assert buttons(pages[2]) == ["page.before"]


def test_another_page_replaces_the_message(bot: FakeBot) -> None:
    bot.do(AnswerQuestion(person=DAN, text="", page=1, answer_url="https://h/1", replace=True))

    assert bot.chat.answers[-1][2]


def home_of(bot: FakeBot, person: Person) -> str:
    bot.do(AnswerQuestion(person=person, text=""))
    return as_read(bot.chat.homes[person.id])


def test_the_home_shows_what_waits_and_links_its_card_where_it_is(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    moved = replace(RULE, channel="C0ELSEWHERE")
    bot.rules = Rules("C0MODELS00", (moved,))

    assert f"its card is in #{CARDS}" in home_of(bot, DAN)
    place = bot.chat.cards()[0].place
    assert bot.chat.permalink(place) in str(bot.chat.homes[DAN.id])


def test_the_home_begins_with_what_awaits_the_person_and_reads_the_ledger_once(
    bot: FakeBot,
) -> None:
    for number in (1, 2, 3):
        bot.registry.add(a_version(number))
    asked: list[str] = []

    bot.do(AnswerQuestion(person=ANA, text=""), failures=lambda name: asked.append(name) or "")

    assert "A rule names you as an approver of these" in as_read(bot.chat.homes[ANA.id])
    assert "A rule names you as an approver of these" not in home_of(bot, DAN)
    assert asked.count("posted_cards") == 1
    assert not {"get", "get_with_servings"} & set(asked)


def test_lists_name_the_channel_where_each_card_is(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))

    for question in ("pending", "fraud"):
        assert f"Its card is in #{CARDS}" in as_read(answer_to(bot, question))


def test_the_card_of_a_deleted_version_is_not_that_of_its_successor(bot: FakeBot) -> None:
    version = bot.registry.add(a_version())
    bot.do(ReconcileVersion(version.arn))
    bot.registry.add(replace(version, created=NOON.replace(year=2027)))

    assert "Its card" not in as_read(answer_to(bot, "pending"))


@pytest.mark.parametrize("error", [Forbidden, UnknownRefusal])
def test_an_arn_that_the_bot_may_not_see_or_aws_does_not_take_is_answered_too(
    bot: FakeBot, monkeypatch: pytest.MonkeyPatch, error: type[Forbidden | UnknownRefusal]
) -> None:
    def forbid(arn: Arn) -> NoReturn:
        raise error(arn)

    monkeypatch.setattr(bot.registry, "describe", forbid)

    assert "is not allowed to read it" in answer_to(bot, an_arn(1)).text


# --- registries elsewhere -------------------------------------------------------------------------

ELSEWHERE = f"{THERE}/fraud"
UNREADABLE = "The registry of account 222222222222 in eu-west-1 could not be read."


def test_groups_elsewhere_are_listed_by_their_full_names(bot: FakeBot) -> None:
    bot.registry.add(a_version(1, Status.APPROVED))
    bot.registry.add(a_version(2, group=ELSEWHERE))

    assert answer_to(bot, "").text == (
        "Model package groups, 1 version waiting\n"
        "222222222222/eu-west-1/fraud\nno version is approved, 1 waiting\n"
        "fraud\nversion 1 is next to deploy, none waiting"
    )


def test_a_version_elsewhere_is_asked_for_by_its_full_name(bot: FakeBot) -> None:
    bot.registry.add(a_version(3))
    version = bot.registry.add(a_version(3, group=ELSEWHERE))
    bot.do(ReconcileVersion(version.arn))
    card = bot.card(version)

    answers = [answer_to(bot, text) for text in (f"{ELSEWHERE} 3", f"{ELSEWHERE}/3", version.arn)]
    assert answers == [card] * 3
    assert "222222222222/eu-west-1/fraud version 3" in card.text
    assert answer_to(bot, ELSEWHERE).text.startswith(f"Versions of {ELSEWHERE}, newest first\n")


def test_a_bare_name_that_is_only_known_elsewhere_is_a_suggestion(bot: FakeBot) -> None:
    bot.registry.add(a_version(group=ELSEWHERE))

    answer = answer_to(bot, "fraud 1")

    assert answer.text == "There is no model package group “fraud”."
    assert buttons(answer) == [f"ask.{ELSEWHERE} 1"]


@pytest.mark.parametrize("why", [Unavailable("busy"), Forbidden("may not take the role")])
@pytest.mark.parametrize("question", ["", "pending", "rent"])
def test_a_registry_that_could_not_be_read_is_named_and_the_rest_is_answered(
    bot: FakeBot, question: str, why: Unavailable | Forbidden
) -> None:
    bot.registry.add(a_version())
    before = answer_to(bot, question)
    bot.registry.unreachable[THERE] = why
    answer = answer_to(bot, question)

    assert UNREADABLE not in str(before.blocks)
    assert UNREADABLE in str(answer.blocks)
    assert answer.text == f"{before.text}\n{UNREADABLE}"


def test_the_home_names_a_registry_that_could_not_be_read(bot: FakeBot) -> None:
    bot.registry.add(a_version())
    bot.registry.unreachable[THERE] = Unavailable("busy")
    bot.do(AnswerQuestion(person=DAN, text=""))

    shown = str(bot.chat.homes[DAN.id]["blocks"])
    assert UNREADABLE in shown
    assert "fraud version 1" in shown


def record_listings(bot: FakeBot, monkeypatch: pytest.MonkeyPatch) -> list[RegistryId]:
    """The registries that are asked for a listing from now on, one entry for each call."""
    registry_ids: list[RegistryId] = []
    list_all, list_groups = bot.registry.versions_with_status, bot.registry.groups
    list_group = bot.registry.versions

    def recorded_versions(
        status: Status, registry_id: RegistryId, **more: Any
    ) -> tuple[Version, ...]:
        registry_ids.append(registry_id)
        return list_all(status, registry_id, **more)

    def recorded_groups(registry_id: RegistryId, **more: Any) -> tuple[str, ...]:
        registry_ids.append(registry_id)
        return list_groups(registry_id, **more)

    def recorded_group(group: str, **more: Any) -> tuple[Version, ...]:
        registry_ids.append(split_group_name(group.lower())[0])
        return list_group(group, **more)

    monkeypatch.setattr(bot.registry, "versions_with_status", recorded_versions)
    monkeypatch.setattr(bot.registry, "groups", recorded_groups)
    monkeypatch.setattr(bot.registry, "versions", recorded_group)
    return registry_ids


@pytest.mark.parametrize("question", ["", "pending", ELSEWHERE, f"{ELSEWHERE} 1", "rent"])
def test_a_registry_that_failed_once_is_not_asked_again_for_the_same_answer(
    bot: FakeBot, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """Each attempt takes some seconds, and the worker has few of them."""
    bot.registry.unreachable[THERE] = Unavailable("it says nothing")
    registry_ids = record_listings(bot, monkeypatch)
    answer = answer_to(bot, question)

    assert registry_ids.count(THERE) == 1
    assert UNREADABLE in str(answer.blocks)


@pytest.mark.parametrize(
    ("question", "registry_id"),
    [
        ("fraud", OWN_REGISTRY),
        ("FRAUD 1", OWN_REGISTRY),
        (ELSEWHERE, THERE),
        (f"{ELSEWHERE.upper()} 1", THERE),
    ],
)
def test_a_question_about_a_group_asks_only_the_registry_in_its_name(
    bot: FakeBot, monkeypatch: pytest.MonkeyPatch, question: str, registry_id: RegistryId
) -> None:
    bot.registry.add(a_version())
    bot.registry.add(a_version(group=ELSEWHERE))
    registry_ids = record_listings(bot, monkeypatch)
    answer_to(bot, question)

    assert set(registry_ids) == {registry_id}


@pytest.mark.parametrize("question", ["fraud-1", "fraud-1 3", "history fraud-1"])
def test_a_name_that_aws_refuses_is_that_of_no_group(
    bot: FakeBot, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """ValidationException of a name that is too long, or that no group has, is Forbidden here."""

    def refused(group: str, **_: Any) -> tuple[Version, ...]:
        raise Forbidden(f"ValidationException: {group}")

    bot.registry.add(a_version())
    monkeypatch.setattr(bot.registry, "versions", refused)

    assert "There is no model package group “fraud-1”" in answer_to(bot, question).text


def test_a_registry_that_fails_in_between_is_asked_once_more_and_named_once(
    bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        bot.registry.add(a_version(group=f"{ELSEWHERE}-{number}"))
    asked: list[str] = []

    def failing(group: str, **_: Any) -> tuple[Version, ...]:
        asked.append(group)
        raise Unavailable("it says nothing")

    monkeypatch.setattr(bot.registry, "versions", failing)
    answer = answer_to(bot, "")

    assert len(asked) == 1
    assert answer.text.count("could not be read") == 1


def test_a_page_after_the_last_does_not_say_that_there_is_nothing(bot: FakeBot) -> None:
    bot.registry.add(a_version(1, Status.APPROVED))

    assert "no versions" not in answer_to(bot, "fraud", page=1).text
    assert "No model package groups" not in answer_to(bot, "", page=1).text


def test_nothing_is_answered_without_the_bots_own_registry(bot: FakeBot) -> None:
    """It is asked again soon: the question goes back into the queue."""
    bot.registry.unreachable[OWN_REGISTRY] = Unavailable("busy")

    with pytest.raises(Unavailable):
        answer_to(bot, "")
    assert bot.chat.answers == []


def test_an_arn_of_a_registry_that_is_not_configured_is_answered_too(bot: FakeBot) -> None:
    elsewhere = an_arn(1, "333333333333/eu-west-1/fraud")

    assert "is not allowed to read it" in answer_to(bot, elsewhere).text
