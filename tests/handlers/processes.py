"""The processes in which Lambda keeps the handlers: what is in one is gone with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.wiring.events import EventBot
from bot.wiring.jobs import JobBot
from bot.wiring.slack_request import SlackRequestBot
from handlers import registry_event, slack_request, sweep, worker

if TYPE_CHECKING:
    import pytest


def start(patch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """Let the handlers of this process find *environment*, as if they had just been started."""
    for name, value in environment.items():
        patch.setenv(name, value)
    restart()


def restart() -> None:
    """Give every handler a new bot, as in a new process: it reads the environment again."""
    settings = Settings()
    slack_request.bot = SlackRequestBot(settings, slack_request.bot.metrics)
    registry_event.bot = EventBot(settings, registry_event.bot.metrics)
    sweep.bot = JobBot(settings, sweep.bot.metrics)
    worker.bot = JobBot(settings, worker.bot.metrics)
