"""
Who is who in Slack. Its many kinds of people, and its words for not telling, end here.

Slack answers for a user group some twenty times a minute at most (Tier 2), so what was read is
kept for a while. What could not be read is never kept: it keeps people from deciding, and must
not do so for longer than Slack does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from aws_lambda_powertools import Logger
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.errors import retryable_is_unavailable
from bot.core.rules.people import LookupFailure, MembershipStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.core.cards.blocks import Json
    from bot.core.rules.people import Members

_logger: Final = Logger(child=True)
_T = TypeVar("_T")

MAX_AGE: Final = 300
"""Seconds for which what was read is used."""

_SCOPE: Final = "missing_scope"
_NO_MEMBERS: Final = {
    "plan_upgrade_required": LookupFailure.PLAN,
    _SCOPE: LookupFailure.SCOPE,
    "not_allowed_token_type": LookupFailure.SCOPE,
    "no_such_subteam": LookupFailure.NONE,
    "subteam_not_found": LookupFailure.NONE,
}
_SLACKBOT: Final = "USLACKBOT"
"""Slack's own robot, which Slack does not mark as one."""


class SlackDirectory:
    """
    `bot.flows.ports.Directory`, on Slack.

    *web* makes a client with the token of the moment; *clock* counts seconds.
    """

    def __init__(self, web: Callable[[], WebClient], clock: Callable[[], float]) -> None:
        self._web = web
        self._members: _Memory[frozenset[str]] = _Memory(clock)
        self._standings: _Memory[MembershipStatus] = _Memory(clock)
        self._emails: _Memory[str | None] = _Memory(clock)
        self._home: _Home | None = None

    def members(self, user_group: str) -> Members:
        try:
            return self._members.recall(user_group, self._read_members)
        except _Unsaid as no:
            said = {"group": user_group, "why": no.why}
            _logger.warning("a user group cannot be read", extra=said)
            return _NO_MEMBERS.get(no.why, LookupFailure.OTHER)

    def standing(self, person: str) -> MembershipStatus:
        try:
            return self._standings.recall(person, self._read_standing)
        except _Unsaid as no:
            said = {"person": person, "why": no.why}
            _logger.warning("it cannot be read who somebody is", extra=said)
            return MembershipStatus.UNKNOWN

    def with_email(self, email: str) -> str | LookupFailure | None:
        try:
            return self._emails.recall(email, self._read_email)
        except _Unsaid as no:
            # The address is somebody's own, and no log needs it.
            _logger.warning("it cannot be read who has an address", extra={"why": no.why})
            return LookupFailure.SCOPE if no.why == _SCOPE else LookupFailure.OTHER

    def _read_members(self, user_group: str) -> frozenset[str]:
        answer = _ask(self._web().usergroups_users_list, usergroup=user_group)
        return frozenset(_part(answer, "users", list))

    def _read_standing(self, person: str) -> MembershipStatus:
        user = _part(_ask(self._web().users_info, user=person), "user", dict)
        return _standing(user, self._our_home())

    def _read_email(self, email: str) -> str | None:
        try:
            answer = _ask(self._web().users_lookupByEmail, email=email)
        except _Unsaid as no:
            if no.why == "users_not_found":
                return None
            raise
        user = _part(answer, "user", dict)
        found: str = _part(user, "id", str)
        return None if user.get("deleted") or _is_robot(user) else found

    def _our_home(self) -> _Home:
        """Where the app is installed; that never changes, so it is asked for once."""
        if self._home is None:
            answer = _ask(self._web().auth_test)
            self._home = _Home(_part(answer, "team_id", str), answer.get("enterprise_id"))
        return self._home


class _Unsaid(Exception):
    """Slack would not say: *why* is its word for it, or ours."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class _Home:
    """The workspace that the app is installed in, and the Enterprise Grid that it is part of."""

    team: str
    enterprise: str | None

    def has(self, user: Json) -> bool:
        """Whether *user* is of this workspace, or of another one in the same Grid."""
        enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
        same_grid = bool(enterprise) and enterprise == self.enterprise
        return user.get("team_id") == self.team or same_grid


class _Memory(Generic[_T]):
    """What was read lately. What reading raises is raised, and not remembered."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str, tuple[float, _T]] = {}

    def recall(self, key: str, read: Callable[[str], _T]) -> _T:
        """What *read* said of *key*, now or at most MAX_AGE ago."""
        now = self._clock()
        if key not in self._known or now - self._known[key][0] > MAX_AGE:
            self._known[key] = now, read(key)
        return self._known[key][1]


def _ask(call: Callable[..., Any], **what: str) -> Any:
    """What Slack answers to *call*. Raises _Unsaid if it is a no, Unavailable if it is none."""
    try:
        with retryable_is_unavailable():
            return call(**what)
    except SlackApiError as error:
        raise _Unsaid(error.response["error"]) from error


def _part(answer: Any, name: str, kind: type[Any]) -> Any:
    """*answer*'s part of that name. Raises _Unsaid if there is none of that kind."""
    part = answer.get(name)
    if not isinstance(part, kind):
        raise _Unsaid(f"an answer without {name}")
    return part


def _standing(user: Json, home: _Home) -> MembershipStatus:
    """What *user* is at *home*: the first that holds, for one person can be several."""
    if user.get("deleted"):
        return MembershipStatus.GONE
    if _is_robot(user):
        return MembershipStatus.ROBOT
    if user.get("is_stranger") or not home.has(user):
        return MembershipStatus.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return MembershipStatus.GUEST
    return MembershipStatus.MEMBER


def _is_robot(user: Json) -> bool:
    marked = user.get("is_bot") or user.get("is_workflow_bot")
    return bool(marked) or user.get("id") == _SLACKBOT
