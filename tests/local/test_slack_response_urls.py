"""Response urls, through a real webhook client: what the bot may answer to one interaction."""

from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient

from tests.local.slack_stand_in import (
    ANN,
    BEN,
    GENERAL,
    SECTION,
    StandIn,
    actions,
    button,
)

pytest_plugins = ["tests.local.slack_fixtures"]


def clicked(slack: StandIn, *, ephemeral: bool = False) -> WebhookClient:
    """Let Ann click a button of the bot; return a client for its answers."""
    say: Any = {"channel": GENERAL.id, "text": "Card", "blocks": [actions(button())]}
    if ephemeral:
        ts = slack.web.chat_postEphemeral(user=ANN.id, **say)["message_ts"]
    else:
        ts = slack.web.chat_postMessage(**say)["ts"]
    slack.act("click", user=ANN.id, channel=GENERAL.id, ts=ts, action_id="press")
    return WebhookClient(slack.payload["response_url"])


def commanded(slack: StandIn) -> WebhookClient:
    slack.act("command", user=ANN.id, channel=GENERAL.id, text="")
    return WebhookClient(slack.payload["response_url"])


def texts(messages: Any) -> list[str]:
    return [message["text"] for message in messages]


def test_an_answer_is_for_the_person_who_asked(slack: StandIn) -> None:
    assert clicked(slack).send(text="Only you").status_code == 200

    state = slack.state()
    assert [(each["user"], each["text"]) for each in state["ephemeral"]] == [(ANN.id, "Only you")]
    assert texts(state["messages"]) == ["Card"]


def test_an_answer_may_be_for_the_whole_channel(slack: StandIn) -> None:
    commanded(slack).send(text="For all", response_type="in_channel")

    assert texts(slack.state()["messages"]) == ["For all"]


def test_an_answer_may_replace_the_message(slack: StandIn) -> None:
    clicked(slack).send(text="Done", blocks=[SECTION], replace_original=True)

    (message,) = slack.state()["messages"]
    assert (message["text"], message["blocks"][0]["type"]) == ("Done", "section")


def test_an_answer_may_replace_an_ephemeral_message(slack: StandIn) -> None:
    clicked(slack, ephemeral=True).send(text="Done", replace_original=True)

    state = slack.state()
    assert (texts(state["ephemeral"]), texts(state["messages"])) == (["Done"], [])


@pytest.mark.parametrize("ephemeral", [True, False])
def test_an_answer_may_delete_the_message(slack: StandIn, *, ephemeral: bool) -> None:
    clicked(slack, ephemeral=ephemeral).send(delete_original=True)

    state = slack.state()
    assert state["ephemeral"] == state["messages"] == []


def test_after_a_command_there_is_no_message_to_replace_or_delete(slack: StandIn) -> None:
    answer = commanded(slack)
    answer.send(delete_original=True)
    answer.send(text="First", replace_original=True)
    answer.send(text="Second", replace_original=True)

    assert texts(slack.state()["ephemeral"]) == ["First", "Second"]


def test_an_answer_may_be_in_a_thread(slack: StandIn) -> None:
    answer = clicked(slack)
    ts = slack.state()["messages"][0]["ts"]
    answer.send_dict({"text": "x", "thread_ts": ts})

    assert slack.state()["ephemeral"][0]["thread_ts"] == ts


def test_there_are_at_most_five_answers_to_one_interaction(slack: StandIn) -> None:
    answer = clicked(slack)

    assert [answer.send(text="x").status_code for _ in range(6)] == [200] * 5 + [404]
    assert answer.send(text="x").body == '{"error":"expired_url","ok":false}\n'
    assert len(slack.state()["ephemeral"]) == 5


def test_there_is_half_an_hour_to_answer(slack: StandIn) -> None:
    answer = clicked(slack)

    slack.clock.now += 30 * 60
    assert answer.send(text="x").status_code == 200
    slack.clock.now += 1
    assert answer.send(text="x").status_code == 404


def test_an_unknown_url_is_refused(slack: StandIn) -> None:
    assert slack.http("/response/guessed", {"text": "x"})[0] == 404


def test_an_answer_has_the_limits_of_blocks(slack: StandIn) -> None:
    refused = clicked(slack).send(text="x", blocks=[{"type": "header"}])

    assert refused.status_code == 400
    assert "missing required field: text [json-pointer:/blocks/0]" in refused.body


def test_an_answer_has_no_limit_for_the_sum_of_characters(slack: StandIn) -> None:
    """Measured: a message that chat.postMessage calls too long goes through a response url."""
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}

    assert clicked(slack).send(text="x", blocks=[section] * 5).status_code == 200


def test_two_people_have_different_urls(slack: StandIn) -> None:
    ts = slack.web.chat_postMessage(channel=GENERAL.id, text="x", blocks=[actions(button())])["ts"]
    urls = []
    for user in (ANN, BEN):
        slack.act("click", user=user.id, channel=GENERAL.id, ts=ts, action_id="press")
        urls.append(slack.payload["response_url"])
    WebhookClient(urls[0]).send(text="Ann's")

    assert len(set(urls)) == 2
    assert slack.state()["ephemeral"][0]["user"] == ANN.id
