"""
What a rules file must look like, as msgspec types.

The first description of a type says, in error messages, what belongs where something else stands.
`_help` is what an editor shows for a key (`schema`).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from bot.core.registry.moves import MOVES
from bot.core.rules.rule import DEPLOY_MINUTES

MOST_NEEDED: Final = 20
"""How many people a role can need."""
_MOVES: Final = [move.key for move in MOVES]


def _text(pattern: str, description: str) -> Meta:
    return Meta(pattern=rf"^{pattern}\Z", description=description)


def _help(text: str, **more: object) -> Meta:
    return Meta(extra_json_schema={"description": text, **more})


_Channel = Annotated[str, _text("[CG][A-Z0-9]{8,}", "the id of a channel, such as C0MODELS00,")]
_User = Annotated[str, _text("[UW][A-Z0-9]{8,}", "the id of a person, such as U0ANA00000,")]
_UserGroup = Annotated[str, _text("S[A-Z0-9]{8,}", "the id of a user group, such as S0RISK0000,")]
_Mention = Annotated[str, _text("[UWS][A-Z0-9]{8,}", "the id of a person or a user group")]
OTHER_TYPES: Final = "other types"
"""What a value may be for editors besides text (`schema`)."""
_ANY_SCALAR: Final = Meta(extra_json_schema={OTHER_TYPES: ["number", "boolean"]})
"""A name may be written as `2024`, which is a number to editors, and a text here."""
_Name = Annotated[
    str, _text(r"(?=.{1,60}\Z)\S+( \S+)*", "a name of at most 60 letters"), _ANY_SCALAR
]
_RegistryName = Annotated[str, Meta(min_length=1, description="a name")]
_Pattern = Annotated[str, Meta(min_length=1, description="a pattern of group names"), _ANY_SCALAR]
_Patterns = Annotated[list[_Pattern], Meta(min_length=1, description="a list of some")]
_Needs = Annotated[
    int,
    Meta(ge=1, le=MOST_NEEDED, description=f"a whole number from 1 to {MOST_NEEDED}"),
    _help("How many of these people a move needs. Left out, it is one."),
]
_YesNo = Annotated[bool, Meta(description="true or false")]
_Move = Annotated[
    Literal["approve", "reject", "reinstate", "revoke"],
    Meta(description=f"a move ({', '.join(_MOVES)})"),
]


class People(Struct, forbid_unknown_fields=True):
    """People, by id or as members of a Slack user group."""

    users: list[_User] = []
    user_groups: list[_UserGroup] = []


class Approvers(Struct, forbid_unknown_fields=True):
    """Any of these people, and how many of them a move needs."""

    users: list[_User] = []
    user_groups: list[_UserGroup] = []
    needs: _Needs = 1


class RoleEntry(Struct, forbid_unknown_fields=True):
    """A role: a move needs people of each, and a person counts for one role."""

    role: _Name
    users: list[_User] = []
    user_groups: list[_UserGroup] = []
    needs: _Needs = 1


class MoveEntry(Struct, forbid_unknown_fields=True):
    """What is different for a move."""

    approvers: Approvers | list[RoleEntry]


class RuleEntry(Struct, forbid_unknown_fields=True):
    """Who may decide about some groups, where they are announced, and who hears of it."""

    groups: Annotated[
        _Pattern | _Patterns, _help("The name of a model package group, a pattern, or a list.")
    ]
    approvers: Annotated[
        Approvers | list[RoleEntry], _help("Any one of these people, or a list of roles.")
    ]
    name: (
        Annotated[_Name, _help("What refusals and the audit trail call this rule.")] | UnsetType
    ) = UNSET
    channel: Annotated[_Channel, _help("Where versions are announced.")] | UnsetType = UNSET
    moves: Annotated[
        dict[_Move, MoveEntry],
        _help("Who decides a move, where it differs.", propertyNames={"enum": _MOVES}),
    ] = {}
    veto: Annotated[People, _help("Who can reject or revoke alone.")] = field(
        default_factory=People
    )
    mention: (
        Annotated[list[_Mention], _help("Whom a card pings. Left out, all who may decide.")]
        | UnsetType
    ) = UNSET
    break_glass: Annotated[
        _YesNo,
        _help("Whether somebody may approve what they registered, as an emergency override."),
    ] = False
    notify: Annotated[
        list[_Channel], _help("Channels that hear of every decision and deployment.")
    ] = []
    comment: (
        Annotated[list[_Move], _help("The moves that need a comment. Left out, all but approve.")]
        | UnsetType
    ) = UNSET
    warn_outside: Annotated[
        _YesNo,
        _help("Whether an approval outside the bot is a warning that mentions the approvers."),
    ] = True
    deploy_minutes: Annotated[
        int,
        Meta(ge=0, le=1_440, description="a whole number of minutes, at most 1440"),
        _help(
            "So long after an approval, the bot says that no endpoint reported the version, if the "
            "group has an endpoint. 0 switches it off. Left out, it is 30."
        ),
    ] = DEPLOY_MINUTES


class RulesFile(Struct, forbid_unknown_fields=True):
    """Who may decide about which models. The first rule whose groups match counts."""

    channel: Annotated[_Channel, _help("Where versions are announced that no rule matches.")]
    rules: list[RuleEntry]
    people: Annotated[
        dict[_RegistryName, _User],
        _help("Slack ids of people, by what the registry calls them."),
    ] = {}
    lookup_by_email: Annotated[
        _YesNo, _help("Whether to look people up in Slack by the e-mail address in their name.")
    ] = False
