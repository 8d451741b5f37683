"""The arguments of a call of the Web API: a form or JSON, Slack takes either."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Request

from infra.local.slack.model import SlackError


class Arguments:
    """Arguments by name and kind. In a form, lists and objects are JSON in a string."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    @classmethod
    def of(cls, request: Request) -> "Arguments":
        """Read the arguments of *request*. Raises SlackError if its JSON is no object."""
        if not request.is_json or not request.data:
            return cls(request.values)
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise SlackError("json_not_object" if body is not None else "invalid_json")
        return cls({**request.args, **body})

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        return int(value) if value.isdigit() else default

    def document(self, name: str, error: str) -> Any:
        """Return a list or an object, None if it was not sent. Raises *error* if it is not JSON."""
        value = self._values.get(name)
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise SlackError(error) from None
