"""
Building blocks of the limits: what a rule is, and the few ways to make one.

A rule checks one value and yields what is wrong with it, in Slack's words and with the JSON
pointer of the value. The rules themselves are in `limits`; no Slack block is named here.
"""

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
Rules = Mapping[str, Rule]


def problem(message: str, pointer: str) -> str:
    """Write one problem as Slack does, with the JSON pointer of the value."""
    return f"{message} [json-pointer:{pointer}]"


def anything(_value: object, _pointer: str) -> Iterator[str]:
    """Accept every value."""
    yield from ()


def boolean(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield problem("must provide a boolean", pointer)


def string(most: int | None = None, least: int = 1) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", pointer)
        elif most is not None and len(value) > most:
            yield problem(f"must be less than {most + 1} characters", pointer)

    return rule


def number(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        yield problem("must provide a number", pointer)


def integer(least: int, most: int) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must provide an integer", pointer)
        elif not least <= value <= most:
            yield problem(f"must be between {least} and {most}", pointer)

    return rule


def enum(*values: str) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        if value not in values:
            yield problem(f"must be one of: {', '.join(values)}", pointer)

    return rule


def array(item: Rule, most: int | None = None, least: int = 1) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", pointer)
            return
        if most is not None and len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield problem(f"no less than {least} items allowed", pointer)
        for index, each in enumerate(value):
            yield from item(each, f"{pointer}/{index}")

    return rule


def shape(required: Rules, allowed: Rules | None = None) -> Rule:
    """Return a rule for an object with these fields and, as Slack has it, no others."""
    fields = {**required, **(allowed or {})}

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
            return
        for name in (name for name in required if name not in value):
            yield problem(f"missing required field: {name}", pointer)
        for name, each in value.items():
            if name in fields:
                yield from fields[name](each, f"{pointer}/{name}")
            else:
                yield problem(f"invalid additional property: {name}", pointer)

    return rule


def by_type(shapes: Rules) -> Rule:
    """Return a rule for an object whose `type` decides which of *shapes* applies."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in shapes:
            yield from shapes[kind](value, pointer)
        else:
            yield problem(f"unsupported type: {kind}", f"{pointer}/type")

    return rule


def typed(required: Rules, allowed: Rules | None = None) -> Rule:
    """Return the shape of an object that `by_type` has chosen by its `type`."""
    return shape({"type": anything, **required}, allowed)


def require_any(*names: str) -> Rule:
    """Return a rule for an object that has at least one of these fields."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, dict) and not any(name in value for name in names):
            yield problem(
                f"must define either {' or '.join(f'`{name}`' for name in names)}", pointer
            )

    return rule


def exactly_one(first: str, second: str) -> Rule:
    """Return a rule for an object that has one of two fields, and not the other."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        yield from require_any(first, second)(value, pointer)
        if first in value and second in value:
            yield problem(f"must not define both `{first}` and `{second}`", pointer)

    return rule


def checked(rule: Rule, *across: Rule) -> Rule:
    """Return *rule*, and then those for several fields at once, which need good single fields."""

    def both(value: Any, pointer: str) -> Iterator[str]:
        problems = list(rule(value, pointer))
        yield from problems
        if not problems:
            yield from all_of(*across)(value, pointer)

    return both


def all_of(*rules: Rule) -> Rule:
    """Return a rule that applies all of *rules*."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        for each in rules:
            yield from each(value, pointer)

    return rule
