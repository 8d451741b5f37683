"""What a person can do: the calls behind the page, `/client/*`, which scripts can make too."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, request

from infra.local.faults import Faults
from infra.local.slack import client_requests, form
from infra.local.slack.client_requests import COMMAND, WrongInput, number_of, text_of
from infra.local.slack.delivery import Delivery, Shown
from infra.local.slack.model import Channel, Json, Message, User, View
from infra.local.slack.state import ephemeral_json, message_json, state_of
from infra.local.slack.workspace import Workspace

LONGEST_WAIT: Final = 20
_MOST_DIGITS: Final = 18


class Client:
    """The calls of `/client/*`: each lets a person do something and reports what Slack shows."""

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
        calls = (self.click, self.submit, self.close, self.command, self.home)
        for call in (*calls, self.faults, self.rates, self.presence, self.members):
            client.add_url_rule(f"/{call.__name__}", view_func=call, methods=["POST"])
        client.register_error_handler(WrongInput, _refuse)
        return client

    def state(self) -> Json:
        if "after" in request.args:
            after = request.args["after"]
            if not after.isdecimal() or len(after) > _MOST_DIGITS:
                raise WrongInput("`after` is the revision of a state, a number.")
            self._workspace.wait(int(after), LONGEST_WAIT)
        return state_of(self._workspace)

    def click(self) -> Json:
        body = _body()
        user, surface = self._person(body), self._surface(body)
        action = client_requests.action(surface.blocks, body, self._workspace)
        filled = client_requests.filled(surface.blocks, body)
        values = form.values_of(surface.blocks, client_requests.with_choice(filled, action))
        return self._report(user, lambda: self._delivery.click(user, surface, action, values))

    def submit(self) -> Json:
        body = _body()
        user, view = self._person(body), self._form(body)
        values = form.values_of(view.blocks, client_requests.filled(view.blocks, body))
        errors = form.errors(view.blocks, values)
        if errors:
            return self._report(user, lambda: Shown(errors=errors))
        return self._report(user, lambda: self._delivery.submit(user, view, values))

    def close(self) -> Json:
        body = _body()
        user, view = self._person(body), self._form(body)
        return self._report(user, lambda: self._delivery.close(user, view))

    def command(self) -> Json:
        body = _body()
        user, channel = self._person(body), self._channel(body)
        text = client_requests.command_text(body)
        return self._report(user, lambda: self._delivery.command(user, channel, COMMAND, text))

    def home(self) -> Json:
        """Open the app, at its Home tab or its Messages tab."""
        body = _body()
        user, tab = self._person(body), body.get("tab", "home")
        if tab not in ("home", "messages"):
            raise WrongInput("`tab` is home or messages.")
        report = self._report(user, lambda: self._delivery.open_app(user, tab))
        view = self._workspace.views.home(user.id)
        return {**report, "home": view.as_json() if view else None}

    def faults(self) -> Json:
        body = _body()
        times = number_of(body, "times", 1)
        self._faults.add(text_of(body, "method"), text_of(body, "error"), times)
        return {"ok": True}

    def rates(self) -> Json:
        """Turn Slack's rate limits on or off; `burst` is how many messages come at once."""
        body, rates = _body(), self._workspace.rates
        burst = number_of(body, "burst", rates.burst)
        if not isinstance(body.get("on"), bool):
            raise WrongInput("`on` is true or false.")
        rates.on, rates.burst = body["on"], burst
        return {"ok": True}

    def presence(self) -> Json:
        """Let a person go away, or come back."""
        body = _body()
        user, away = self._person(body), self._workspace.messages.away
        if not isinstance(body.get("away"), bool):
            raise WrongInput("`away` is true or false.")
        (away.add if body["away"] else away.discard)(user.id)
        return {"ok": True}

    def members(self) -> Json:
        """Say who is in a channel; nobody else."""
        body, channels = _body(), self._workspace.channels
        channel, users = channels.get(text_of(body, "channel")), body.get("users")
        if channel is None:
            raise WrongInput(f"There is no channel {body['channel']}.")
        if not isinstance(users, list) or not all(self._is_here(each) for each in users):
            raise WrongInput("`users` is a list of ids of people who are here.")
        channels[channel.id] = replace(channel, members=tuple(users))
        return {"ok": True}

    def _is_here(self, user: Any) -> bool:
        return isinstance(user, str) and user in self._workspace.users

    def _report(self, user: User, act: Callable[[], Shown]) -> Json:
        """Do something for a person, and return what Slack has shown them since."""
        before = self._workspace.revision
        shown = act()
        self._settle()
        messages, view = self._workspace.messages, self._workspace.views.top(user.id)
        ephemeral = [each for each in messages.ephemeral(user.id) if each.revision > before]
        public = [each for each in messages.public() if each.revision > before]
        return {
            "ok": shown == Shown(),
            "error": shown.error,
            "errors": shown.errors,
            "view": view.as_json() if view else None,
            "ephemeral": [ephemeral_json(each) for each in ephemeral],
            "messages": [message_json(each) for each in public],
        }

    def _person(self, body: Json) -> User:
        user = self._workspace.user(text_of(body, "user"))
        if user is None:
            raise WrongInput(f"Nobody here has the id {body['user']}.")
        return user

    def _channel(self, body: Json) -> Channel:
        channel = self._workspace.channels.get(text_of(body, "channel"))
        if channel is None or (channel.private and not channel.has(body["user"])):
            raise WrongInput(f"There is no channel {body['channel']}, or not for this person.")
        return channel

    def _surface(self, body: Json) -> Message | View:
        """Return what the person clicks in: a view they have open, or a message they can see."""
        if "view_id" in body:
            home = self._workspace.views.home(body["user"])
            return home if home and home.id == body["view_id"] else self._form(body)
        message = self._message(text_of(body, "channel"), text_of(body, "ts"), body.get("as_of"))
        if message is None or message.only_for not in {None, body["user"]}:
            raise WrongInput("There is no such message, or it is not for this person.")
        return message

    def _message(self, channel: str, ts: str, as_of: Any) -> Message | None:
        """Return a message, or what was seen of it at an earlier revision of the state."""
        if as_of is None:
            return self._workspace.messages.get(channel, ts)
        if not isinstance(as_of, int):
            raise WrongInput("`as_of` is the revision of a state, a number.")
        return self._workspace.messages.as_of(channel, ts, as_of)

    def _form(self, body: Json) -> View:
        view = self._workspace.views.top(body["user"])
        if view is None or view.id != text_of(body, "view_id"):
            raise WrongInput("This person does not have that form in front of them.")
        return view


def _refuse(error: Exception) -> Response:
    return make_response(jsonify(ok=False, error=str(error)), 400)


def _body() -> Json:
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise WrongInput("Send a JSON object.")
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise WrongInput("There is half of a character (surrogate) in a text.") from error
    return body
