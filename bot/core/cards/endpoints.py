"""What is said of an endpoint: in the threads of the cards, and in the rules' other channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.card import title
from bot.core.cards.messages import message
from bot.core.followup.endpoints import EndpointStatus
from bot.core.text import Part, Sentence, Strong, listed, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.cards.messages import Message
    from bot.core.followup.endpoints import EndpointResult
    from bot.core.registry.version import Arn, Version


def of_endpoint(result: EndpointResult, versions: Mapping[Arn, Version]) -> Message:
    """What became of an endpoint, with SageMaker's words if it gave any; *versions* by ARN."""
    said = ("Endpoint ", Strong(result.endpoint), *_became(result, versions))
    if reason := one_line(result.reason):
        return message((*said, " ", reason), [quoted(said, reason)])
    return message(said, [rich(said)])


def _became(result: EndpointResult, versions: Mapping[Arn, Version]) -> Sentence:
    serves, end = _named(result.serves, versions), ":" if one_line(result.reason) else "."
    match result.state:
        case EndpointStatus.FAILED:
            return (" failed with ", *serves, end)
        case EndpointStatus.OUT_OF_SERVICE:
            return (" is out of service, with ", *serves, end)
        case EndpointStatus.MIXED:
            mixed = " could be changed neither to the new nor back to the old: it serves a mix of "
            return (mixed, *serves, end)
    if missed := _named(result.missed, versions):
        still = (", and is still in service with ", *serves) if serves else ()
        return (" could not be changed to ", *missed, *still, end)
    failed = " SageMaker says of a change that failed:" if one_line(result.reason) else ""
    return (" is in service with ", *serves, ".", failed)


def _named(arns: Iterable[Arn], versions: Mapping[Arn, Version]) -> Sentence:
    """The versions as people call them, in the order of *arns*; without those nobody knows."""
    named: list[Part] = [title(versions[arn]) for arn in arns if arn in versions]
    return listed(named, "and")
