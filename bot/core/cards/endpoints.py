"""What people are told about an endpoint: in the threads of cards, and in the rules' channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.card import title
from bot.core.cards.messages import message
from bot.core.followup.endpoints import EndpointStatus
from bot.core.text import one_line
from bot.core.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.cards.messages import Message
    from bot.core.followup.endpoints import EndpointResult
    from bot.core.registry.version import Arn, Version
    from bot.core.text import Sentence
    from bot.core.words import Item


def of_endpoint(result: EndpointResult, versions: Mapping[Arn, Version]) -> Message:
    """Say what became of an endpoint, with SageMaker's reason if any; *versions* by ARN."""
    reason = one_line(result.reason)
    sentence = _result(result, versions, ":" if reason else ".")
    if reason:
        return message((*sentence, " ", reason), [quoted(sentence, reason)])
    return message(sentence, [rich(sentence)])


def _result(result: EndpointResult, versions: Mapping[Arn, Version], end: str) -> Sentence:
    endpoint, serves = result.endpoint, _titles(result.serves, versions)
    match result.state:
        case EndpointStatus.FAILED:
            return say("endpoint_failed", endpoint=endpoint, versions=serves, end=end)
        case EndpointStatus.OUT_OF_SERVICE:
            return say("endpoint_out_of_service", endpoint=endpoint, versions=serves, end=end)
        case EndpointStatus.MIXED:
            return say("endpoint_mixed", endpoint=endpoint, versions=serves, end=end)
    if missed := _titles(result.missed, versions):
        still = say("endpoint_still_serves", versions=serves) if serves else ()
        return say("endpoint_not_changed", endpoint=endpoint, missed=missed, still=still, end=end)
    failed = say("endpoint_change_failed") if one_line(result.reason) else ()
    return say("endpoint_in_service", endpoint=endpoint, versions=serves, failed=failed)


def _titles(arns: Iterable[Arn], versions: Mapping[Arn, Version]) -> list[Item]:
    """Name the versions in the order of *arns*, without those that are not in *versions*."""
    return [title(versions[arn]) for arn in arns if arn in versions]
