"""auth.test, users.*, usergroups.*: the bot itself, people and user groups."""

from typing import Final

from infra.local.slack.arguments import Arguments
from infra.local.slack.model import (
    BOT,
    BOT_NAME,
    BOT_USER,
    DOMAIN,
    TEAM,
    Json,
    SlackError,
    User,
    Usergroup,
)
from infra.local.slack.workspace import Workspace


def auth_test(workspace: Workspace, _args: Arguments) -> Json:
    return {
        "url": f"{workspace.url}/",
        "team": DOMAIN,
        "user": BOT_NAME,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def users_info(workspace: Workspace, args: Arguments) -> Json:
    user = workspace.users.get(args.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _user(user)}


def users_lookup_by_email(workspace: Workspace, args: Arguments) -> Json:
    email = args.text("email").lower()
    for user in workspace.users.values():
        if email and user.email.lower() == email and not user.deleted:
            return {"user": _user(user)}
    raise SlackError("users_not_found")


def usergroups_list(workspace: Workspace, args: Arguments) -> Json:
    with_users = args.flag("include_users")
    groups = workspace.usergroups.values()
    return {"usergroups": [_usergroup(each, with_users=with_users) for each in groups]}


def usergroups_users_list(workspace: Workspace, args: Arguments) -> Json:
    group = workspace.usergroups.get(args.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


METHODS: Final = {
    "auth.test": auth_test,
    "users.info": users_info,
    "users.lookupByEmail": users_lookup_by_email,
    "usergroups.list": usergroups_list,
    "usergroups.users.list": usergroups_users_list,
}


def _user(user: User) -> Json:
    profile = {"real_name": user.real_name, "display_name": user.name, "team": user.team}
    if user.email:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "is_bot": user.robot,
        "is_restricted": user.guest,
        "is_ultra_restricted": False,
        "profile": profile,
    }


def _usergroup(group: Usergroup, *, with_users: bool) -> Json:
    fields: Json = {"id": group.id, "team_id": TEAM, "is_usergroup": True, "date_delete": 0}
    fields |= {"handle": group.handle, "name": group.name, "user_count": len(group.users)}
    return fields | ({"users": list(group.users)} if with_users else {})
