"""
The grammar of the limits: what a rule is, and the few ways to build one.

A rule looks at one value and yields what is wrong with it, in Slack's words and with the JSON
pointer of where. Which rules there are is written in `limits`; no Slack block is named here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
Rules = Mapping[str, Rule]


def problem(what: str, at: str) -> str:
    return f"{what} [json-pointer:{at}]"


def anything(_value: object, _at: str) -> Iterator[str]:
    yield from ()


def flag(value: object, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield problem("must provide a boolean", at)


def string(most: int | None = None, least: int = 1) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", at)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", at)
        elif most is not None and len(value) > most:
            yield problem(f"must be less than {most + 1} characters", at)

    return rule


def number(least: int, most: int) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must provide an integer", at)
        elif not least <= value <= most:
            yield problem(f"must be between {least} and {most}", at)

    return rule


def choice(*words: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if value not in words:
            yield problem(f"must be one of: {', '.join(words)}", at)

    return rule


def many(item: Rule, most: int | None = None, least: int = 1) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", at)
            return
        if most is not None and len(value) > most:
            yield problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield problem(f"no less than {least} items allowed", at)
        for index, each in enumerate(value):
            yield from item(each, f"{at}/{index}")

    return rule


def shape(needed: Rules, allowed: Rules | None = None) -> Rule:
    """An object with these fields and, as Slack has it, no others."""
    known = {**needed, **(allowed or {})}

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", at)
            return
        for name in (name for name in needed if name not in value):
            yield problem(f"missing required field: {name}", at)
        for name, each in value.items():
            if name in known:
                yield from known[name](each, f"{at}/{name}")
            else:
                yield problem(f"invalid additional property: {name}", at)

    return rule


def by_type(shapes: Rules) -> Rule:
    """An object whose `type` says which of *shapes* it has to have."""

    def rule(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in shapes:
            yield from shapes[kind](value, at)
        else:
            yield problem(f"unsupported type: {kind}", f"{at}/type")

    return rule


def typed(needed: Rules, allowed: Rules | None = None) -> Rule:
    """The shape of an object that `by_type` has chosen by its `type`."""
    return shape({"type": anything, **needed}, allowed)


def one_of_fields(*names: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and not any(name in value for name in names):
            yield problem(f"must define either {' or '.join(f'`{name}`' for name in names)}", at)

    return rule


def every(*rules: Rule) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        for each in rules:
            yield from each(value, at)

    return rule
