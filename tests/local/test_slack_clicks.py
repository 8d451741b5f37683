"""What a click sends to the bot, and what the person then sees: `/client/click`."""

from typing import Any

import pytest

from tests.local.slack_bots import MENU, OPTIONS, SELECT, answering, card, ephemeral, silent
from tests.local.slack_stand_in import (
    ANN,
    BEN,
    GENERAL,
    GUEST,
    SECTION,
    StandIn,
    actions,
    button,
    field_block,
    form,
    plain,
    typed,
)

pytest_plugins = ["tests.local.slack_fixtures"]


def test_a_click_tells_the_bot_who_clicked_what_and_where(slack: StandIn) -> None:
    where = card(slack)
    slack.act("click", user=ANN.id, action_id="press", **where)

    payload = slack.payload
    assert payload["type"] == "block_actions"
    assert payload["team"] == {"id": ANN.team, "domain": "local"}
    assert payload["user"] == {"id": ANN.id, "name": "ann", "username": "ann", "team_id": ANN.team}
    assert payload["container"] == {
        "type": "message",
        "message_ts": where["ts"],
        "channel_id": GENERAL.id,
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": GENERAL.id, "name": "general"}
    assert payload["message"]["ts"] == where["ts"]
    assert payload["state"] == {"values": {}}
    (action,) = payload["actions"]
    assert action.pop("action_ts") == f"{slack.clock.now:.6f}"
    assert action == {
        "type": "button",
        "action_id": "press",
        "block_id": "row",
        "value": "arn:1",
        "text": plain("Press"),
    }


def test_a_click_of_a_guest_names_the_other_team(slack: StandIn) -> None:
    slack.act("click", user=GUEST.id, action_id="press", **card(slack))

    assert slack.payload["user"]["team_id"] == "T0ELSEWHERE"
    assert slack.payload["team"]["id"] == ANN.team


def test_a_click_in_a_thread_says_so(slack: StandIn) -> None:
    parent = card(slack)["ts"]
    slack.act("click", user=ANN.id, action_id="press", **card(slack, thread_ts=parent))

    assert slack.payload["container"]["thread_ts"] == parent


def test_a_click_in_an_ephemeral_message_contains_no_copy_of_it(slack: StandIn) -> None:
    slack.act("click", user=ANN.id, action_id="press", **ephemeral(slack))

    assert slack.payload["container"]["is_ephemeral"] is True
    assert "message" not in slack.payload


def test_a_conversation_with_the_bot_has_the_name_that_slack_gives_it(slack: StandIn) -> None:
    blocks = [actions(button())]
    answer = slack.web.chat_postMessage(channel=ANN.id, text="x", blocks=blocks)
    slack.act("click", user=ANN.id, channel="D0ANN", ts=answer["ts"], action_id="press")

    assert slack.payload["channel"] == {"id": "D0ANN", "name": "directmessage"}


def test_a_click_is_checked_against_the_current_message(slack: StandIn) -> None:
    where = card(slack)
    blocks = [actions(button("other"))]
    slack.web.chat_update(**where, text="New", blocks=blocks)

    slack.act("click", user=ANN.id, action_id="other", **where)
    assert slack.payload["message"]["text"] == "New"
    assert "any more" in slack.refusal("click", user=ANN.id, action_id="press", **where)


def test_a_person_may_click_what_the_message_showed_before(slack: StandIn) -> None:
    """Slack does not compare a click with the message: a card that has changed is still clicked."""
    where = card(slack, actions(button(value="old")))
    seen = slack.state()["revision"]
    slack.web.chat_update(**where, text="New", blocks=[actions(button("other"))])
    slack.act("click", user=ANN.id, action_id="press", as_of=seen, **where)

    assert slack.payload["actions"][0]["value"] == "old"
    assert slack.payload["message"]["text"] == "Card"


def test_a_person_may_click_a_message_that_was_deleted_meanwhile(slack: StandIn) -> None:
    where, seen = card(slack), slack.state()["revision"]
    slack.web.chat_delete(**where)
    slack.act("click", user=ANN.id, action_id="press", as_of=seen, **where)

    assert slack.payload["container"]["message_ts"] == where["ts"]


@pytest.mark.parametrize("as_of", ["1", 0])
def test_nobody_clicks_what_a_message_never_showed(slack: StandIn, as_of: Any) -> None:
    assert slack.refusal("click", user=ANN.id, action_id="press", as_of=as_of, **card(slack))


def test_slack_escapes_the_texts_of_a_message_that_it_sends_back(slack: StandIn) -> None:
    """slackapi/bolt-python #513; values and what was escaped before stay as they are."""
    markup = {"type": "mrkdwn", "text": "<@U0ANN> R&D &amp; all"}
    press = button(text=plain("R&D <1>"), value="R&D <1>")
    options = [{"text": plain("a & b"), "value": "a & b"}]
    blocks = [{"type": "section", "text": markup}, actions(press, {**MENU, "options": options})]
    answer = slack.web.chat_postMessage(channel=GENERAL.id, text="R&D <1>", blocks=blocks)
    where = {"channel": GENERAL.id, "ts": answer["ts"]}

    slack.act("click", user=ANN.id, action_id="press", **where)
    (action,), message = slack.payload["actions"], slack.payload["message"]
    assert (action["text"]["text"], action["value"]) == ("R&amp;D &lt;1&gt;", "R&D <1>")
    assert message["text"] == "R&amp;D <1>"
    assert message["blocks"][0]["text"]["text"] == "<@U0ANN> R&amp;D &amp; all"
    slack.act("click", user=ANN.id, action_id="more", selected_option=options[0], **where)
    chosen = slack.payload["actions"][0]["selected_option"]
    assert (chosen["text"]["text"], chosen["value"]) == ("a &amp; b", "a & b")


CHOICES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"type": "checkboxes", "options": OPTIONS},
        {"selected_options": [OPTIONS[1], OPTIONS[0]]},
    ),
    ({"type": "checkboxes", "options": OPTIONS}, {"selected_options": []}),
    ({"type": "radio_buttons", "options": OPTIONS}, {"selected_option": OPTIONS[1]}),
    ({"type": "users_select"}, {"selected_user": BEN.id}),
    ({"type": "conversations_select"}, {"selected_conversation": GENERAL.id}),
]


