"""What people can do and see, by the calls that the page makes; the bot is a function here."""

import json
import threading
from typing import Any
from urllib.request import urlopen

import pytest

from tests.local.slack_stand_in import (
    ANN,
    APPROVERS,
    BEN,
    GENERAL,
    GONE,
    GUEST,
    SECTION,
    Clock,
    StandIn,
    actions,
    button,
    field_block,
    form,
    new_workspace,
    plain,
    typed,
)

pytest_plugins = ["tests.local.slack_fixtures"]

OPTIONS = [{"text": plain(word), "value": word} for word in ("mute", "assign")]
MENU = {"type": "overflow", "action_id": "more", "options": OPTIONS}
SELECT = {"type": "static_select", "action_id": "pick", "options": OPTIONS}


def card(slack: StandIn, *blocks: Any, **more: Any) -> Any:
    """A message of the bot's, as one clicks in it."""
    blocks = blocks or (actions(button(value="arn:1")),)
    answer = slack.web.chat_postMessage(channel=GENERAL.id, text="Card", blocks=blocks, **more)
    return {"channel": GENERAL.id, "ts": answer["ts"]}


def whisper(slack: StandIn) -> Any:
    answer = slack.web.chat_postEphemeral(
        channel=GENERAL.id, user=ANN.id, text="Card", blocks=[actions(button())]
    )
    return {"channel": GENERAL.id, "ts": answer["message_ts"]}


def answering(body: Any = "", status: int = 200) -> Any:
    """A bot that always says the same."""
    text = body if isinstance(body, str) else json.dumps(body)
    return lambda _headers, _body: (status, {}, text)


def silent(_headers: dict[str, str], _body: str) -> Any:
    raise TimeoutError


# --- the state


def test_the_page_is_served_with_what_belongs_to_it(slack: StandIn) -> None:
    for path, kind in (("/", "text/html"), ("/page/page.css", "text/css")):
        with urlopen(f"{slack.workspace.url}{path}") as answer:
            answer.read()
            assert answer.headers.get_content_type() == kind


def test_the_state_names_everybody_and_everything(slack: StandIn) -> None:
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


def test_every_change_counts(slack: StandIn) -> None:
    revisions = [slack.state()["revision"]]
    for change in (card, whisper, lambda slack: slack.open_form(ANN, form())):
        change(slack)
        revisions.append(slack.state()["revision"])

    assert revisions == sorted(set(revisions))


def test_who_knows_an_older_state_is_answered_at_once(slack: StandIn) -> None:
    before = slack.state()["revision"]
    card(slack)

    assert slack.http(f"/client/state?after={before}")[1]["revision"] > before


def test_who_knows_the_state_waits_for_the_next_change(slack: StandIn) -> None:
    now = slack.state()["revision"]
    answers: list[Any] = []

    def read() -> None:
        answers.append(slack.http(f"/client/state?after={now}")[1])

    reader = threading.Thread(target=read)
    reader.start()
    card(slack)
    reader.join()
    assert len(answers[0]["messages"]) == 1


def test_nobody_waits_for_ever() -> None:
    workspace = new_workspace(Clock())

    assert workspace.wait(after=workspace.revision, seconds=0) == workspace.revision


def test_who_knows_a_state_of_an_earlier_run_is_answered_at_once(slack: StandIn) -> None:
    assert slack.http("/client/state?after=4711")[1]["revision"] == slack.workspace.revision


def test_a_change_that_fails_does_not_count() -> None:
    workspace = new_workspace(Clock())

    with pytest.raises(ZeroDivisionError), workspace.changes.one():
        raise ZeroDivisionError
    assert workspace.revision == 0


# --- clicks


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


def test_a_guest_clicks_as_somebody_of_another_team(slack: StandIn) -> None:
    slack.act("click", user=GUEST.id, action_id="press", **card(slack))

    assert slack.payload["user"]["team_id"] == "T0ELSEWHERE"
    assert slack.payload["team"]["id"] == ANN.team


def test_a_click_in_a_thread_says_so(slack: StandIn) -> None:
    parent = card(slack)["ts"]
    slack.act("click", user=ANN.id, action_id="press", **card(slack, thread_ts=parent))

    assert slack.payload["container"]["thread_ts"] == parent


def test_a_click_in_an_ephemeral_message_brings_no_copy_of_it(slack: StandIn) -> None:
    slack.act("click", user=ANN.id, action_id="press", **whisper(slack))

    assert slack.payload["container"]["is_ephemeral"] is True
    assert "message" not in slack.payload


