"""
How much of a processor a function has, as Lambda gives it by its memory.

Only the function is held back; the emulator is part of AWS here.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tests.bench.gates import gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.bots import Bot

_ONE: Final = 1769
"""MB of memory for which Lambda gives one processor (developer guide, "Configure memory")."""
_AT_ONCE: Final = """#!/bin/sh
pid=$$
{gate}
exec {program} "$@"
"""
_AFTER_INIT: Final = """
import os
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient as Client
waits = Client.wait_next_invocation
def wait(self):
    Client.wait_next_invocation = waits
    os.system(f"pid={{os.getpid()}}; " + {gate!r})
    return waits(self)
Client.wait_next_invocation = wait
"""
"""Goes in front of the last line of the runtime's program, which runs it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The share of a processor that *memory* buys, in MB, and from when on it holds."""

    memory: int
    init_is_free: bool = True
    """
    Whether it holds from the first call on only: while Lambda initialises a function, which is
    when the handler is imported, it gives a whole processor.
    """

    @property
    def size(self) -> str:
        return f"{self.memory:,} MB"

    @property
    def name(self) -> str:
        init = "at full speed" if self.init_is_free else "throttled"
        return f"{self.size}, INIT {init}"


FULL_SPEED: Final = Profile(1024)
THROTTLED: Final = Profile(1024, init_is_free=False)
"""The Slack request function as it is deployed."""
HALF: Final = Profile(512)
HALF_THROTTLED: Final = Profile(512, init_is_free=False)
"""The worker as it is deployed."""


@contextmanager
def limited(bots: tuple[Bot, ...], profile: Profile) -> Iterator[tuple[Bot, ...]]:
    """*bots* as they have to be started to be held to *profile*."""
    with gate(profile.memory / _ONE) as line:
        yield tuple(_behind(line, bot, profile) for bot in bots)


def _behind(line: str, bot: Bot, profile: Profile) -> Bot:
    """*bot* with a program that goes through the gate before it does what it did."""
    program = bot.image.bootstrap
    behind = program.with_name("bootstrap-behind-a-gate")
    if profile.init_is_free:
        *first, last = program.read_text().strip().splitlines()
        behind.write_text("\n".join([*first, _AFTER_INIT.format(gate=line), last]))
    else:
        behind.write_text(_AT_ONCE.format(gate=line, program=program))
    behind.chmod(0o755)
    return replace(bot, image=replace(bot.image, bootstrap=behind))
