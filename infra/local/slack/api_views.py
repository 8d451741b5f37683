"""views.*: opening and updating a form, and publishing a person's Home tab."""

from typing import Any, Final

from infra.local.slack.arguments import Arguments
from infra.local.slack.content import view_of
from infra.local.slack.model import Json, SlackError
from infra.local.slack.rules import problem
from infra.local.slack.workspace import Workspace


def open_view(workspace: Workspace, args: Arguments) -> Json:
    body = view_of(_view(args), "modal")
    # Last, because only a form that opens uses up its trigger.
    person = workspace.triggers.use(args.text("trigger_id"))
    return {"view": workspace.views.open(person.id, body).as_json()}


def update(workspace: Workspace, args: Arguments) -> Json:
    old = workspace.views.get(args.text("view_id"))
    if old is None:
        raise SlackError("not_found")
    body = view_of(_view(args), old.body["type"])
    return {"view": workspace.views.update(old.id, body, args.text("hash")).as_json()}


def publish(workspace: Workspace, args: Arguments) -> Json:
    person = workspace.user(args.text("user_id"))
    if person is None:
        raise SlackError("invalid_arguments", [problem("invalid `user_id`", "/user_id")])
    body = view_of(_view(args), "home")
    return {"view": workspace.views.publish(person.id, body, args.text("hash")).as_json()}


METHODS: Final = {
    "views.open": open_view,
    "views.update": update,
    "views.publish": publish,
}


def _view(args: Arguments) -> Any:
    return args.document("view", "invalid_arguments")