def test_a_conversation_with_the_bot_is_called_as_slack_calls_it(slack: StandIn) -> None:
    blocks = [actions(button())]
    answer = slack.web.chat_postMessage(channel=ANN.id, text="x", blocks=blocks)
    slack.act("click", user=ANN.id, channel="D0ANN", ts=answer["ts"], action_id="press")

    assert slack.payload["channel"] == {"id": "D0ANN", "name": "directmessage"}


def test_a_click_meets_the_message_as_it_is_now(slack: StandIn) -> None:
    where = card(slack)
    blocks = [actions(button("other"))]
    slack.web.chat_update(**where, text="New", blocks=blocks)

    slack.act("click", user=ANN.id, action_id="other", **where)
    assert slack.payload["message"]["text"] == "New"
    assert "any more" in slack.refusal("click", user=ANN.id, action_id="press", **where)


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


def test_a_name_that_is_there_twice_needs_its_block(slack: StandIn) -> None:
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


def test_a_click_in_a_form_brings_the_form_and_what_is_typed(slack: StandIn) -> None:
    view = slack.open_form(ANN, form(field_block(), actions(button())))
    slack.act("click", user=ANN.id, view_id=view["id"], action_id="press", values=typed("so far"))

    payload = slack.payload
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert payload["view"]["state"]["values"] == typed("so far")
    assert not payload.keys() & {"message", "channel", "response_url"}


def test_a_click_in_the_home_tab_brings_the_home_tab(slack: StandIn) -> None:
    home = {"type": "home", "blocks": [actions(button())]}
    view = slack.web.views_publish(user_id=ANN.id, view=home)["view"]
    slack.act("click", user=ANN.id, view_id=view["id"], action_id="press")

    assert slack.payload["view"]["type"] == "home"


def test_a_person_sees_what_the_bot_did_because_of_their_click(slack: StandIn) -> None:
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


def test_a_person_sees_what_the_bot_did_later_in_its_queue(slack: StandIn) -> None:
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


# --- forms


def submit(slack: StandIn, view: Any, values: Any = None, user: Any = ANN) -> Any:
    filled = typed("because") if values is None else values
    return slack.act("submit", user=user.id, view_id=view["id"], values=filled)


def test_a_submitted_form_brings_what_was_typed_and_closes(slack: StandIn) -> None:
    view = slack.open_form(ANN, form(private_metadata="kept", callback_id="why"))
    seen = submit(slack, view)

    assert (seen["ok"], seen["view"]) == (True, None)
    payload = slack.payload
    assert payload["type"] == "view_submission"
    assert payload["user"]["id"] == ANN.id
    told = payload["view"]
    assert (told["id"], told["hash"]) == (view["id"], view["hash"])
    assert (told["callback_id"], told["private_metadata"]) == ("why", "kept")
    assert (told["root_view_id"], told["previous_view_id"]) == (view["id"], None)
    assert told["state"]["values"] == typed("because")


def test_fields_that_nobody_touched_are_sent_as_they_were_drawn(slack: StandIn) -> None:
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


def test_a_select_that_must_be_answered_is(slack: StandIn) -> None:
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


def test_three_forms_is_as_high_as_it_gets(slack: StandIn) -> None:
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
def test_what_slack_does_not_understand_leaves_the_form_open(slack: StandIn, bot: Any) -> None:
    view = slack.open_form(ANN, form(field_block(), actions(SELECT)))
    slack.bot = bot
    seen = submit(slack, view)

    assert (seen["ok"], seen["error"]) == (False, "We had some trouble connecting. Try again?")
    assert seen["view"]["id"] == view["id"]


