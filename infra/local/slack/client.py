"""What a person can do: the calls behind the page, which scripts can make just as well."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, request

from infra.local.faults import Faults
from infra.local.slack import form, gestures
from infra.local.slack.delivery import Delivery, Shown
from infra.local.slack.gestures import COMMAND, WrongInput, text_of
from infra.local.slack.model import Channel, Json, Message, SlackError, User, View
from infra.local.slack.state import ephemeral_json, message_json, state_of
from infra.local.slack.workspace import Workspace

LONGEST_WAIT: Final = 20


class Client:
    def __init__(
        self, workspace: Workspace, faults: Faults, delivery: Delivery, settle: Callable[[], None]
    ) -> None:
        self._workspace = workspace
        self._faults = faults
        self._delivery = delivery
        self._settle = settle

    def blueprint(self) -> Blueprint:
        client = Blueprint("client", __name__, url_prefix="/client")
        client.add_url_rule("/state", view_func=self.state)
        for act in (self.click, self.submit, self.close, self.command, self.home, self.faults):
            client.add_url_rule(f"/{act.__name__}", view_func=act, methods=["POST"])
        client.register_error_handler(WrongInput, _refuse)
        return client

    def state(self) -> Json:
        if "after" in request.args:
            after = request.args["after"]
            if not after.isdigit():
                raise WrongInput("`after` is the revision of a state, a number.")
            self._workspace.wait(int(after), LONGEST_WAIT)
        return state_of(self._workspace)

    def click(self) -> Json:
        body = _body()
        user, place = self._person(body), self._place(body)
        action = gestures.action(place.blocks, body)
        filled = gestures.filled(place.blocks, body) | gestures.picked(action)
        values = form.values_of(place.blocks, filled)
        return self._report(user, lambda: self._delivery.click(user, place, action, values))

    def submit(self) -> Json:
        body = _body()
        user, view = self._person(body), self._form(body)
        values = form.values_of(view.blocks, gestures.filled(view.blocks, body))
        complaints = form.complaints(view.blocks, values)
        if complaints:
            return self._report(user, lambda: Shown(errors=complaints))
        return self._report(user, lambda: self._delivery.submit(user, view, values))

    def close(self) -> Json:
        body = _body()
        user, view = self._person(body), self._form(body)
        return self._report(user, lambda: self._delivery.close(user, view))

    def command(self) -> Json:
        body = _body()
        user, channel, text = self._person(body), self._channel(body), gestures.command_text(body)
        return self._report(user, lambda: self._delivery.command(user, channel, COMMAND, text))

    def home(self) -> Json:
        user = self._person(_body())
        report = self._report(user, lambda: self._delivery.open_home(user))
        view = self._workspace.views.home(user.id)
        return {**report, "home": view.as_json() if view else None}

    def faults(self) -> Json:
        body = _body()
        times = body.get("times", 1)
        if not isinstance(times, int) or times < 1:
            raise WrongInput("`times` is a number, 1 or more.")
        self._faults.add(text_of(body, "method"), text_of(body, "error"), times)
        return {"ok": True}

    def _report(self, user: User, act: Callable[[], Shown]) -> Json:
        """Let something happen and tell what Slack has shown the person since."""
        before = self._workspace.revision
        shown = act()
        self._settle()
        messages, view = self._workspace.messages, self._workspace.views.top(user.id)
        own = [each for each in messages.ephemeral(user.id) if each.revision > before]
        common = [each for each in messages.public() if each.revision > before]
        return {
            "ok": shown == Shown(),
            "error": shown.error,
            "errors": shown.errors,
            "view": view.as_json() if view else None,
            "ephemeral": [ephemeral_json(each) for each in own],
            "messages": [message_json(each) for each in common],
        }

    def _person(self, body: Json) -> User:
        user = self._workspace.user(text_of(body, "user"))
        if user is None:
            raise WrongInput(f"Nobody here has the id {body['user']}.")
        return user

    def _channel(self, body: Json) -> Channel:
        try:
            return self._workspace.channel(text_of(body, "channel"))
        except SlackError:
            raise WrongInput(f"There is no channel {body['channel']}.") from None

    def _place(self, body: Json) -> Message | View:
        """What the person clicks in: a view in front of them, or a message that they can see."""
        if "view_id" in body:
            home = self._workspace.views.home(body["user"])
            return home if home and home.id == body["view_id"] else self._form(body)
        message = self._workspace.messages.get(text_of(body, "channel"), text_of(body, "ts"))
        if message is None or message.only_for not in {None, body["user"]}:
            raise WrongInput("There is no such message, or it is not for this person.")
        return message

    def _form(self, body: Json) -> View:
        view = self._workspace.views.top(body["user"])
        if view is None or view.id != text_of(body, "view_id"):
            raise WrongInput("This person does not have that form in front of them.")
        return view


def _refuse(error: Exception) -> Response:
    return make_response(jsonify(ok=False, error=str(error)), 400)


def _body() -> Json:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise WrongInput("Send a JSON object.")
    return body
