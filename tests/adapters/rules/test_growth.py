"""How much work it is to check a long rules file: about twice as much for one twice as long."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from yaml.nodes import MappingNode, ScalarNode

from bot.adapters.rules.check import problems
from bot.adapters.rules.yaml_file import wrong_keys
from tests.doubles.directory import FakeDirectory

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT, LONG = 100, 400
HEAD = "channel: C0MODELS00\nrules:\n"


def calls_in(act: Callable[[], object]) -> int:
    """How many functions *act* calls, those of Python's own among them."""
    count = 0

    def profile(_frame: Any, event: str, _what: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    act()  # once before, so that caches are full
    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def rules(count: int, pattern: str) -> str:
    lines = "".join(
        f"  - groups: '{pattern.format(number)}'\n    approvers:\n      users: [U0ANA00000]\n"
        for number in range(1_000, 1_000 + count)
    )
    return HEAD + lines


def users(count: int) -> str:
    ids = ", ".join(f"U{number:09}" for number in range(count))
    return f"{HEAD}  - groups: fraud\n    approvers:\n      users: [{ids}]\n      needs: 3\n"


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(lambda count: rules(count, "group-{}"), id="rules of one group"),
        pytest.param(lambda count: rules(count, "group-{}-*"), id="rules of groups by beginning"),
        pytest.param(lambda count: rules(count, "*-{}"), id="rules of groups by ending"),
        pytest.param(users, id="people of a rule"),
    ],
)
def test_the_work_grows_as_the_file_does(file: Callable[[int], str]) -> None:
    directory = FakeDirectory()
    short, long = file(SHORT), file(LONG)
    work = [calls_in(lambda text=text: problems(text, directory)) for text in (short, long)]

    assert work[1] < 1.25 * LONG / SHORT * work[0]


class Compared(str):
    """A text that counts how often it is compared with another."""

    __slots__ = ()
    count = 0

    def __eq__(self, other: object) -> bool:
        Compared.count += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_a_key_is_not_compared_with_every_key_before_it() -> None:
    mark = yaml.Mark("", 0, 0, 0, None, None)
    keys = [ScalarNode("", Compared(f"person-{number}"), mark) for number in range(1_000)]
    tree = MappingNode("", [(key, key) for key in keys], mark)

    assert [*wrong_keys(tree)] == []
    assert Compared.count < 100