@pytest.mark.parametrize(("answer", "shown"), [("update", False), ("push", True)])
def test_a_form_that_went_away_meanwhile_cannot_be_redrawn_but_followed(
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


# --- commands and the Home tab


@pytest.mark.parametrize(
    "text", ["churn v3", "/model-status churn v3", " /model-status  churn v3 "]
)
def test_a_command_brings_its_text_without_its_name(slack: StandIn, text: str) -> None:
    slack.act("command", user=ANN.id, channel=GENERAL.id, text=text)

    told = slack.payload
    assert (told["command"], told["text"]) == ("/model-status", "churn v3")
    assert (told["user_id"], told["user_name"], told["team_id"]) == (ANN.id, "ann", ANN.team)
    assert (told["channel_id"], told["channel_name"]) == (GENERAL.id, "general")
    assert told["trigger_id"]
    assert told["response_url"].startswith(f"{slack.workspace.url}/response/")


def test_a_command_without_text_is_still_a_command(slack: StandIn) -> None:
    slack.act("command", user=ANN.id, channel=GENERAL.id)

    assert slack.payload.get("text", "") == ""


@pytest.mark.parametrize(
    ("answer", "text", "where"),
    [
        ("Nothing waits.", "Nothing waits.", "ephemeral"),
        ({"text": "Nothing waits."}, "Nothing waits.", "ephemeral"),
        ({"text": "For all", "response_type": "in_channel"}, "For all", "messages"),
    ],
)
def test_a_command_may_be_answered_on_the_spot(
    slack: StandIn, answer: Any, text: str, where: str
) -> None:
    slack.bot = answering(answer)
    seen = slack.act("command", user=ANN.id, channel=GENERAL.id, text="")

    assert [each["text"] for each in seen[where]] == [text]


@pytest.mark.parametrize(
    ("bot", "error"),
    [
        (silent, "operation_timeout"),
        (answering(status=500), "dispatch_failed"),
        (answering({"text": "x", "blocks": [{"type": "header"}]}), "invalid_command_response"),
    ],
)
def test_a_bot_that_fails_a_command_is_an_error_to_the_person(
    slack: StandIn, bot: Any, error: str
) -> None:
    slack.bot = bot

    assert slack.act("command", user=ANN.id, channel=GENERAL.id, text="")["error"] == error


def test_opening_the_home_tab_is_an_event(slack: StandIn) -> None:
    assert slack.act("home", user=ANN.id)["home"] is None

    headers, body = slack.requests[-1]
    told = json.loads(body)
    assert headers["Content-Type"] == "application/json"
    assert (told["type"], told["team_id"]) == ("event_callback", ANN.team)
    assert told["event_time"] == int(slack.clock.now)
    event = told["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", ANN.id, "home")
    assert event["channel"] == "D0ANN"
    assert "view" not in event


def test_the_event_brings_the_home_tab_that_is_there(slack: StandIn) -> None:
    home = {"type": "home", "blocks": [SECTION]}
    view = slack.web.views_publish(user_id=ANN.id, view=home)["view"]

    assert slack.act("home", user=ANN.id)["home"]["id"] == view["id"]
    assert json.loads(slack.requests[-1][1])["event"]["view"]["id"] == view["id"]


def test_every_event_has_an_id_of_its_own(slack: StandIn) -> None:
    slack.act("home", user=ANN.id)
    slack.act("home", user=ANN.id)

    assert len({json.loads(body)["event_id"] for _, body in slack.requests}) == 2


def test_a_bot_that_misses_the_event_is_an_error(slack: StandIn) -> None:
    slack.bot = silent

    assert slack.act("home", user=ANN.id)["error"] == "operation_timeout"


# --- what no person could do


def test_what_no_person_could_do_is_refused_in_a_sentence(slack: StandIn) -> None:
    where, view = card(slack), slack.open_form(ANN, form())
    click = {"user": ANN.id, "action_id": "press", **where}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("click", {**click, "user": "U0NOBODY"}),
        ("click", {**click, "user": GONE.id}),
        ("click", {**click, "user": None}),
        ("click", {**click, "ts": "1.000001"}),
        ("click", {**click, "action_id": "elsewhere"}),
        ("click", {**click, "user": BEN.id, **whisper(slack)}),
        ("click", {"user": BEN.id, "view_id": view["id"], "action_id": "press"}),
        ("submit", {"user": BEN.id, "view_id": view["id"], "values": {}}),
        ("submit", {"user": ANN.id, "view_id": "V0NOWHERE", "values": {}}),
        ("submit", {"user": ANN.id, "view_id": view["id"], "values": []}),
        ("submit", {"user": ANN.id, "view_id": view["id"], "values": typed("x", "nowhere")}),
        ("submit", {"user": ANN.id, "view_id": view["id"], "values": {"why": {"text": "x"}}}),
        ("submit", {"user": ANN.id, "view_id": view["id"], "values": {"why": "x"}}),
        ("close", {"user": BEN.id, "view_id": view["id"]}),
        ("command", {"user": ANN.id, "channel": "C0NOWHERE", "text": ""}),
        ("command", {"user": ANN.id, "channel": GENERAL.id, "text": "/remind me"}),
        ("home", {}),
    ]

    for deed, body in wrong:
        assert slack.refusal(deed, **body).endswith((".", "missing."))
    assert slack.requests == []


@pytest.mark.parametrize("body", [b"{", b"[]", b""])
def test_people_speak_json(slack: StandIn, body: bytes) -> None:
    assert slack.http("/client/click", body)[0] == 400


def test_a_revision_is_a_number(slack: StandIn) -> None:
    assert slack.http("/client/state?after=last")[0] == 400
