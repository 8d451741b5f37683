"""
Say a reason to a person: its code is the template's key, its parameters become parts.

A stored reason holds plain JSON (`bot.core.reason`). Here a Slack id becomes a mention, a time
is shown to each reader in their time zone, and a code becomes the words for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.core.reason import ReasonCode
from bot.core.text import Code, Mention, Part, Sentence, Team, When, listed
from bot.core.words import say, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.core.reason import Reason
    from bot.core.words import Parameter

    Params = Mapping[str, Any]


def reason_sentence(reason: Reason, language: str = "en") -> Sentence:
    """
    Say *reason* in *language*.

    Raises KeyError, TypeError or ValueError where its parameters are not those of its code.
    """
    words: dict[str, Parameter] = {
        name: _word(name, value, language) for name, value in reason.params.items()
    }
    more = _MORE.get(reason.code, _nothing_more)(reason.params, language)
    return say(f"reason.{reason.code}", language, **(words | more))


def lookup_failure(code: str, language: str = "en") -> str:
    """Say why a lookup in Slack failed, as the end of a sentence that ends in "because"."""
    return text(f"reason.part.failure.{code}", language)


def _word(name: str, value: Any, language: str) -> Parameter:
    """What stands in the sentence for the parameter *name*."""
    if name in _CODED:
        return _part(f"{name}.{value}", language)
    if name == "rule":
        return _part("rule", language, rule=str(value)) if value else ()
    if name == "decision":
        return (Code(str(value)),)
    return value if isinstance(value, int) else str(value)


_CODED: Final = {"failure", "membership", "move", "readiness", "status"}
"""Parameters that hold codes, each of which has its own words."""


def _part(key: str, language: str, /, **parameters: Parameter) -> Sentence:
    return say(f"reason.part.{key}", language, **parameters)


def _nothing_more(_: Params, __: str) -> dict[str, Sentence]:
    return {}


def _changed_first(params: Params, language: str) -> dict[str, Sentence]:
    """Who changed the status first."""
    if params["decided_by"]:
        when = When(datetime.fromisoformat(params["decided_at"]))
        who = Mention(params["decided_by"])
        return {"who": _part("decided_here", language, decided_by=who, decided_at=when)}
    if params["modified_by"]:
        by = str(params["modified_by"])
        return {"who": _part("changed_elsewhere", language, modified_by=by)}
    return {"who": _part("changed_by_nobody_known", language)}


def _example(params: Params, language: str) -> dict[str, Sentence]:
    """Which metric changed, if one shows it."""
    if not params["metric"]:
        return {"example": ()}
    values = {name: str(params[name]) for name in ("metric", "before", "after")}
    return {"example": _part("metric_changed", language, **values)}


def _next_to_deploy(params: Params, language: str) -> dict[str, Sentence]:
    """Which version is next to deploy, before and after the decision."""
    return {name: _next(params[name], language) for name in ("before", "after")}


def _next(number: int | None, language: str) -> Sentence:
    if number is None:
        return _part("nothing_to_deploy", language)
    return _part("next_to_deploy", language, number=number)


def _who_may(params: Params, language: str) -> dict[str, Sentence]:
    """Who may make the move, and which user groups could not be read."""
    able: list[Part] = [*map(Mention, params["users"]), *map(Team, params["user_groups"])]
    who_may = _part("they_may", language, people=_or(able, language))
    unreadable: Mapping[str, str] = params["unreadable"]
    why_not = dict.fromkeys(unreadable.values())
    not_read = [_not_read(unreadable, failure, language) for failure in why_not]
    return {"who_may": who_may, "not_read": tuple(part for each in not_read for part in each)}


def _not_read(unreadable: Mapping[str, str], failure: str, language: str) -> Sentence:
    groups = [Team(group) for group, why in unreadable.items() if why == failure]
    if not failure:
        return _part("not_read", language, user_groups=_or(groups, language))
    because = lookup_failure(failure, language)
    return _part("not_read_because", language, user_groups=_or(groups, language), failure=because)


def _or(parts: Sequence[Part], language: str) -> Sentence:
    return listed(parts, text("reason.part.or", language))


_MORE: Final[Mapping[ReasonCode, Callable[[Params, str], dict[str, Sentence]]]] = {
    ReasonCode.LATE: _changed_first,
    ReasonCode.OVERTAKEN: _changed_first,
    ReasonCode.DECIDED: _changed_first,
    ReasonCode.BRIEF_CHANGED: _example,
    ReasonCode.OUTCOME_CHANGED: _next_to_deploy,
    ReasonCode.NOT_AN_APPROVER: _who_may,
}
"""What a sentence holds in addition to its reason's parameters."""
