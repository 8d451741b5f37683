"""
Who is who in Slack: user groups, people, and e-mail addresses.

Slack answers for a user group some twenty times a minute at most (rate limit tier 2), so what was
read is cached for a while. A failure is never cached: it keeps people from deciding, and must not
do so for longer than Slack does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from aws_lambda_powertools import Logger
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.errors import retryable_is_unavailable
from bot.core.rules.people import LookupFailure, MembershipStatus, Profile
from bot.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.core.cards.blocks import Json
    from bot.core.rules.people import Members

_logger: Final = Logger(child=True)
_T = TypeVar("_T")

MAX_AGE: Final = 300
"""Seconds for which what was read is used."""

_NO_SCOPE: Final = "missing_scope"
_NO_USER: Final = "users_not_found"
"""What users.lookupByEmail says of an address that nobody has."""
_LOOKUP_FAILURES: Final = {
    "plan_upgrade_required": LookupFailure.PLAN,
    _NO_SCOPE: LookupFailure.SCOPE,
    "not_allowed_token_type": LookupFailure.SCOPE,
    "no_such_subteam": LookupFailure.NONE,
    "subteam_not_found": LookupFailure.NONE,
}
"""What the codes of usergroups.users.list mean; any other is LookupFailure.OTHER."""
_SLACKBOT: Final = "USLACKBOT"
"""Slack's own bot, which Slack does not mark as one (users.list, users.info)."""


class SlackDirectory:
    """
    `bot.flows.ports.Directory`, on Slack.

    *new_client* makes a client with the current token; *clock* counts seconds. In Lambda it has to
    be time.time: time.monotonic may leave out those for which the process was frozen.
    """

    def __init__(self, new_client: Callable[[], WebClient], clock: Callable[[], float]) -> None:
        self._new_client = new_client
        self._members: _Cache[frozenset[str]] = _Cache(clock)
        self._profiles: _Cache[Profile] = _Cache(clock)
        self._emails: _Cache[str | None] = _Cache(clock)
        self._workspace: _Workspace | None = None

    def members(self, user_group: str) -> Members:
        try:
            return self._members.get(user_group, self._read_members)
        except _LookupError as error:
            details = {"group": user_group, "reason": error.code}
            _logger.warning("A user group could not be read", extra=details)
            return _LOOKUP_FAILURES.get(error.code, LookupFailure.OTHER)

    def profile(self, person: str) -> Profile:
        try:
            return self._profiles.get(person, self._read_profile)
        except _LookupError as error:
            details = {"person": person, "reason": error.code}
            _logger.warning("A person could not be looked up", extra=details)
            return Profile(MembershipStatus.UNKNOWN)

    def with_email(self, email: str) -> str | LookupFailure | None:
        try:
            return self._emails.get(email, self._read_email)
        except _LookupError as error:
            # The address is personal data, and no log needs it.
            details = {"reason": error.code}
            _logger.warning("An e-mail address could not be looked up", extra=details)
            return LookupFailure.SCOPE if error.code == _NO_SCOPE else LookupFailure.OTHER

    def _read_members(self, user_group: str) -> frozenset[str]:
        response = _call(self._new_client().usergroups_users_list, usergroup=user_group)
        return frozenset(_field(response, "users", list))

    def _read_profile(self, person: str) -> Profile:
        user = _field(_call(self._new_client().users_info, user=person), "user", dict)
        return Profile(_membership_status(user, self._own_workspace()), _real_name(user))

    def _read_email(self, email: str) -> str | None:
        try:
            response = _call(self._new_client().users_lookupByEmail, email=email)
        except _LookupError as error:
            if error.code == _NO_USER:
                return None
            raise
        user = _field(response, "user", dict)
        user_id: str = _field(user, "id", str)
        return None if user.get("deleted") or _is_bot(user) else user_id

    def _own_workspace(self) -> _Workspace:
        """Return where the app is installed; that never changes, so Slack is asked once."""
        if self._workspace is None:
            response = _call(self._new_client().auth_test)
            team = _field(response, "team_id", str)
            self._workspace = _Workspace(team, response.get("enterprise_id"))
        return self._workspace


class _LookupError(Exception):
    """Slack did not answer the question: *code* is its error code, or one of ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Workspace:
    """The workspace that the app is installed in, and the Enterprise organization it is part of."""

    team: str
    enterprise: str | None

    def has(self, user: Json) -> bool:
        """Return whether *user* is of this workspace, or of another one in the organization."""
        enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
        same_enterprise = bool(enterprise) and enterprise == self.enterprise
        return user.get("team_id") == self.team or same_enterprise


class _Cache(Generic[_T]):
    """What was read lately. What reading raises is raised, and not cached."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[float, _T]] = {}

    def get(self, key: str, read: Callable[[str], _T]) -> _T:
        """Return what *read* returned for *key*, now or at most MAX_AGE ago."""
        now, entry = self._clock(), self._entries.get(key)
        if entry is None or not 0 <= now - entry[0] <= MAX_AGE:  # less than 0: it was set back
            entry = self._entries[key] = now, read(key)
        return entry[1]


def _call(method: Callable[..., Any], **arguments: str) -> Any:
    """Return Slack's response. Raises _LookupError for an error, Unavailable if Slack is busy."""
    try:
        with retryable_is_unavailable():
            return method(**arguments)
    except SlackApiError as error:
        raise _LookupError(error.response["error"]) from error


def _field(response: Any, name: str, kind: type[Any]) -> Any:
    """Return a field of *response*. Raises _LookupError if it is missing or of another type."""
    value = response.get(name)
    if not isinstance(value, kind):
        raise _LookupError(f"missing_field:{name}")
    return value


def _membership_status(user: Json, workspace: _Workspace) -> MembershipStatus:
    """Return what *user* is (users.info): the first that holds, for several can."""
    if user.get("deleted"):
        return MembershipStatus.GONE
    if _is_bot(user):
        return MembershipStatus.ROBOT
    if user.get("is_stranger") or not workspace.has(user):
        return MembershipStatus.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return MembershipStatus.GUEST
    return MembershipStatus.MEMBER


def _real_name(user: Json) -> str:
    """Return the full name of *user*, on one line; empty if there is none (users.info)."""
    profile = user.get("profile")
    in_profile = profile.get("real_name") if isinstance(profile, dict) else ""
    return one_line(str(user.get("real_name") or in_profile or ""))


def _is_bot(user: Json) -> bool:
    marked = user.get("is_bot") or user.get("is_workflow_bot")
    return bool(marked) or user.get("id") == _SLACKBOT
