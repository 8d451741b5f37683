from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.local import example
from infra.local.browser import chromium
from tests.browser.page import Person
from tests.world.embedded import FRAUD, Embedded, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The example of `make demo`, with all that the tests add to it."""
    with running("example", tmp_path_factory.mktemp("browser")) as world:
        world.rest()
        yield world


@pytest.fixture
def open_page(browser: Browser, world: Embedded) -> Iterator[Callable[..., Person]]:
    """Lets a person open the page in a window of their own; forms of earlier tests are closed."""
    people: list[Person] = []

    def open_for(who: str, channel: str = FRAUD, size: Any = None) -> Person:
        people.append(Person.open_page(browser, world, who, channel, size))
        return people[-1]

    for who, view in world.state()["views"].items():
        world.act("close", user=who, view_id=view["id"])
    yield open_for
    for person in people:
        person.page.context.close()
    assert [error for person in people for error in person.errors] == []


@pytest.fixture
def register(world: Embedded) -> Callable[..., str]:
    """Registers a version in a group of the test's own, as a training pipeline does."""
    body = json.dumps({"binary_classification_metrics": NUMBERS}).encode()

    def register(group: str, status: str = "PendingManualApproval") -> str:
        groups = world.sagemaker.list_model_package_groups(NameContains=group)
        if not groups["ModelPackageGroupSummaryList"]:
            world.sagemaker.create_model_package_group(ModelPackageGroupName=group)
        key = f"{group}/evaluation.json"
        world.client("s3").put_object(Bucket=example.BUCKET, Key=key, Body=body)
        statistics = {"ContentType": "application/json", "S3Uri": f"s3://{example.BUCKET}/{key}"}
        return world.register(
            group,
            status,
            ModelPackageDescription=f"Scores for {group}, trained on the last quarter.",
            ModelMetrics={"ModelQuality": {"Statistics": statistics}},
        )

    return register


NUMBERS = {
    "accuracy": {"value": 0.9634, "standard_deviation": 0.004},
    "precision": {"value": 0.8742, "standard_deviation": 0.011},
    "recall": {"value": 0.8235, "standard_deviation": 0.013},
    "auc": {"value": 0.9561, "standard_deviation": 0.006},
}