@pytest.mark.parametrize(("element", "chosen"), CHOICES)
def test_a_choice_is_in_the_action_and_in_the_state(
    slack: StandIn, element: dict[str, Any], chosen: dict[str, Any]
) -> None:
    """docs.slack.dev/reference/interaction-payloads/block_actions-payload."""
    other = {**SELECT, "action_id": "other", "initial_option": OPTIONS[0]}
    where = card(slack, actions({**element, "action_id": "pick"}, other))
    slack.act("click", user=ANN.id, action_id="pick", **chosen, **where)

    (action,) = slack.payload["actions"]
    assert {**action, **chosen} == action
    assert (action["type"], action["action_id"]) == (element["type"], "pick")
    values = slack.payload["state"]["values"]["row"]
    assert values["pick"] == {"type": element["type"], **chosen}
    assert values["other"]["selected_option"] == OPTIONS[0]


def test_a_choice_does_not_undo_the_others_of_its_block(slack: StandIn) -> None:
    people = {"type": "users_select", "action_id": "who"}
    where = card(slack, actions(SELECT, people))
    earlier = {"row": {"who": {"type": "users_select", "selected_user": BEN.id}}}
    slack.act(
        "click",
        user=ANN.id,
        action_id="pick",
        selected_option=OPTIONS[0],
        values=earlier,
        **where,
    )

    values = slack.payload["state"]["values"]["row"]
    assert values["who"]["selected_user"] == BEN.id
    assert values["pick"]["selected_option"] == OPTIONS[0]


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [
        ("checkboxes", {"selected_options": [{"value": "delete"}]}),
        ("checkboxes", {"selected_option": OPTIONS[0]}),
        ("radio_buttons", {"selected_option": {"value": "delete"}}),
        ("users_select", {"selected_user": "U0NOBODY"}),
        ("conversations_select", {"selected_conversation": "C0NOWHERE"}),
    ],
)
def test_a_choice_that_is_not_offered_is_refused(
    slack: StandIn, kind: str, chosen: dict[str, Any]
) -> None:
    options = {"options": OPTIONS} if kind in {"checkboxes", "radio_buttons"} else {}
    where = card(slack, actions({"type": kind, "action_id": "pick", **options}))

    assert slack.refusal("click", user=ANN.id, action_id="pick", **chosen, **where)


def test_an_element_in_a_container_is_used_like_any(slack: StandIn) -> None:
    inside = {"type": "container", "title": plain("More"), "child_blocks": [actions(button())]}
    slack.act("click", user=ANN.id, action_id="press", **card(slack, inside))

    assert slack.payload["actions"][0]["block_id"] == "row"


def test_an_option_is_selected_in_a_menu(slack: StandIn) -> None:
    where = card(slack, actions(MENU, SELECT))

    slack.act("click", user=ANN.id, action_id="more", selected_option=OPTIONS[0], **where)
    assert slack.payload["actions"][0]["selected_option"] == OPTIONS[0]
    slack.act("click", user=ANN.id, action_id="pick", selected_option={"value": "assign"}, **where)
    assert slack.payload["actions"][0]["selected_option"] == OPTIONS[1]
    picked = {"type": "static_select", "selected_option": OPTIONS[1]}
    assert slack.payload["state"]["values"] == {"row": {"pick": picked}}


