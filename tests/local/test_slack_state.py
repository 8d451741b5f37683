"""The page, and the state that it shows: `/client/state`."""

import threading
from typing import Any
from urllib.request import urlopen

import pytest

from tests.local.slack_bots import card, ephemeral
from tests.local.slack_stand_in import (
    ANN,
    APPROVERS,
    BEN,
    GENERAL,
    Clock,
    StandIn,
    form,
    new_workspace,
)

pytest_plugins = ["tests.local.slack_fixtures"]


def test_the_page_is_served_with_its_files(slack: StandIn) -> None:
    for path, kind in (("/", "text/html"), ("/page/page.css", "text/css")):
        with urlopen(f"{slack.workspace.url}{path}") as answer:
            answer.read()
            assert answer.headers.get_content_type() == kind


def test_the_state_has_all_people_channels_and_groups(slack: StandIn) -> None:
    state = slack.state()

    assert {"id": ANN.id, "name": "ann", "real_name": "Ann Lee"} in state["users"]
    assert {"id": GENERAL.id, "name": "general"} in state["channels"]
    assert state["usergroups"] == [
        {
            "id": APPROVERS.id,
            "handle": "approvers",
            "name": "Approvers",
            "users": [ANN.id, BEN.id],
        }
    ]
    assert state["bot"].keys() == {"id", "name"}
    for nothing_yet in ("messages", "ephemeral", "views", "homes"):
        assert not state[nothing_yet]


def test_every_change_increases_the_revision(slack: StandIn) -> None:
    revisions = [slack.state()["revision"]]
    for change in (card, ephemeral, lambda slack: slack.open_form(ANN, form())):
        change(slack)
        revisions.append(slack.state()["revision"])

    assert revisions == sorted(set(revisions))


def test_a_client_with_an_older_state_is_answered_at_once(slack: StandIn) -> None:
    before = slack.state()["revision"]
    card(slack)

    assert slack.http(f"/client/state?after={before}")[1]["revision"] > before


def test_a_client_with_the_current_state_waits_for_the_next_change(slack: StandIn) -> None:
    revision = slack.state()["revision"]
    answers: list[Any] = []

    def read() -> None:
        answers.append(slack.http(f"/client/state?after={revision}")[1])

    reader = threading.Thread(target=read)
    reader.start()
    card(slack)
    reader.join()
    assert len(answers[0]["messages"]) == 1


def test_a_client_does_not_wait_for_ever() -> None:
    workspace = new_workspace(Clock())

    assert workspace.wait(after=workspace.revision, seconds=0) == workspace.revision


def test_a_client_with_a_state_of_an_earlier_run_is_answered_at_once(slack: StandIn) -> None:
    assert slack.http("/client/state?after=4711")[1]["revision"] == slack.workspace.revision


def test_a_failed_change_does_not_increase_the_revision() -> None:
    workspace = new_workspace(Clock())

    with pytest.raises(ZeroDivisionError), workspace.changes.one():
        raise ZeroDivisionError
    assert workspace.revision == 0
