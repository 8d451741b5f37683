"""
A worker that stops at each call to the outside, until it is told how that call ends.

Each runs in a greenlet of its own: one thread, one order of things, decided by nothing but the
simulation. A worker that dies stops there: nothing of what it would have done happens any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from greenlet import getcurrent, greenlet

from bot.core.errors import BotError

if TYPE_CHECKING:
    from datetime import datetime

    from tests.simulation.doubles import Message


class Died(BaseException):
    """The process is gone: `kill -9`, or Lambda's timeout."""


@dataclass(frozen=True)
class Call:
    """A call of a port that waits to be made."""

    port: str
    method: str
    make: Callable[[], Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.port}.{self.method}"


@dataclass
class Worker:
    """One run of a job, or of the sweep, up to its next call."""

    name: str
    started: datetime
    message: Message | None = None
    pending: Call | None = None
    previous: str = ""
    """The name of the call before that."""
    issued: datetime | None = None
    ended: bool = False
    error: Exception | None = None
    troubles: set[str] = field(default_factory=set)
    """The calls with which something was wrong."""
    owner: str = ""
    """Whose its lease is."""
    overdue: bool = False
    """Whether its pending call took longer than the client waits."""
    _greenlet: Any = field(default=None, repr=False)

    def start(self, work: Callable[[], object]) -> None:
        """Run *work* to its first call."""
        self._greenlet = greenlet(lambda: self._run(work))
        self._take(self._greenlet.switch())

    def resume(self, answer: Callable[[], Any]) -> None:
        """Let the pending call end as *answer* does, and run to the next call."""
        self._take(self._greenlet.switch(answer))

    def die(self) -> None:
        """Stop for good."""
        self._take(self._greenlet.throw(Died()))

    def _take(self, call: Call | None) -> None:
        self.pending = call

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Died:
            pass
        except BotError as error:
            self.error = error
        self.ended = True


class Wire:
    """A port whose calls wait for the simulation."""

    def __init__(self, name: str, port: Any) -> None:
        self._name = name
        self._port = port

    def __getattr__(self, method: str) -> Any:
        attribute = getattr(self._port, method)
        if not callable(attribute) or method == "registry_id_of":
            return attribute

        def calling(*args: Any, **kwargs: Any) -> Any:
            def make() -> Any:
                answer = attribute(*args, **kwargs)
                return list(answer) if isinstance(answer, Iterator) else answer

            answer = getcurrent().parent.switch(Call(self._name, method, make, args, kwargs))()
            is_lazy = method in {"summaries", "open_summaries", "entries", "chains"}
            return iter(answer) if is_lazy else answer

        return calling
