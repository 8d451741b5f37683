"""The forms that people have open, a stack for each person, and their Home tabs."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from secrets import token_hex

from infra.local.slack.changes import Changes
from infra.local.slack.model import Json, SlackError, View

MOST_ON_STACK = 3


class Views:
    """All open forms and Home tabs."""

    def __init__(self, changes: Changes, clock: Callable[[], float]) -> None:
        self._changes = changes
        self._clock = clock
        self._numbers = count(1)
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def open(self, user: str, body: Json) -> View:
        """Show a form, and close those that the person had open."""
        with self._changes.one():
            view = self._new(user, body)
            self._stacks[user] = [view]
            return view

    def push(self, user: str, body: Json) -> View:
        """Show a form on top of the open ones. Raises SlackError."""
        with self._changes.one():
            stack = self._stacks.setdefault(user, [])
            if len(stack) == MOST_ON_STACK:
                raise SlackError("push_limit_reached")
            view = self._new(user, body)
            if stack:
                view = replace(view, root=stack[0].id, previous=stack[-1].id)
            stack.append(view)
            return view

    def publish(self, user: str, body: Json, expected_hash: str = "") -> View:
        """Show a Home tab; it keeps its id when it is replaced. Raises SlackError."""
        with self._changes.one():
            old = self._homes.get(user)
            if old and expected_hash and expected_hash != old.hash:
                raise SlackError("hash_conflict")
            self._homes[user] = self._replaced(old, body) if old else self._new(user, body)
            return self._homes[user]

    def update(self, view_id: str, body: Json, expected_hash: str = "") -> View:
        """Replace the content of a view, whose hash must be *expected_hash* if that is given."""
        with self._changes.one():
            old = self.get(view_id)
            if old is None:
                raise SlackError("not_found")
            if expected_hash and expected_hash != old.hash:
                raise SlackError("hash_conflict")
            return self._put(self._replaced(old, body))

    def close(self, view: View) -> None:
        """Close a form and those on top of it."""
        with self._changes.one():
            stack = self._stacks.get(view.user, [])
            ids = [each.id for each in stack]
            del stack[ids.index(view.id) if view.id in ids else len(ids) :]

    def clear(self, user: str) -> None:
        with self._changes.one():
            self._stacks.pop(user, None)

    def get(self, view_id: str) -> View | None:
        stacked = (view for stack in self._stacks.copy().values() for view in stack)
        return next((each for each in (*stacked, *self.homes()) if each.id == view_id), None)

    def top(self, user: str) -> View | None:
        """Return the form that the person sees."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def tops(self) -> list[View]:
        return [stack[-1] for stack in self._stacks.copy().values() if stack]

    def homes(self) -> list[View]:
        return list(self._homes.copy().values())

    def _new(self, user: str, body: Json) -> View:
        view_id = f"V{next(self._numbers):08d}"
        return View(view_id, user, self._new_hash(), body, root=view_id)

    def _replaced(self, old: View, body: Json) -> View:
        return replace(old, body=body, hash=self._new_hash())

    def _put(self, view: View) -> View:
        if view.body["type"] == "home":
            self._homes[view.user] = view
        else:
            stack = self._stacks[view.user]
            stack[[each.id for each in stack].index(view.id)] = view
        return view

    def _new_hash(self) -> str:
        return f"{int(self._clock())}.{token_hex(4)}"
