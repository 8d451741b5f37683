"""What a form sends, and what the bot's answer does to it: `/client/submit`, `/client/close`."""

import json
from typing import Any

import pytest

from tests.local.slack_bots import OPTIONS, SELECT, answering, silent
from tests.local.slack_stand_in import (
    ANN,
    BEN,
    SECTION,
    StandIn,
    actions,
    field_block,
    form,
    plain,
    typed,
)

pytest_plugins = ["tests.local.slack_fixtures"]


def submit(slack: StandIn, view: Any, values: Any = None, user: Any = ANN) -> Any:
    filled = typed("because") if values is None else values
    return slack.act("submit", user=user.id, view_id=view["id"], values=filled)


def test_a_submitted_form_contains_the_typed_values_and_closes(slack: StandIn) -> None:
    view = slack.open_form(ANN, form(private_metadata="kept", callback_id="why"))
    seen = submit(slack, view)

    assert (seen["ok"], seen["view"]) == (True, None)
    payload = slack.payload
    assert payload["type"] == "view_submission"
    assert payload["user"]["id"] == ANN.id
    form_sent = payload["view"]
    assert (form_sent["id"], form_sent["hash"]) == (view["id"], view["hash"])
    assert (form_sent["callback_id"], form_sent["private_metadata"]) == ("why", "kept")
    assert (form_sent["root_view_id"], form_sent["previous_view_id"]) == (view["id"], None)
    assert form_sent["state"]["values"] == typed("because")


def test_untouched_fields_are_sent_with_their_initial_values(slack: StandIn) -> None:
    blocks = [
        {**field_block("empty"), "optional": True},
        field_block("full", initial_value="Draft"),
        actions({**SELECT, "initial_option": OPTIONS[0]}),
    ]
    submit(slack, slack.open_form(ANN, form(*blocks)), values={})

    values = slack.payload["view"]["state"]["values"]
    assert values["empty"] == {"text": {"type": "plain_text_input", "value": None}}
    assert values["full"]["text"]["value"] == "Draft"
    assert values["row"]["pick"]["selected_option"] == OPTIONS[0]


@pytest.mark.parametrize(
    ("element", "text", "complaint"),
    [
        ({}, "", "Please complete this required field."),
        ({"min_length": 3}, "ab", "Please enter at least 3 characters."),
        ({"max_length": 3}, "abcd", "Please enter no more than 3 characters."),
    ],
)
def test_slack_does_not_submit_a_form_that_is_not_filled_in(
    slack: StandIn, element: Any, text: str, complaint: str
) -> None:
    view = slack.open_form(ANN, form(field_block(**element)))
    seen = submit(slack, view, typed(text))

    assert (seen["ok"], seen["errors"]) == (False, {"why": complaint})
    assert seen["view"]["id"] == view["id"]
    assert slack.requests == []


FIELDS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    (
        {"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS[:1]},
        {"selected_options": OPTIONS[:1]},
        {"selected_options": OPTIONS[1:]},
    ),
    (
        {"type": "radio_buttons", "options": OPTIONS, "initial_option": OPTIONS[0]},
        {"selected_option": OPTIONS[0]},
        {"selected_option": OPTIONS[1]},
    ),
    (
        {"type": "users_select", "initial_user": ANN.id},
        {"selected_user": ANN.id},
        {"selected_user": BEN.id},
    ),
    (
        {"type": "conversations_select", "initial_conversation": "C0GENERAL"},
        {"selected_conversation": "C0GENERAL"},
        {"selected_conversation": "C0PRIVATE"},
    ),
]


@pytest.mark.parametrize(("element", "initial", "chosen"), FIELDS)
def test_a_choice_is_sent_with_the_form(
    slack: StandIn, element: dict[str, Any], initial: dict[str, Any], chosen: dict[str, Any]
) -> None:
    """docs.slack.dev/reference/interaction-payloads/view-interactions-payload, `state`."""
    kind = element["type"]
    field = {"type": "input", "block_id": "b", "label": plain("Which?"), "element": element}
    element["action_id"] = "a"
    for values, expected in (({}, initial), ({"b": {"a": {"type": kind, **chosen}}}, chosen)):
        assert submit(slack, slack.open_form(ANN, form(field)), values)["ok"]
        assert slack.payload["view"]["state"]["values"]["b"]["a"] == {"type": kind, **expected}


@pytest.mark.parametrize(("element", "initial", "chosen"), FIELDS)
def test_a_required_choice_must_be_made(
    slack: StandIn, element: dict[str, Any], initial: dict[str, Any], chosen: dict[str, Any]
) -> None:
    kind, (name,) = element["type"], chosen
    bare = {name: value for name, value in element.items() if not name.startswith("initial")}
    field = {"type": "input", "block_id": "b", "label": plain("Which?"), "element": bare}
    bare["action_id"] = "a"
    view = slack.open_form(ANN, form(field))
    nothing = {name: [] if kind == "checkboxes" else None}

    assert initial.keys() == nothing.keys()
    assert submit(slack, view, {})["errors"].keys() == {"b"}
    assert submit(slack, view, {"b": {"a": {"type": kind, **nothing}}})["errors"].keys() == {"b"}


