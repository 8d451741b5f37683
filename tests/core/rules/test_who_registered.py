"""Whom a name in the registry means in Slack: by ids, by the list in the rules, by e-mail."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.rules.people import Submitter, ids_in
from bot.core.rules.rule import Rules
from tests.doubles.builders import ANA, BEN

RULES = Rules("C0", people={"ana-studio": ANA.id, "w123456789": ANA.id}, by_email=True)

ids = st.from_regex(r"[UW][A-Z0-9]{8,11}", fullmatch=True)
like_ids = st.from_regex(r"[UWuw][A-Za-z0-9]{8,11}", fullmatch=True)
role_names = st.from_regex(r"[A-TVX-Za-tvx-z][A-Za-z0-9-]{0,20}", fullmatch=True)
"""Names that begin with another letter than ids do."""
parts = role_names | like_ids
emails = st.from_regex(r"[a-z0-9][a-z0-9.+_-]{0,10}@[a-z0-9-]{1,10}\.(com|org)", fullmatch=True)


@st.composite
def random_case(draw: st.DrawFn, text: str) -> str:
    """*text* with each letter in lower case or in capitals."""
    return "".join(draw(st.sampled_from([each.lower(), each.upper()])) for each in text)


def arn(around: list[str], part: str, place: int) -> str:
    """The end of an ARN of a role's session, with *part* in one of its places."""
    place %= len(around) + 1
    return "/".join(["assumed-role", *around[:place], part, *around[place:]])


@given(ids, st.data())
@pytest.mark.parametrize(
    "form", ["{}", " {} ", "@{}", "slack:{}", "<@{}>", "by <@{}|ana/b>, today"]
)
def test_a_slack_id_is_found_in_any_case(form: str, id_: str, data: st.DataObject) -> None:
    assert ids_in(form.format(data.draw(random_case(id_)))) == (id_,)


@given(st.lists(ids, min_size=1, max_size=4, unique=True), st.sampled_from([" ", ", ", "/", ";"]))
def test_a_list_of_ids_and_nothing_else_means_each_of_them(several: list[str], comma: str) -> None:
    assert ids_in(comma.join(several)) == tuple(several)


@given(st.lists(parts, max_size=3), like_ids, st.integers(0, 3))
def test_a_word_within_a_name_is_no_slack_id(around: list[str], word: str, place: int) -> None:
    assert ids_in(arn(around, word, place)) == ()


@given(like_ids, emails)
@pytest.mark.parametrize("form", ["{}@corp.com", "{}.{}", "{}-{}", "{}_x", "x{}", "é{}", "{}/role"])
def test_what_only_begins_or_ends_like_a_slack_id_is_none(form: str, word: str, email: str) -> None:
    assert ids_in(form.format(word, email)) == ()


@pytest.mark.parametrize(
    "name", ["\u017f", "W12345678\u212a", "U0\u0131NA00000", "", " ", "U1234567"]
)
def test_letters_that_only_become_latin_capitals_make_no_slack_id(name: str) -> None:
    assert ids_in(name) == ()


@given(st.lists(parts, max_size=3), emails, st.integers(0, 3), st.data())
def test_an_email_address_is_found_in_any_part_of_a_name(
    around: list[str], email: str, place: int, data: st.DataObject
) -> None:
    name = arn(around, data.draw(random_case(email)), place)

    assert RULES.emails(name) == (email,)
    assert RULES.slack_ids(name) == ()


@given(emails)
@pytest.mark.parametrize(
    "form", ["mailto:{}", "user={}", "Ana <{}>", "'{}'", "({}),", "{}.", "by {} and a pipeline"]
)
def test_an_email_address_is_found_whatever_is_written_around_it(form: str, email: str) -> None:
    assert RULES.emails(form.format(email)) == (email,)


@given(st.lists(parts, max_size=3), st.integers(0, 3), st.data())
@pytest.mark.parametrize("listed", ["ana-studio", "w123456789"])
def test_a_listed_name_is_found_in_any_part_of_a_name(
    listed: str, around: list[str], place: int, data: st.DataObject
) -> None:
    name = arn(around, data.draw(random_case(listed)), place)

    assert RULES.slack_ids(name) == (ANA.id,)
    assert RULES.emails(name) == ()


def test_a_listed_employee_number_means_its_person_although_it_looks_like_a_slack_id() -> None:
    assert ANA.id in RULES.slack_ids("W123456789")


def test_whom_the_rules_list_is_not_looked_up_by_email() -> None:
    rules = Rules("C0", people={"team@example.com": BEN.id}, by_email=True)

    assert rules.slack_ids("assumed-role/Sso/Team@example.com") == (BEN.id,)
    assert rules.emails("assumed-role/Sso/Team@example.com") == ()
    assert rules.emails("assumed-role/ana@example.com/Team@example.com") == ("ana@example.com",)


def test_a_name_that_is_listed_whole_means_nobody_by_its_parts() -> None:
    rules = Rules("C0", people={"sso/ana-studio": BEN.id, "ana-studio": ANA.id}, by_email=True)

    assert rules.slack_ids("Sso/Ana-Studio") == (BEN.id,)
    assert rules.slack_ids("Sso/x/Ana-Studio") == (ANA.id,)


@given(st.text(), st.text())
def test_any_text_may_be_a_name(before: str, after: str) -> None:
    name = f"{before}<@{ANA.id}>{after}"

    assert ANA.id in RULES.slack_ids(name)
    assert all(re.fullmatch(r"[UW][A-Z0-9]{8,}", id_) for id_ in RULES.slack_ids(before))
    assert all("@" in email for email in RULES.emails(name))


@given(st.lists(emails, unique=True, max_size=3))
def test_without_lookup_by_email_no_address_is_looked_up(addresses: list[str]) -> None:
    assert Rules("C0").emails(" ".join(addresses)) == ()


@pytest.mark.parametrize(
    ("several", "stored"),
    [
        ((), {"name": "ci", "id": None, "failure": None}),
        ((ANA.id,), {"name": "ci", "id": ANA.id, "failure": None}),
        ((ANA.id, BEN.id), {"name": "ci", "id": ANA.id, "failure": None, "others": [BEN.id]}),
    ],
)
def test_several_ids_are_stored_beside_the_one_that_older_versions_read(
    several: tuple[str, ...], stored: dict[str, object]
) -> None:
    assert Submitter("ci", several).stored == stored
