"""Values are written as JSON and come back; whatever else is read is Malformed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import wire
from bot.core.errors import Malformed, NewerFormat
from bot.core.registry.version import Status
from bot.core.wire import AwareDatetime, NonEmpty  # noqa: TC001 - msgspec reads the annotations
from tests.core.strategies import any_json, moments, outside
from tests.doubles.builders import NOON


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A value with a field of each kind that ours have."""

    id: NonEmpty
    number: int = 0
    yes: bool = False
    status: Status | None = None
    at: AwareDatetime | None = None
    names: tuple[str, ...] = ()
    inner: Thing | None = None


THING = Thing(id="a", number=3, status=Status.APPROVED, at=NOON, inner=Thing(id="b"))
WRITTEN = {
    "v": 1,
    "id": "a",
    "number": 3,
    "yes": False,
    "status": "Approved",
    "at": "2026-03-02T12:00:00+00:00",
    "names": [],
    "inner": {
        "id": "b",
        "number": 0,
        "yes": False,
        "status": None,
        "at": None,
        "names": [],
        "inner": None,
    },
}
things = st.builds(
    Thing,
    id=st.text(min_size=1) | st.just("\ud83d"),
    number=st.integers(),
    yes=st.booleans(),
    status=st.none() | st.sampled_from(Status),
    at=st.none() | moments,
    names=st.lists(outside, max_size=3).map(tuple),
    inner=st.none() | st.builds(Thing, id=st.just("b")),
)


def read(text: str) -> Thing:
    return wire.decode(text, Thing, "a thing")


def test_a_value_is_an_object_with_the_version_of_its_format() -> None:
    assert json.loads(wire.encode(THING)) == WRITTEN


@given(things)
def test_every_value_is_the_same_after_encoding_and_decoding(thing: Thing) -> None:
    assert read(wire.encode(thing)) == thing


def test_fields_can_be_omitted_and_supplied_when_decoding() -> None:
    text = wire.encode(THING, omit=("id", "inner"))

    assert json.loads(text).keys() == WRITTEN.keys() - {"id", "inner"}
    assert wire.decode(text, Thing, "a thing", extra={"id": "a", "inner": THING.inner}) == THING


def test_extra_fields_never_replace_fields_of_the_value() -> None:
    written = json.loads(wire.encode(THING, extra={"more": [1], "number": 4}))

    assert written == {**WRITTEN, "more": [1]}


def test_unknown_fields_are_ignored_and_missing_ones_have_their_defaults() -> None:
    assert read('{"v":1,"id":"a","tomorrow":{"x":[1]}}') == Thing(id="a")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is no JSON: Expecting value"),
        ("{", "it is no JSON"),
        ("[]", "it is no object"),
        ("null", "it is no object"),
        ("NaN", "it is no object"),
        ("[" * 100_000, "it is no JSON"),
        ('{"v":1,"id":' + "[" * 100_000, "it is no JSON"),
        (f'{{"v":1,"id":"a","number":{"9" * 10_000}}}', "it is no JSON: Exceeds the limit"),
        ('{"id":"a"}', "its format is None, not 1"),
        ('{"v":2,"id":"a"}', "its format is 2, not 1"),
        ('{"v":"1","id":"a"}', "its format is '1', not 1"),
        ('{"v":1}', "Object missing required field `id`"),
        ('{"v":1,"id":""}', r"Expected `str` of length >= 1 - at `\$.id`"),
        ('{"v":1,"id":7}', r"Expected `str`, got `int` - at `\$.id`"),
        ('{"v":1,"id":"a","number":"3"}', "Expected `int`, got `str`"),
        ('{"v":1,"id":"a","number":true}', "Expected `int`, got `bool`"),
        ('{"v":1,"id":"a","number":3.5}', "Expected `int`, got `float`"),
        ('{"v":1,"id":"a","number":1e999}', "Expected `int`, got `float`"),
        ('{"v":1,"id":"a","yes":1}', "Expected `bool`, got `int`"),
        ('{"v":1,"id":"a","status":"approved"}', "Invalid enum value 'approved'"),
        ('{"v":1,"id":"a","at":"noon"}', "Invalid RFC3339 encoded datetime"),
        ('{"v":1,"id":"a","at":"2026-03-02T12:00:00"}', "with a timezone component"),
        ('{"v":1,"id":"a","names":"abc"}', "Expected `array`, got `str`"),
        ('{"v":1,"id":"a","inner":{"id":""}}', r"at `\$.inner.id`"),
    ],
    ids=lambda text: text[:40],
)
def test_unreadable_text_is_malformed_and_the_error_says_where(text: str, why: str) -> None:
    with pytest.raises(Malformed, match=f"^a thing is malformed: .*{why}"):
        read(text)


@pytest.mark.parametrize(
    ("text", "is_newer"),
    [
        ('{"v":2,"id":"a"}', True),
        ('{"v":1,"id":"a","status":"Archived"}', True),
        ('{"v":1,"id":"a","inner":{"id":"b","status":"Archived"}}', True),
        ('{"v":0,"id":"a"}', False),
        ('{"v":"2","id":"a"}', False),
        ('{"v":1.5,"id":"a"}', False),
        ('{"id":"a"}', False),
        ('{"v":1,"id":"a","status":3}', False),
        ('{"v":1}', False),
    ],
)
def test_a_format_or_a_code_that_this_version_does_not_know_is_of_a_newer_one(
    text: str, *, is_newer: bool
) -> None:
    with pytest.raises(Malformed) as raised:
        read(text)

    assert isinstance(raised.value, NewerFormat) is is_newer


@given(any_json)
def test_any_other_json_is_malformed(content: Any) -> None:
    with pytest.raises(Malformed):
        read(json.dumps(content))
