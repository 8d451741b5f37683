"""
What the bot promises about its answers: each question has one, and it says what is.

`/model-status` is asked at any time, also while calls fail and people decide. At rest all of it is
asked once more, and held against the registry as it is then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.jobs.messages import AnswerQuestion
from bot.core.registry.outcome import next_to_deploy
from bot.core.registry.version import Status
from bot.flows.work import work
from tests.core.reading import as_read
from tests.doubles.builders import ANA
from tests.simulation.required import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.registry.version import Arn, DescribedVersion
    from tests.simulation.simulation import Simulation

    Registered = Mapping[Arn, DescribedVersion]

GROUPS = ("fraud", "pair")
QUESTIONS = ("", "pending", *GROUPS)
_ROW = re.compile(r"Version (\d+) \| \S+ (Approved|Rejected|Registered|Waiting)")
_STATUSES = {
    "Approved": Status.APPROVED,
    "Registered": Status.APPROVED,
    "Rejected": Status.REJECTED,
    "Waiting": Status.PENDING,
}


def question(text: str, number: int) -> AnswerQuestion:
    """Make Ana's question number *number*, with an address of its own for the answer."""
    return AnswerQuestion(person=ANA, text=text, answer_url=f"https://hooks.slack.com/{number}")


def check_answers(simulation: Simulation) -> None:
    """Each question was answered; and asked again now, each answer says what is."""
    answered = {url for url, _, _ in simulation.chat.answers}
    for asked in simulation.world.asked:
        require(asked.answer_url in answered, "each question is answered", asked.text)
    ports = simulation.quiet_ports()
    for text in QUESTIONS:
        work(question(text, 0), ports)
        read = as_read(simulation.chat.answers.pop()[1])
        _check(text, read, simulation.registry.registered)


def _check(text: str, read: str, registered: Registered) -> None:
    match text:
        case "":
            for group in GROUPS:
                _check_overview(group, read, registered)
        case "pending":
            _check_pending(read, registered)
        case group:
            _check_versions(group, read, registered)


def _check_overview(group: str, read: str, registered: Registered) -> None:
    promise = "the overview says what is"
    lines = [line for line in read.split("\n") if line.startswith(f"{group} | ")]
    versions = _of_group(group, registered)
    require(len(lines) == bool(versions), promise, (group, read))
    newest, waiting = next_to_deploy(versions), _numbers(versions, Status.PENDING)
    for line in lines:
        said = re.search(r"version (\d+) is next to deploy", line)
        require((int(said[1]) if said else None) == (newest and newest.number), promise, line)
        many = re.search(r"(\d+) waiting", line)
        require((int(many[1]) if many else 0) == len(waiting), promise, line)


def _check_pending(read: str, registered: Registered) -> None:
    said = sorted(
        (group, int(number))
        for group, number in re.findall(r"^(\w+) version (\d+) \|", read, re.MULTILINE)
    )
    waiting = sorted(
        (version.group, version.number)
        for version in registered.values()
        if version.status is Status.PENDING
    )
    require(said == waiting, "the list of what waits is complete", (read, waiting))


def _check_versions(group: str, read: str, registered: Registered) -> None:
    versions = _of_group(group, registered)
    said = {int(number): _STATUSES[status] for number, status in _ROW.findall(read)}
    require(
        said == {version.number: version.status for version in versions},
        "the list of a group says each version's status",
        read,
    )


def _of_group(group: str, registered: Registered) -> list[DescribedVersion]:
    return [version for version in registered.values() if version.group == group]


def _numbers(versions: Iterable[DescribedVersion], status: Status) -> list[int]:
    return [version.number for version in versions if version.status is status]
