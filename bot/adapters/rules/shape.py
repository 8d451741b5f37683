"""
Find what is wrong with a file's parts, each by itself, so that every mistake is found at once.

What shape a file must have is declared in types, and msgspec decides whether a part has it. The
descriptions of the types say what to call what is missing.
"""

from __future__ import annotations

from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from bot.adapters.rules.yaml_file import Problem, line_of, quoted, typed, value


def mistakes(node: Node, shape: Any) -> list[Problem]:
    """Find each part of *node* that keeps it from being of *shape*."""
    try:
        convert(node, shape)
    except msgspec.ValidationError:
        fitting = _of_same_kind(node, shape)
        inner = [mistake for part, its in _parts(node, fitting) for mistake in mistakes(part, its)]
        return [*_key_mistakes(node, fitting), *inner] or [_mismatch(node, shape)]
    return []


def convert(node: Node, shape: Any) -> Any:
    """Make a value of *shape* of *node*. Raises msgspec.ValidationError."""
    return msgspec.convert(_value(node, shape), shape)


def _value(node: Node, shape: Any) -> Any:
    """Convert *node* to texts, lists and dictionaries, and to numbers where *shape* has these."""
    fitting = _of_same_kind(node, shape)
    match node:
        case ScalarNode():
            kinds = {_bare(each) for each in _options(shape)}
            return typed(node) if kinds & {bool, int} else node.value
        case SequenceNode() if fitting:
            return [_value(each, *get_args(fitting)) for each in node.value]
        case MappingNode() if fitting:
            shapes = _shapes_of_values(node, fitting)
            return {key.value: _value(each, shapes.get(key.value)) for key, each in node.value}
    return value(node)


def _shapes_of_values(node: MappingNode, shape: Any) -> dict[str, Any]:
    if _is_struct(shape):
        return {field.name: field.type for field in msgspec.structs.fields(shape)}
    return {key.value: get_args(shape)[1] for key, _ in node.value}


def _of_same_kind(node: Node, shape: Any) -> Any:
    """The one of the shapes in *shape* that is of *node*'s kind; None if there is none."""
    shapes = [_bare(each) for each in _options(shape)]
    kind = list if isinstance(node, SequenceNode) else dict
    fitting = [each for each in shapes if _kind(each) is kind]
    return fitting[0] if fitting and isinstance(node, CollectionNode) else None


def _options(shape: Any) -> tuple[Any, ...]:
    """The shapes of a union, or *shape* alone."""
    bare = _bare(shape)
    return get_args(bare) if get_origin(bare) in (Union, UnionType) else (shape,)


def _bare(shape: Any) -> Any:
    """*shape* without its annotations."""
    return get_args(shape)[0] if get_origin(shape) is Annotated else shape


def _kind(shape: Any) -> Any:
    return dict if _is_struct(shape) else get_origin(shape)


def _is_struct(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def _parts(node: Node, shape: Any) -> list[tuple[Node, Any]]:
    """The parts of *node*, each with the shape that it must have."""
    if isinstance(node, SequenceNode):
        return [(each, *get_args(shape)) for each in node.value] if shape else []
    if not isinstance(node, MappingNode) or not shape:
        return []
    if not _is_struct(shape):
        of_key, of_value = get_args(shape)
        return [pair for key, each in node.value for pair in ((key, of_key), (each, of_value))]
    shapes = {field.name: field.type for field in msgspec.structs.fields(shape)}
    return [(each, shapes[key.value]) for key, each in node.value if key.value in shapes]


def _key_mistakes(node: Node, shape: Any) -> list[Problem]:
    """Keys of *node* that *shape* does not have; failing that, those that are missing."""
    if not _is_struct(shape):
        return []
    fields = msgspec.structs.fields(shape)
    names = [field.name for field in fields]
    keys = [key for key, _ in node.value]
    unknown = [
        Problem(line_of(key), _unknown_key(key, names)) for key in keys if key.value not in names
    ]
    present = {key.value for key in keys}
    missing = [field.name for field in fields if field.required and field.name not in present]
    # A key that is misspelt is missing as well: saying so twice would only hide the first.
    return unknown or [Problem(line_of(node), f"`{name}` is missing") for name in missing]


def _unknown_key(key: Node, names: list[str]) -> str:
    near = get_close_matches(key.value, names, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(names)}"
    return f"unknown key {quoted(key)}: {hint}"


def _mismatch(node: Node, shape: Any) -> Problem:
    """Something else is at *node* than what *shape* describes."""
    expected = " or ".join(filter(None, map(_description, _options(shape))))
    return Problem(line_of(node), f"{_content(node)} stands where {expected} belongs")


def _description(shape: Any) -> str | None:
    """What *shape* is called: by its own description, else by what it is made of."""
    notes = get_args(shape)[1:] if get_origin(shape) is Annotated else ()
    texts = (note.description for note in notes if isinstance(note, msgspec.Meta))
    kinds = {list: "a list", dict: "a block of keys"}
    return next(filter(None, texts), None) or kinds.get(_kind(_bare(shape)))


def _content(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return quoted(node) if node.value else "nothing"
    return "a list" if isinstance(node, SequenceNode) else "a block of keys"
