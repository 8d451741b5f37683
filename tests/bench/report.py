"""The report: tables as in the README, and which goals are met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.bench.bots import OURS, TEXTBOOK
from tests.bench.events import CLICK, KINDS
from tests.bench.quota import AS_DEPLOYED, NO_LIMIT, PROFILES
from tests.bench.timing import COLD, FORM, WARM, Cell

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from tests.bench.calls import Step
    from tests.bench.timing import AllTimes, Times

_LABELS: Final = {kind: f"ack of a {kind}" for kind in KINDS} | {FORM: "form of a click"}
_NOTHING: Final = "n/a"
_HALF: Final = 0.5
_SECOND: Final = 1000
_AWS_CALLS: Final = 8
_SLACK_CALLS: Final = 3
_MEGABYTES: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run measured."""

    times: AllTimes
    sizes: Mapping[str, Mapping[str, int | None]]
    """Bytes of the archives, by platform and bot; None of one that could not be built."""
    steps: tuple[Step, ...]


def table(results: Results) -> str:
    """Everything in one Markdown table; ours, the textbook's, and how they compare."""
    head = ("| | ours | textbook | ours / textbook |", "| --- | --: | --: | --: |")
    return "\n".join([*head, *_time_rows(results), *_size_rows(results), *_call_rows(results), ""])


def _time_rows(results: Results) -> Iterator[str]:
    for profile in PROFILES:
        for start in (COLD, WARM):
            for kind in (CLICK, FORM, *KINDS[1:]):
                yield _time_row(results.times, profile.name, start, kind)


def _time_row(times: AllTimes, profile: str, start: str, kind: str) -> str:
    ours, theirs = (times[Cell(profile, start, kind, bot)] for bot in (OURS, TEXTBOOK))
    compared = f"{ours.median / theirs.median:.2f}"
    name = f"{start}, {_LABELS[kind]}, {profile}"
    return f"| {name} | {_took(ours)} | {_took(theirs)} | {compared} |"


def _took(times: Times) -> str:
    return f"{times.median:,.0f} ms ({times.p90:,.0f})"


def _size_rows(results: Results) -> Iterator[str]:
    for platform, sizes in results.sizes.items():
        ours, theirs = (sizes.get(bot) for bot in (OURS, TEXTBOOK))
        compared = f"{ours / theirs:.2f}" if ours and theirs else _NOTHING
        yield f"| zip, {platform} | {_mb(ours)} | {_mb(theirs)} | {compared} |"


def _mb(size: int | None) -> str:
    return f"{size / 1_000_000:.1f} MB" if size else _NOTHING


def _call_rows(results: Results) -> Iterator[str]:
    for step in results.steps:
        many = f"{step.counts.aws.total()} AWS, {step.counts.slack.total()} Slack"
        yield f"| calls, {step.name} | {many} | {_NOTHING} | {_NOTHING} |"


def calls(results: Results) -> str:
    """The calls of each step by name."""
    lines = (
        f"- {step.name}: {_names(step.counts.aws + step.counts.slack)}" for step in results.steps
    )
    return "\n".join([*lines, ""])


def _names(counts: Counter[str]) -> str:
    return ", ".join(f"{many} x {name}" if many > 1 else name for name, many in counts.items())


def bytecode(times: AllTimes, weights: Mapping[str, int]) -> str:
    """A cold click of each bot, and the bytes of its archive."""
    limits = (NO_LIMIT.name, AS_DEPLOYED.name)
    rows = [f"| cold, {_LABELS[CLICK]} | zip | {' | '.join(limits)} |", "| --- | --: | --: | --: |"]
    for bot, weight in weights.items():
        took = [_took(times[Cell(limit, COLD, CLICK, bot)]) for limit in limits]
        rows.append(f"| {bot} | {_mb(weight)} | {' | '.join(took)} |")
    return "\n".join([*rows, ""])


def goals(results: Results) -> str:
    """Each goal, and whether it was met."""
    lines = [f"- {'met' if met else 'NOT met'}: {goal}" for goal, met in _goals(results)]
    return "\n".join([*lines, ""])


def _goals(results: Results) -> Iterator[tuple[str, bool]]:
    ours, theirs = (
        results.times[Cell(AS_DEPLOYED.name, COLD, CLICK, bot)].median for bot in (OURS, TEXTBOOK)
    )
    at_memory = f"at {AS_DEPLOYED.name}"
    half = f"cold ack of a click {at_memory} at most half of the textbook's: {ours / theirs:.2f}"
    yield half, ours <= theirs * _HALF
    yield f"cold ack of a click {at_memory} under 1 s: {ours:,.0f} ms", ours < _SECOND
    for step in results.steps:
        if step.decides:
            yield from _goals_of(step)
    for platform, sizes in results.sizes.items():
        size = sizes[OURS]
        yield f"zip at most 8 MB: {_mb(size)}, {platform}", size is not None and size <= _MEGABYTES


def _goals_of(step: Step) -> Iterator[tuple[str, bool]]:
    aws, slack = step.counts.aws, step.counts.slack
    updates = aws["sagemaker:UpdateModelPackage"]
    yield f"at most 8 AWS calls: {aws.total()}, {step.name}", aws.total() <= _AWS_CALLS
    yield f"at most 3 Slack calls: {slack.total()}, {step.name}", slack.total() <= _SLACK_CALLS
    yield f"one UpdateModelPackage: {updates}, {step.name}", updates == 1
