"""What people are told about an endpoint: in the threads of cards, and in the rules' channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards.blocks import quoted, rich
from bot.core.cards.card import title
from bot.core.cards.messages import message
from bot.core.cards.naming import EVERYBODY
from bot.core.followup.endpoints import EndpointStatus
from bot.core.text import one_line
from bot.core.words import say

_BAD: Final = {
    EndpointStatus.FAILED: "failed",
    EndpointStatus.OUT_OF_SERVICE: "out_of_service",
    EndpointStatus.MIXED: "mixed",
}
_DELETED: Final = {EndpointStatus.DELETING: "deleting", EndpointStatus.GONE: "gone"}

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.cards.messages import Message
    from bot.core.followup.results import EndpointResult
    from bot.core.registry.version import Arn, Version
    from bot.core.rules.people import Person
    from bot.core.text import Sentence
    from bot.core.words import Item


def of_endpoint(
    result: EndpointResult,
    versions: Mapping[Arn, Version],
    replaced: Iterable[Arn] = (),
    people: Iterable[Person] = (),
) -> Message:
    """
    Say what became of an endpoint, with SageMaker's reason if any.

    *versions* are those that it is about, by ARN; *replaced* those that it served before; *people*
    are mentioned.
    """
    reason = one_line(result.reason)
    sentence = _result(result, versions, _titles(replaced, versions), ":" if reason else ".")
    if mentioned := EVERYBODY.persons(people):
        sentence = say("endpoint_for_voters", people=mentioned, sentence=sentence)
    if reason:
        return message((*sentence, " ", reason), [quoted(sentence, reason)])
    return message(sentence, [rich(sentence)])


def _result(
    result: EndpointResult, versions: Mapping[Arn, Version], replaced: list[Item], end: str
) -> Sentence:
    endpoint, serves = result.endpoint, _titles(result.serves, versions)
    if bad := _BAD.get(result.state):
        return say(f"endpoint_bad_{bad}", endpoint=endpoint, versions=serves, end=end)
    if deleted := _DELETED.get(result.state):
        return say(f"endpoint_removed_{deleted}", endpoint=endpoint, versions=serves)
    if missed := _titles(result.missed, versions):
        still = say("endpoint_still_serves", versions=serves) if serves else ()
        return say("endpoint_not_changed", endpoint=endpoint, missed=missed, still=still, end=end)
    if not serves:
        return say("endpoint_serves_none", endpoint=endpoint, versions=replaced)
    before = say("endpoint_replaced", versions=replaced) if replaced else ()
    failed = say("endpoint_change_failed") if one_line(result.reason) else ()
    return say(
        "endpoint_in_service", endpoint=endpoint, versions=serves, replaced=before, failed=failed
    )


def _titles(arns: Iterable[Arn], versions: Mapping[Arn, Version]) -> list[Item]:
    """Name the versions in the order of *arns*, without those that are not in *versions*."""
    return [title(versions[arn]) for arn in arns if arn in versions]
