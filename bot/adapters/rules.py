"""The rules file: YAML, checked to the letter, refused with the line and the reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
import yaml

from bot.core.errors import Misconfigured
from bot.core.policy import COMMENT_BY_DEFAULT, Rule, Rules

if TYPE_CHECKING:
    from pathlib import Path

_Channel = Annotated[str, msgspec.Meta(pattern="^[CG][A-Z0-9]{8,}$")]
_User = Annotated[str, msgspec.Meta(pattern="^[UW][A-Z0-9]{8,}$")]
_UserGroup = Annotated[str, msgspec.Meta(pattern="^S[A-Z0-9]{8,}$")]
_Pattern = Annotated[str, msgspec.Meta(min_length=1)]
_Move = Literal["approve", "reject", "reinstate", "revoke"]


class _Approvers(msgspec.Struct, forbid_unknown_fields=True):
    users: list[_User] = []
    user_groups: list[_UserGroup] = []


class _Rule(msgspec.Struct, forbid_unknown_fields=True):
    groups: Annotated[list[_Pattern], msgspec.Meta(min_length=1)] | _Pattern
    approvers: _Approvers
    channel: _Channel | None = None
    notify: list[_Channel] = []
    comment: list[_Move] | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    channel: _Channel
    rules: list[_Rule]


def load(path: Path) -> Rules:
    """The rules in the file at *path*. Raises Misconfigured, with the line and the reason."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error
    return read(text, str(path))


def read(text: str, name: str) -> Rules:
    """The rules in *text*, which stands in the file *name*. Raises Misconfigured."""
    try:
        # BaseLoader: everything is text, so no name turns into a number, a date or a yes.
        tree = yaml.compose(text, Loader=yaml.BaseLoader)
        _refuse_repeated_keys(tree, name)
        file = msgspec.convert(yaml.load(text, Loader=yaml.BaseLoader), _File)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Misconfigured(f"{name}, line {line}: {error.problem}") from error
    except RecursionError as error:
        raise Misconfigured(f"{name}, line 1: something in it contains itself") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Misconfigured(f"{name}, line {line}: {error.reason}") from error
    except msgspec.ValidationError as error:
        reason, line = _where(str(error), tree)
        raise Misconfigured(f"{name}, line {line}: {reason}") from error
    return Rules(file.channel, tuple(_rule(rule, file.channel) for rule in file.rules))


def _rule(rule: _Rule, channel: str) -> Rule:
    patterns = [rule.groups] if isinstance(rule.groups, str) else rule.groups
    return Rule(
        patterns=tuple(patterns),
        channel=rule.channel or channel,
        users=tuple(rule.approvers.users),
        user_groups=tuple(rule.approvers.user_groups),
        notify=tuple(rule.notify),
        comment=COMMENT_BY_DEFAULT if rule.comment is None else frozenset(rule.comment),
    )


def _refuse_repeated_keys(node: Any, name: str) -> None:
    """YAML would let the last of two equal keys win, in silence."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise Misconfigured(f"{name}, line {line}: a key must be a text.")
            if key.value in seen:
                raise Misconfigured(f"{name}, line {line}: `{key.value}` is there twice.")
            seen.add(key.value)
            _refuse_repeated_keys(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _refuse_repeated_keys(child, name)


_PATH: Final = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`$")


def _where(said: str, tree: Any) -> tuple[str, int]:
    """The reason in *said* and the line that its path leads to."""
    found = _PATH.search(said)
    reason = said[: found.start()] if found else said
    node = _follow(tree, found["path"]) if found else tree
    unknown = re.search(r"unknown field `([^`]+)`", reason)
    if unknown and isinstance(node, yaml.MappingNode):
        node = next(key for key, _ in node.value if key.value == unknown[1])
    return reason, node.start_mark.line + 1 if node else 1


def _follow(node: Any, path: str) -> Any:
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == name), node)
        elif isinstance(node, yaml.SequenceNode) and index:
            node = node.value[int(index)]
    return node