def test_a_required_select_must_be_answered(slack: StandIn) -> None:
    question = {"type": "input", "block_id": "which", "label": plain("Which?"), "element": SELECT}
    view = slack.open_form(ANN, form(question))

    assert submit(slack, view, {})["errors"].keys() == {"which"}
    chosen = {"type": "static_select", "selected_option": OPTIONS[0]}
    assert submit(slack, view, {"which": {"pick": chosen}})["ok"]


def test_the_bot_may_complain_about_a_field(slack: StandIn) -> None:
    view = slack.open_form(ANN, form())
    slack.bot = answering({"response_action": "errors", "errors": {"why": "Say more."}})
    seen = submit(slack, view)

    assert (seen["ok"], seen["error"], seen["errors"]) == (False, None, {"why": "Say more."})
    assert seen["view"]["id"] == view["id"]


def test_the_bot_may_answer_a_form_with_another_in_its_place(slack: StandIn) -> None:
    view = slack.open_form(ANN, form())
    slack.bot = answering({"response_action": "update", "view": form(SECTION)})
    seen = submit(slack, view)

    assert (seen["ok"], seen["view"]["id"]) == (True, view["id"])
    assert seen["view"]["blocks"][0]["type"] == "section"
    assert seen["view"]["hash"] != view["hash"]


def test_the_bot_may_put_a_form_on_top_and_closing_it_shows_the_one_below(slack: StandIn) -> None:
    below = slack.open_form(ANN, form())
    slack.bot = answering({"response_action": "push", "view": form(SECTION)})
    top = submit(slack, below)["view"]

    assert (top["root_view_id"], top["previous_view_id"]) == (below["id"], below["id"])
    assert slack.act("close", user=ANN.id, view_id=top["id"])["view"]["id"] == below["id"]


def test_at_most_three_forms_are_open_at_once(slack: StandIn) -> None:
    view = slack.open_form(ANN, form())
    slack.bot = answering({"response_action": "push", "view": form()})
    second = submit(slack, view)["view"]
    third = submit(slack, second)["view"]
    seen = submit(slack, third)

    assert seen["error"] == "We had some trouble connecting. Try again?"
    assert seen["view"]["id"] == third["id"]


def test_the_bot_may_close_all_forms_at_once(slack: StandIn) -> None:
    view = slack.open_form(ANN, form())
    slack.bot = answering({"response_action": "push", "view": form()})
    top = submit(slack, view)["view"]
    slack.bot = answering({"response_action": "clear"})

    assert submit(slack, top)["view"] is None


@pytest.mark.parametrize(
    "bot",
    [
        silent,
        answering(status=500),
        answering("thanks"),
        answering(["thanks"]),
        answering({"response_action": "dance"}),
        answering({"response_action": "errors", "errors": {}}),
        answering({"response_action": "errors", "errors": {"elsewhere": "No."}}),
        answering({"response_action": "errors", "errors": {"why": "No.", "row": "No."}}),
        answering({"response_action": "update", "view": form(title=plain("x" * 25))}),
    ],
)
def test_an_answer_that_slack_does_not_understand_leaves_the_form_open(
    slack: StandIn, bot: Any
) -> None:
    view = slack.open_form(ANN, form(field_block(), actions(SELECT)))
    slack.bot = bot
    seen = submit(slack, view)

    assert (seen["ok"], seen["error"]) == (False, "We had some trouble connecting. Try again?")
    assert seen["view"]["id"] == view["id"]


@pytest.mark.parametrize(("answer", "shown"), [("update", False), ("push", True)])
def test_a_form_that_was_closed_meanwhile_cannot_be_replaced_but_followed_by_another(
    slack: StandIn, answer: str, *, shown: bool
) -> None:
    view = slack.open_form(ANN, form())

    def bot(_headers: dict[str, str], _body: str) -> Any:
        slack.workspace.views.clear(ANN.id)
        return 200, {}, json.dumps({"response_action": answer, "view": form()})

    slack.bot = bot
    seen = submit(slack, view)
    assert (seen["ok"], seen["view"] is not None) == (shown, shown)


def test_a_closed_form_is_gone_and_the_bot_is_not_told(slack: StandIn) -> None:
    view = slack.open_form(ANN, form())

    assert slack.act("close", user=ANN.id, view_id=view["id"])["view"] is None
    assert slack.requests == []
    assert slack.refusal("submit", user=ANN.id, view_id=view["id"], values={})


def test_a_bot_that_asked_for_it_is_told_of_a_closed_form(slack: StandIn) -> None:
    view = slack.open_form(ANN, form(notify_on_close=True))
    slack.act("close", user=ANN.id, view_id=view["id"])

    assert (slack.payload["type"], slack.payload["view"]["id"]) == ("view_closed", view["id"])
