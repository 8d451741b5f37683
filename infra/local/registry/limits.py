"""
9. The limits of AWS's service model: enums, bounds and patterns.

moto checks the approval status only, and botocore little more. AWS checks every stated
constraint before anything happens. Model: the input shapes. The wording is that of AWS's common
validator, as quoted in public reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import regex
from moto.sagemaker.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from moto.core.model import StructureShape

    Constraint = tuple[Callable[[Any], bool], str]
    """Whether a value satisfies it, and how AWS words it."""

_NUMBERS: Final = {"integer", "long", "float", "double"}


def validate(shape: StructureShape, request: Mapping[str, Any]) -> None:
    """Refuse a *request* that the model's *shape* does not allow. Raises ValidationError."""
    refuse([each for name in shape.members for each in _member_violations(shape, name, request)])


def refuse(violations: list[str]) -> None:
    """Raise a ValidationError that lists the *violations*, if there are any."""
    if violations:
        errors = "error" if len(violations) == 1 else "errors"
        listed = "; ".join(violations)
        raise ValidationError(f"{len(violations)} validation {errors} detected: {listed}")


def violations(shape: Any, value: Any, path: str) -> Iterator[str]:
    """Yield what is wrong with the value under *path*, and with the values inside it."""
    for constraint in _broken_constraints(shape, value):
        yield _violation(shape, value, path, constraint)
    if shape.type_name == "structure":
        for name in shape.members:
            yield from _member_violations(shape, name, value, f"{path}.")
    elif shape.type_name == "list" and shape.member.type_name == "structure":
        for number, item in enumerate(value, start=1):
            yield from violations(shape.member, item, f"{path}.{number}.member")


def path_of(name: str) -> str:
    """Spell a member's name as AWS does in a path: modelPackageArn."""
    return name[0].lower() + name[1:]


def _member_violations(
    shape: Any, name: str, values: Mapping[str, Any], prefix: str = ""
) -> Iterator[str]:
    path = prefix + path_of(name)
    if values.get(name) is not None:
        yield from violations(shape.members[name], values[name], path)
    elif name in shape.required_members:
        yield _violation(shape.members[name], None, path, "Member must not be null")


def _violation(shape: Any, value: Any, path: str, constraint: str) -> str:
    """Word one violation. AWS does not repeat a value that its model calls sensitive."""
    if value is None:
        shown = "Value null"
    else:
        shown = "Value" if shape.metadata.get("sensitive") else f"Value '{_as_java(value)}'"
    return f"{shown} at '{path}' failed to satisfy constraint: {constraint}"


def _as_java(value: Any) -> str:
    """Write lists and maps the way Java prints them, as AWS does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_as_java(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_java, value)) + "]"
    return str(value)


def _broken_constraints(shape: Any, value: Any) -> Iterator[str]:
    """Yield the constraints that *value* breaks. Simple items are reported by the list or map."""
    yield from (text for holds, text in _constraints(shape) if not holds(value))
    if shape.type_name == "map":
        yield from _broken_by_any(shape.key, value, "Map keys must satisfy constraint")
        yield from _broken_by_any(shape.value, value.values(), "Map value must satisfy constraint")
    elif shape.type_name == "list" and shape.member.type_name != "structure":
        yield from _broken_by_any(shape.member, value, "Member must satisfy constraint")


def _broken_by_any(shape: Any, values: Iterable[Any], text: str) -> Iterator[str]:
    """Yield at most one text however many items are wrong; it lists every constraint."""
    constraints = _constraints(shape)
    if not all(holds(value) for value in values for holds, _ in constraints):
        yield f"{text}: [{', '.join(text for _, text in constraints)}]"


def _constraints(shape: Any) -> list[Constraint]:
    """Read the constraints that the model states for one shape, in AWS's order."""
    stated = shape.metadata
    return [build(shape, stated[name]) for name, build in _KINDS.items() if name in stated]


def _at_most(shape: Any, limit: int) -> Constraint:
    size, subject = _measure(shape)
    return lambda value: size(value) <= limit, f"{subject} less than or equal to {limit}"


def _at_least(shape: Any, limit: int) -> Constraint:
    size, subject = _measure(shape)
    return lambda value: size(value) >= limit, f"{subject} greater than or equal to {limit}"


def _measure(shape: Any) -> tuple[Callable[[Any], Any], str]:
    """Say what a bound of *shape* measures: the number itself, or the length."""
    if shape.type_name in _NUMBERS:
        return lambda value: value, "Member must have value"
    return len, "Member must have length"


def _pattern(_shape: Any, pattern: str) -> Constraint:
    r"""
    Match the whole value. Python's `re` knows no \p{L}, and lets '.' match a carriage return.

    WORD makes '.' stop at every line separator, as it does in Java and in Smithy's dialect.
    """
    text = f"Member must satisfy regular expression pattern: {pattern}"
    return lambda value: regex.fullmatch(pattern, value, regex.WORD) is not None, text


def _enum(_shape: Any, values: list[str]) -> Constraint:
    text = f"Member must satisfy enum value set: [{', '.join(values)}]"
    return lambda value: value in values, text


_KINDS: Final[dict[str, Callable[[Any, Any], Constraint]]] = {
    "max": _at_most,
    "min": _at_least,
    "pattern": _pattern,
    "enum": _enum,
}
