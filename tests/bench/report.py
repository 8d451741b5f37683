"""The report: tables as in the README, and which goals are met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.bench.bots import OURS, OURS_PLAIN, TEXTBOOK, TEXTBOOK_COMPILED
from tests.bench.events import CLICK, KINDS, QUESTION
from tests.bench.quota import FULL_SPEED, THROTTLED
from tests.bench.timing import COLD, FORM, WARM, Cell

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from tests.bench.calls import Step
    from tests.bench.quota import Profile
    from tests.bench.timing import AllTimes, Times

BOTS: Final = (OURS, TEXTBOOK, OURS_PLAIN, TEXTBOOK_COMPILED)
"""Both as they are deployed, and then the other way round: the columns."""
_PAIRS: Final = ((OURS, TEXTBOOK), (OURS, TEXTBOOK_COMPILED))
"""What is compared: as deployed, and where both have bytecode."""
_LABELS: Final = {
    **{kind: f"ack of a {kind}" for kind in KINDS},
    FORM: "form of a click",
    QUESTION: "worker answers a question",
}
_NOTHING: Final = "n/a"
_COLD_GOALS: Final = ((FULL_SPEED, 0.40), (THROTTLED, 0.35))
_WARM_GOAL: Final = 1.5
_SECOND: Final = 1000
_AWS_CALLS: Final = 11
_SLACK_CALLS: Final = 4
"""The card, the thread, a channel, and the receipt in the form."""
_MEGABYTES: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run measured."""

    times: AllTimes
    sizes: Mapping[str, Mapping[str, int | None]]
    """Bytes of the archives, by platform and bot; None of one that could not be built."""
    steps: tuple[Step, ...]


def table(results: Results) -> str:
    """Everything in one Markdown table: the bots, and how ours compares with the textbook's."""
    columns = ("", *BOTS, "ours / textbook", "both with bytecode")
    head = (_row(*columns), _row("---", *["--:"] * (len(columns) - 1)))
    return "\n".join([*head, *_time_rows(results), *_size_rows(results), *_call_rows(results), ""])


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _time_rows(results: Results) -> Iterator[str]:
    """A row for whatever was timed, in that order."""
    timed = ((cell.profile, cell.start, cell.kind) for cell in results.times)
    for profile, start, kind in dict.fromkeys(timed):
        took = {
            bot: results.times[cell]
            for bot in BOTS
            if (cell := Cell(profile, start, kind, bot)) in results.times
        }
        medians = {bot: times.median for bot, times in took.items()}
        shown = [_took(took[bot]) if bot in took else _NOTHING for bot in BOTS]
        yield _row(f"{start}, {_LABELS[kind]}, {_named(profile, start)}", *shown, *_ratios(medians))


def _named(profile: Profile, start: str) -> str:
    """*profile*, without what makes no difference to a function that runs already."""
    return profile.name if start == COLD else profile.size


def _took(times: Times) -> str:
    return f"{times.median:,.0f} ms ({times.p90:,.0f})"


def _ratios(values: Mapping[str, float | None]) -> Iterator[str]:
    for ours, theirs in _PAIRS:
        one, other = values.get(ours), values.get(theirs)
        yield f"{one / other:.2f}" if one and other else _NOTHING


def _size_rows(results: Results) -> Iterator[str]:
    for platform, sizes in results.sizes.items():
        yield _row(f"zip, {platform}", *(_mb(sizes.get(bot)) for bot in BOTS), *_ratios(sizes))


def _mb(size: int | None) -> str:
    return f"{size / 1_000_000:.1f} MB" if size else _NOTHING


def _call_rows(results: Results) -> Iterator[str]:
    for step in results.steps:
        many = f"{step.counts.aws.total()} AWS, {step.counts.slack.total()} Slack"
        yield _row(f"calls, {step.name}", many, *[_NOTHING] * (len(BOTS) + 1))


def calls(results: Results) -> str:
    """The calls of each step by name."""
    lines = (
        f"- {step.name}: {_names(step.counts.aws + step.counts.slack)}" for step in results.steps
    )
    return "\n".join([*lines, ""])


def _names(counts: Counter[str]) -> str:
    return ", ".join(f"{many} x {name}" if many > 1 else name for name, many in counts.items())


def goals(results: Results) -> str:
    """Each goal, and whether it was met."""
    lines = [f"- {'met' if met else 'NOT met'}: {goal}" for goal, met in _goals(results)]
    return "\n".join([*lines, ""])


def _goals(results: Results) -> Iterator[tuple[str, bool]]:
    for profile, most in _COLD_GOALS:
        yield _at_most(most, results.times, profile, COLD)
    yield _at_most(_WARM_GOAL, results.times, FULL_SPEED, WARM)
    slowest = results.times[Cell(THROTTLED, COLD, CLICK, OURS)].median
    yield f"cold ack of a click under 1 s: {slowest:,.0f} ms, {THROTTLED.name}", slowest < _SECOND
    for step in results.steps:
        if step.decides:
            yield from _goals_of(step)
    for platform, sizes in results.sizes.items():
        size = sizes[OURS]
        yield f"zip at most 8 MB: {_mb(size)}, {platform}", size is not None and size <= _MEGABYTES


def _at_most(most: float, times: AllTimes, profile: Profile, start: str) -> tuple[str, bool]:
    """The goal that our ack of a click takes at most so much of the textbook's."""
    ours, theirs = (times[Cell(profile, start, CLICK, bot)].median for bot in (OURS, TEXTBOOK))
    ratio = ours / theirs
    goal = f"{start} ack of a click at most {most:.2f} of the textbook's"
    return f"{goal}: {ratio:.3f}, {_named(profile, start)}", ratio <= most


def _goals_of(step: Step) -> Iterator[tuple[str, bool]]:
    aws, slack = step.counts.aws, step.counts.slack
    updates = aws["sagemaker:UpdateModelPackage"]
    for calls, of, most in ((aws, "AWS", _AWS_CALLS), (slack, "Slack", _SLACK_CALLS)):
        many = calls.total()
        yield f"at most {most} {of} calls: {many}, {step.name}", many <= most
    yield f"one UpdateModelPackage: {updates}, {step.name}", updates == 1
