"""views.*: forms open with a trigger and are updated with a hash; Home tabs are published."""

from typing import Any

import pytest

from tests.local.slack_stand_in import (
    ANN,
    BEN,
    SECTION,
    StandIn,
    field_block,
    form,
    plain,
    refused,
)

pytest_plugins = ["tests.local.slack_fixtures"]

HOME = {"type": "home", "blocks": [SECTION]}


def home_titled(callback_id: str) -> dict[str, Any]:
    return {**HOME, "callback_id": callback_id}


def test_a_form_opens_for_the_person_of_the_trigger(slack: StandIn) -> None:
    view = slack.open_form(ANN, form(private_metadata="kept", callback_id="why"))

    assert slack.state()["views"] == {ANN.id: view}
    assert (view["private_metadata"], view["callback_id"]) == ("kept", "why")
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)


def test_a_view_that_is_a_string_of_json_is_accepted(slack: StandIn) -> None:
    trigger_id = slack.workspace.triggers.issue(ANN)

    assert slack.web.api_call(
        "views.open", data={"trigger_id": trigger_id, "view": '{"type": "modal", "title": '
        '{"type": "plain_text", "text": "x"}, "blocks": []}'}
    )["ok"]  # fmt: skip


def test_a_trigger_works_for_three_seconds(slack: StandIn) -> None:
    in_time, late = slack.workspace.triggers.issue(ANN), slack.workspace.triggers.issue(ANN)

    slack.clock.now += 3
    slack.web.views_open(trigger_id=in_time, view=form())
    slack.clock.now += 0.1
    with refused("expired_trigger_id"):
        slack.web.views_open(trigger_id=late, view=form())


def test_a_trigger_works_once(slack: StandIn) -> None:
    trigger_id = slack.workspace.triggers.issue(ANN)
    slack.web.views_open(trigger_id=trigger_id, view=form())

    with refused("exchanged_trigger_id"):
        slack.web.views_open(trigger_id=trigger_id, view=form())


def test_an_unknown_trigger_is_refused(slack: StandIn) -> None:
    with refused("invalid_trigger_id"):
        slack.web.views_open(trigger_id="1.2.3", view=form())


def test_a_refused_form_does_not_use_up_the_trigger(slack: StandIn) -> None:
    trigger_id = slack.workspace.triggers.issue(ANN)
    with refused("invalid_arguments"):
        slack.web.views_open(trigger_id=trigger_id, view=form(title=plain("x" * 25)))

    assert slack.web.views_open(trigger_id=trigger_id, view=form())["ok"]


def test_a_second_form_replaces_the_first(slack: StandIn) -> None:
    first = slack.open_form(ANN, form())
    second = slack.open_form(ANN, form())

    assert slack.state()["views"][ANN.id]["id"] == second["id"]
    with refused("not_found"):
        slack.web.views_update(view_id=first["id"], view=form())


def test_everybody_has_their_own_form(slack: StandIn) -> None:
    ann, ben = slack.open_form(ANN, form()), slack.open_form(BEN, form())

    views = slack.state()["views"]
    assert (views[ANN.id]["id"], views[BEN.id]["id"]) == (ann["id"], ben["id"])


def test_an_update_renders_the_same_form_anew(slack: StandIn) -> None:
    old = slack.open_form(ANN, form())
    slack.web.views_update(view_id=old["id"], view=form(field_block("other")))

    new = slack.state()["views"][ANN.id]
    assert (new["id"], new["blocks"][0]["block_id"]) == (old["id"], "other")
    assert new["hash"] != old["hash"]


def test_an_update_with_an_outdated_hash_is_refused(slack: StandIn) -> None:
    old = slack.open_form(ANN, form())
    update = {"view_id": old["id"], "hash": old["hash"], "view": form()}
    slack.web.views_update(**update)

    with refused("hash_conflict"):
        slack.web.views_update(**update)


def test_a_form_that_is_not_open_cannot_be_updated(slack: StandIn) -> None:
    with refused("not_found"):
        slack.web.views_update(view_id="V0NOWHERE", view=form())


def test_a_form_and_a_home_tab_keep_their_type(slack: StandIn) -> None:
    view = slack.open_form(ANN, form())

    with refused("invalid_arguments"):
        slack.web.views_update(view_id=view["id"], view=HOME)
    with refused("invalid_arguments"):
        slack.open_form(ANN, HOME)
    with refused("invalid_arguments"):
        slack.web.views_publish(user_id=ANN.id, view=form())


def test_a_home_tab_is_published_for_one_person(slack: StandIn) -> None:
    view = slack.web.views_publish(user_id=ANN.id, view=HOME)["view"]

    assert slack.state()["homes"] == {ANN.id: view}


def test_a_home_tab_stays_the_same_view_when_it_is_published_again(slack: StandIn) -> None:
    first = slack.web.views_publish(user_id=ANN.id, view=home_titled("one"))["view"]
    slack.web.views_publish(user_id=ANN.id, view=home_titled("two"))

    current = slack.state()["homes"][ANN.id]
    assert (current["id"], current["callback_id"]) == (first["id"], "two")
    with refused("hash_conflict"):
        slack.web.views_publish(user_id=ANN.id, view=HOME, hash=first["hash"])


def test_a_home_tab_may_be_updated_by_its_id(slack: StandIn) -> None:
    view = slack.web.views_publish(user_id=ANN.id, view=HOME)["view"]
    slack.web.views_update(view_id=view["id"], view=home_titled("two"))

    assert slack.state()["homes"][ANN.id]["callback_id"] == "two"


@pytest.mark.parametrize("user", ["U0NOBODY", ""])
def test_a_home_tab_cannot_be_published_for_an_unknown_person(slack: StandIn, user: str) -> None:
    with refused("invalid_arguments"):
        slack.web.views_publish(user_id=user, view=HOME)


def test_a_view_that_is_not_json_is_refused(slack: StandIn) -> None:
    with refused("invalid_arguments"):
        slack.web.api_call("views.publish", data={"user_id": ANN.id, "view": "{"})
