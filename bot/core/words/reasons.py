"""
Say a reason to a person: its code is the template's key, its parameters become parts.

A stored reason holds plain JSON (`bot.core.reason`). Here a Slack id becomes a mention, a time
is shown to each reader in their time zone, and a code becomes the words for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.core.reason import ReasonCode
from bot.core.registry.version import Readiness
from bot.core.rules.people import SLACK_ID
from bot.core.text import Channel, Mention, Sentence, Team, When
from bot.core.words import moves, say, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.reason import Reason
    from bot.core.words import Item, Parameter

    Params = Mapping[str, Any]


def reason_sentence(reason: Reason) -> Sentence:
    """
    Say *reason* in the current language.

    Raises KeyError, TypeError and others where its parameters are not those of its code
    (`check_reason`).
    """
    words = {name: _word(name, value) for name, value in reason.params.items()}
    more = _MORE.get(reason.code, _nothing_more)(reason.params)
    return say(f"reason_{reason.code}", **(words | more))


def check_reason(reason: Reason) -> None:
    """Raise ValueError, with the end of a sentence, unless *reason* can be said to a person."""
    try:
        reason_sentence(reason)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        problem = f"{type(error).__name__}: {error}"
        raise ValueError(f"does not fit its code: {problem}") from error


def reason_to_others(reason: Reason) -> Sentence:
    """
    Say *reason* to people who were not refused themselves: of the person, in the third person.

    Raises KeyError, TypeError or ValueError where its parameters are not those of its code.
    """
    if reason.code not in _ABOUT_THE_PERSON:
        return reason_sentence(reason)
    words = {name: _word(name, value) for name, value in reason.params.items()}
    if "membership" in words:
        words["membership"] = text(
            f"reason_part_membership_{reason.params['membership']}_to_others"
        )
    more = _MORE.get(reason.code, _nothing_more)(reason.params)
    return say(f"reason_{reason.code}_to_others", **(words | more))


_ABOUT_THE_PERSON: Final = frozenset(
    {
        ReasonCode.BRIEF_CHANGED,
        ReasonCode.OUTCOME_CHANGED,
        ReasonCode.OVERRIDE_NOT_CONFIRMED,
        ReasonCode.VOTE_DECIDES_NOW,
        ReasonCode.VERSION_GONE_UNDECIDED,
        ReasonCode.COMMENT_NEEDED,
        ReasonCode.NOT_A_MEMBER,
        ReasonCode.OWN_VERSION,
        ReasonCode.MAYBE_OWN_VERSION,
        ReasonCode.NOT_AN_APPROVER,
        ReasonCode.ACTED_SINCE,
        ReasonCode.NO_VOTE,
    }
)
"""The codes whose sentence says "you" to the person who was refused."""


def lookup_failure(code: str) -> str:
    """Say why a lookup in Slack failed, as the end of a sentence after "because"."""
    return text(f"reason_part_failure_{code}")


def _word(name: str, value: Any) -> Parameter:
    """What stands in the sentence for the parameter *name*."""
    if name in _WORDS:
        return _WORDS[name](value)
    return value if isinstance(value, int) else str(value)


_WORDS: Final[Mapping[str, Callable[[Any], Parameter]]] = {
    "channel": Channel,
    "endpoints": lambda names: [say("reason_part_endpoint", endpoint=name) for name in names],
    "failure": lookup_failure,
    "membership": lambda code: text(f"reason_part_membership_{code}"),
    "move": moves.verb,
    "name": lambda name: Mention(name) if SLACK_ID.fullmatch(name) else str(name),
    "readiness": lambda code: text(f"readiness_{Readiness(code).name.lower()}"),
    "rule": lambda name: say("reason_part_rule", rule=str(name)) if name else (),
    "status": lambda code: text(f"reason_part_status_{code}"),
}
"""The words for parameters that are neither shown as they are nor as numbers."""


def _nothing_more(_: Params) -> dict[str, Parameter]:
    return {}


def _changed_first(params: Params) -> dict[str, Parameter]:
    """Who changed the status first."""
    if params["decided_by"]:
        when = When(datetime.fromisoformat(params["decided_at"]))
        return {"who": say("reason_part_decided_by", who=Mention(params["decided_by"]), when=when)}
    if params["modified_by"]:
        return {"who": say("reason_part_modified_by", who=str(params["modified_by"]))}
    return {"who": say("reason_part_modified")}


def _example(params: Params) -> dict[str, Parameter]:
    """Which metric changed, if one shows it."""
    if not params["metric"]:
        return {"example": ()}
    values = {name: str(params[name]) for name in ("metric", "before", "after")}
    return {"example": say("reason_part_metric_changed", **values)}


def _next_to_deploy(params: Params) -> dict[str, Parameter]:
    """Which version is next to deploy, before and after the decision."""
    return {name: _next(params[name]) for name in ("before", "after")}


def _next(number: int | None) -> Sentence:
    if number is None:
        return say("reason_part_nothing_to_deploy")
    return say("reason_part_next_to_deploy", number=number)


def _cause(params: Params) -> dict[str, Parameter]:
    """Why a vote would now decide."""
    part = "voted_meanwhile" if params["voted_meanwhile"] else "votes_needed_changed"
    return {"cause": say(f"reason_part_{part}")}


def _who_may(params: Params) -> dict[str, Parameter]:
    """Who may make the move, and which user groups could not be read."""
    able: list[Item] = [*map(Mention, params["users"]), *map(Team, params["user_groups"])]
    unreadable: Mapping[str, str] = params["unreadable"]
    failures = dict.fromkeys(unreadable.values())
    not_read = [_not_read(unreadable, failure) for failure in failures]
    return {"people": able, "not_read": tuple(part for each in not_read for part in each)}


def _not_read(unreadable: Mapping[str, str], failure: str) -> Sentence:
    groups: list[Item] = [Team(group) for group, why in unreadable.items() if why == failure]
    because = say("reason_part_because", failure=lookup_failure(failure)) if failure else ()
    return say("reason_part_not_read", user_groups=groups, because=because)


_MORE: Final[Mapping[ReasonCode, Callable[[Params], dict[str, Parameter]]]] = {
    ReasonCode.STATUS_CHANGED: _changed_first,
    ReasonCode.STATUS_CHANGED_SINCE_DECISION: _changed_first,
    ReasonCode.STATUS_CHANGED_SINCE_VOTES: _changed_first,
    ReasonCode.BRIEF_CHANGED: _example,
    ReasonCode.BRIEF_CHANGED_SINCE_VOTES: _example,
    ReasonCode.OUTCOME_CHANGED: _next_to_deploy,
    ReasonCode.OUTCOME_CHANGED_SINCE_DECISION: _next_to_deploy,
    ReasonCode.VOTE_DECIDES_NOW: _cause,
    ReasonCode.NOT_AN_APPROVER: _who_may,
}
"""What a sentence holds in addition to its reason's parameters."""
