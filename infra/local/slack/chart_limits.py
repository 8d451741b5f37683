"""
What Slack accepts as a chart.

Source: docs.slack.dev/reference/block-kit/blocks/data-visualization-block; what it says of several
fields at once is also in CopilotKit/CopilotKit #6342.
"""

from collections.abc import Iterator
from typing import Any, Final

from infra.local.slack.element_limits import NAME
from infra.local.slack.rules import (
    Rule,
    all_of,
    array,
    by_type,
    checked,
    number,
    problem,
    shape,
    string,
    typed,
)

LABEL: Final = string(20)
SERIES: Final = 6
POINTS: Final = 20


def _positive(value: Any, pointer: str) -> Iterator[str]:
    if value <= 0:
        yield problem("must be more than 0", pointer)


def _names_differ(chart: Any, pointer: str) -> Iterator[str]:
    names = [series["name"] for series in chart["series"]]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield problem(f"duplicate name: {name}", f"{pointer}/series/{index}/name")


def _a_point_for_each_category(chart: Any, pointer: str) -> Iterator[str]:
    categories = chart["axis_config"]["categories"]
    for index, series in enumerate(chart["series"]):
        if [point["label"] for point in series["data"]] != categories:
            yield problem("must have one point for each category", f"{pointer}/series/{index}/data")


_SEGMENT: Final = shape({"label": LABEL, "value": checked(number, _positive)})
_POINT: Final = shape({"label": LABEL, "value": number})
_AXES: Final = shape(
    {"categories": array(LABEL, POINTS)}, {"x_label": string(50), "y_label": string(50)}
)
_WITH_AXES: Final = checked(
    typed(
        {
            "series": array(shape({"name": LABEL, "data": array(_POINT, POINTS)}), SERIES),
            "axis_config": _AXES,
        }
    ),
    all_of(_names_differ, _a_point_for_each_category),
)

CHART: Final[Rule] = typed(
    {
        "title": string(50),
        "chart": by_type(
            {
                "pie": typed({"segments": array(_SEGMENT, SERIES)}),
                "bar": _WITH_AXES,
                "line": _WITH_AXES,
                "area": _WITH_AXES,
            }
        ),
    },
    {"block_id": NAME},
)
