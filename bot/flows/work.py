"""Carry out one errand from the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.errands import Announce, Ask, Check, Decide, Deployed, Withdraw
from bot.flows.announce import announce
from bot.flows.answer import answer
from bot.flows.decide import check, decide
from bot.flows.deployed import deployed
from bot.flows.withdraw import withdraw

if TYPE_CHECKING:
    from bot.core.errands import Errand
    from bot.flows.ports import Ports


def work(errand: Errand, at: Ports) -> None:
    """Carry out *errand*. Raises what should send it back to the line, or set it aside."""
    match errand:
        case Announce(arn=arn):
            announce(arn, at)
        case Deployed(arn=arn):
            deployed(arn, at)
        case Check():
            check(errand, at)
        case Decide():
            decide(errand, at)
        case Withdraw():
            withdraw(errand, at)
        case Ask():
            answer(errand, at)
