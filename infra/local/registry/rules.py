"""
11. EventBridge rules that call functions.

moto raises NotImplementedError out of PutEvents for a function, delivers for disabled rules,
takes a rule that has only a schedule to match everything, and gives the time as a number.
EventBridge user guide: the target gets the whole event, with its time in ISO 8601; a disabled
rule and a scheduled one match no event.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from moto.core.utils import utcfromtimestamp
from moto.events.models import Rule

from infra.local.registry.events import copied, deliver, iso

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.events.utils import EventMessageType

    from infra.local.registry.events import Event

_send_as_moto: Final = Rule.send_to_targets


def deliver_to_functions(invoke: Callable[[str, Event], None]) -> None:
    """
    11. Call `invoke(function_arn, event)` for each function that a matching rule targets.

    Targets other than functions stay moto's business.
    """

    def send(
        self: Rule,
        original_event: EventMessageType,
        transform_input: bool = True,  # noqa: FBT001, FBT002 - the signature is moto's
    ) -> None:
        if not _matches_events(self):
            return
        if self.event_pattern.matches_event(original_event):
            for arn in filter(_is_function, _target_arns(self)):
                deliver(partial(invoke, arn), _as_delivered(original_event))
        _send_as_moto(cast("Rule", _WithoutFunctions(self)), original_event, transform_input)

    Rule.send_to_targets = send  # type: ignore[method-assign]  # rules are made by moto


class _WithoutFunctions:
    """A rule as moto shall see it: without its functions."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self.targets = [target for target in rule.targets if not _is_function(target["Arn"])]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rule, name)


def _matches_events(rule: Rule) -> bool:
    return rule.state != "DISABLED" and rule.event_pattern.dump() is not None


def _target_arns(rule: Rule) -> list[str]:
    return [target["Arn"] for target in rule.targets]


def _is_function(arn: str) -> bool:
    return arn.split(":")[2] == "lambda"


def _as_delivered(event: EventMessageType) -> Event:
    """Return the whole event, without moto's own mark and with its time in ISO 8601."""
    whole = {name: value for name, value in event.items() if name != "ingestion-time"}
    if isinstance(whole["time"], int | float):
        whole["time"] = iso(utcfromtimestamp(int(whole["time"])))
    return copied(whole)