def test_an_option_of_a_group_is_selected(slack: StandIn) -> None:
    groups = [{"label": plain("All"), "options": OPTIONS}]
    where = card(
        slack, actions({"type": "static_select", "action_id": "pick", "option_groups": groups})
    )
    slack.act("click", user=ANN.id, action_id="pick", selected_option=OPTIONS[0], **where)

    assert slack.payload["actions"][0]["selected_option"] == OPTIONS[0]


def test_a_menu_has_no_other_options(slack: StandIn) -> None:
    where = card(slack, actions(MENU))

    for selected in ({"value": "delete"}, "mute", None):
        assert slack.refusal(
            "click", user=ANN.id, action_id="more", selected_option=selected, **where
        )


def test_an_action_id_in_two_blocks_needs_a_block_id(slack: StandIn) -> None:
    where = card(
        slack, actions(button(value="1"), block_id="a"), actions(button(value="2"), block_id="b")
    )

    assert "block_id" in slack.refusal("click", user=ANN.id, action_id="press", **where)
    slack.act("click", user=ANN.id, action_id="press", block_id="b", **where)
    assert slack.payload["actions"][0]["value"] == "2"


def test_an_accessory_is_clicked_like_any_button(slack: StandIn) -> None:
    where = card(slack, {**SECTION, "block_id": "s", "accessory": button("open")})
    slack.act("click", user=ANN.id, action_id="open", **where)

    assert slack.payload["actions"][0]["block_id"] == "s"


def test_a_click_in_a_form_contains_the_form_and_the_typed_values(slack: StandIn) -> None:
    view = slack.open_form(ANN, form(field_block(), actions(button())))
    slack.act("click", user=ANN.id, view_id=view["id"], action_id="press", values=typed("so far"))

    payload = slack.payload
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert payload["view"]["state"]["values"] == typed("so far")
    assert not payload.keys() & {"message", "channel", "response_url"}


@pytest.mark.parametrize("dispatched", [False, True])
def test_an_input_is_told_at_once_only_if_the_bot_asked_for_it(
    slack: StandIn, dispatched: bool
) -> None:
    """docs.slack.dev/reference/block-kit/blocks/input-block, `dispatch_action`."""
    field = {"type": "input", "label": plain("Which?"), "element": SELECT}
    view = slack.open_form(ANN, form({**field, "dispatch_action": dispatched}))
    choice = {"action_id": "pick", "selected_option": OPTIONS[0]}

    if dispatched:
        assert slack.act("click", user=ANN.id, view_id=view["id"], **choice)["ok"]
        assert slack.payload["actions"][0]["selected_option"] == OPTIONS[0]
    else:
        assert "form" in slack.refusal("click", user=ANN.id, view_id=view["id"], **choice)


def test_a_click_in_the_home_tab_contains_the_home_tab(slack: StandIn) -> None:
    home = {"type": "home", "blocks": [actions(button())]}
    view = slack.web.views_publish(user_id=ANN.id, view=home)["view"]
    slack.act("click", user=ANN.id, view_id=view["id"], action_id="press")

    assert slack.payload["view"]["type"] == "home"


def test_a_person_sees_the_answer_of_the_bot_to_their_click(slack: StandIn) -> None:
    where, other = card(slack), card(slack)

    def bot(_headers: dict[str, str], _body: str) -> Any:
        slack.web.chat_update(**where, text="Approved")
        slack.web.chat_postEphemeral(channel=GENERAL.id, user=ANN.id, text="Thanks")
        slack.web.chat_postEphemeral(channel=GENERAL.id, user=BEN.id, text="Too late")
        slack.web.views_open(trigger_id=slack.payload["trigger_id"], view=form())
        return 200, {}, ""

    slack.bot = bot
    seen = slack.act("click", user=ANN.id, action_id="press", **where)
    assert (seen["ok"], seen["error"], seen["errors"]) == (True, None, {})
    assert [each["text"] for each in seen["messages"]] == ["Approved"]
    assert [each["text"] for each in seen["ephemeral"]] == ["Thanks"]
    assert seen["view"]["type"] == "modal"
    assert other["ts"] not in [each["ts"] for each in seen["messages"]]


def test_a_person_sees_what_the_bot_did_later_from_its_queue(slack: StandIn) -> None:
    where = card(slack)
    slack.queue = lambda: slack.web.chat_update(**where, text="Later")

    seen = slack.act("click", user=ANN.id, action_id="press", **where)
    assert [each["text"] for each in seen["messages"]] == ["Later"]


@pytest.mark.parametrize(
    ("bot", "error"),
    [(silent, "operation_timeout"), (answering(status=500), "dispatch_failed")],
)
def test_a_bot_that_fails_a_click_is_an_error_to_the_person(
    slack: StandIn, bot: Any, error: str
) -> None:
    where = card(slack)
    slack.bot = bot

    seen = slack.act("click", user=ANN.id, action_id="press", **where)
    assert (seen["ok"], seen["error"]) == (False, error)
