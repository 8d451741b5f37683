"""chat.*: messages to all and to one person, and their updates, through a real client."""

import json
from typing import Any
from urllib.request import urlopen

import pytest

from tests.local.slack_stand_in import (
    ANN,
    BEN,
    CLOSED,
    GENERAL,
    GONE,
    HIDDEN,
    PRIVATE,
    SECTION,
    StandIn,
    actions,
    button,
    refused,
)

pytest_plugins = ["tests.local.slack_fixtures"]

METADATA = {"event_type": "card", "event_payload": {"arn": "arn:aws:sagemaker:1"}}


def posted(slack: StandIn, **more: Any) -> Any:
    return slack.web.chat_postMessage(channel=GENERAL.id, text="A card", **more)


def shown(slack: StandIn) -> Any:
    """The messages that everybody can see."""
    return slack.state()["messages"]


def test_everybody_sees_what_the_bot_posts(slack: StandIn) -> None:
    answer = posted(slack, blocks=[SECTION])

    (message,) = shown(slack)
    assert (message["channel"], message["ts"]) == (GENERAL.id, answer["ts"])
    assert message["text"] == "A card"
    assert message["blocks"][0]["text"] == SECTION["text"]
    assert (message["edited"], message["thread_ts"], message["metadata"]) == (False, None, None)
    assert answer["message"]["bot_id"]


def test_blocks_and_buttons_without_an_id_are_given_one(slack: StandIn) -> None:
    message = posted(slack, blocks=[{**actions(button()), "block_id": "row"}, SECTION])["message"]

    assert message["blocks"][0]["block_id"] == "row"
    assert message["blocks"][1]["block_id"]


def test_two_messages_of_the_same_moment_have_different_timestamps(slack: StandIn) -> None:
    assert posted(slack)["ts"] < posted(slack)["ts"]


def test_a_form_encoded_call_is_accepted_like_json(slack: StandIn) -> None:
    fields = {"channel": GENERAL.id, "text": "x", "blocks": json.dumps([SECTION])}
    slack.web.api_call("chat.postMessage", data=fields)

    assert shown(slack)[0]["blocks"][0]["type"] == "section"


def test_a_channel_may_be_called_by_its_name(slack: StandIn) -> None:
    assert slack.web.chat_postMessage(channel="#general", text="x")["channel"] == GENERAL.id


def test_a_message_to_a_person_opens_a_conversation_with_them(slack: StandIn) -> None:
    answer = slack.web.chat_postMessage(channel=ANN.id, text="Psst")

    assert answer["channel"] == "D0ANN"
    assert {"id": "D0ANN", "name": "dm-ann"} in slack.state()["channels"]


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("", "channel_not_found"),
        (GONE.id, "channel_not_found"),
        (PRIVATE.id, "not_in_channel"),
        (HIDDEN.id, "channel_not_found"),
        (CLOSED.id, "is_archived"),
    ],
)
def test_a_message_is_refused_where_the_bot_may_not_post(
    slack: StandIn, channel: str, error: str
) -> None:
    with refused(error):
        slack.web.chat_postMessage(channel=channel, text="x")
    with refused(error):
        slack.web.chat_postEphemeral(channel=channel, user=ANN.id, text="x")


def test_a_message_without_content_is_refused(slack: StandIn) -> None:
    with refused("no_text"):
        slack.web.api_call("chat.postMessage", params={"channel": GENERAL.id})


def test_a_very_long_text_is_cut_off(slack: StandIn) -> None:
    slack.web.chat_postMessage(channel=GENERAL.id, text="x" * 40_001)

    assert len(shown(slack)[0]["text"]) == 40_000


@pytest.mark.parametrize("blocks", ["[", '{"type": "section"}', '"section"'])
def test_blocks_that_are_not_a_list_are_refused(slack: StandIn, blocks: str) -> None:
    with refused("invalid_blocks_format"):
        posted(slack, blocks=blocks)


def test_a_reply_is_in_the_thread(slack: StandIn) -> None:
    parent = posted(slack)["ts"]

    assert posted(slack, thread_ts=parent)["message"]["thread_ts"] == parent


def test_a_reply_to_a_reply_is_in_the_same_thread(slack: StandIn) -> None:
    parent = posted(slack)["ts"]
    reply = posted(slack, thread_ts=parent)["ts"]

    assert posted(slack, thread_ts=reply)["message"]["thread_ts"] == parent


@pytest.mark.parametrize("existed", [False, True])
def test_a_reply_to_a_message_that_is_not_there_is_posted_in_the_channel_without_an_error(
    slack: StandIn, existed: bool
) -> None:
    """slack-go/slack #1571: only the answer says so, as its message has no `thread_ts`."""
    parent = posted(slack)["ts"] if existed else "1.000001"
    if existed:
        slack.web.chat_delete(channel=GENERAL.id, ts=parent)
    answer = posted(slack, thread_ts=parent)

    assert "thread_ts" not in answer["message"]
    (message,) = shown(slack)
    assert (message["ts"], message["thread_ts"]) == (answer["ts"], None)


def test_a_deleted_message_is_gone(slack: StandIn) -> None:
    ts = posted(slack)["ts"]
    answer = slack.web.chat_delete(channel=GENERAL.id, ts=ts)

    assert (answer["channel"], answer["ts"]) == (GENERAL.id, ts)
    assert shown(slack) == []
    with refused("message_not_found"):
        slack.web.chat_delete(channel=GENERAL.id, ts=ts)


def test_a_deleted_message_with_replies_leaves_a_tombstone_and_its_thread(slack: StandIn) -> None:
    """What is left of it: 42wim/matterbridge #600."""
    parent = posted(slack, blocks=[actions(button())], metadata=METADATA)["ts"]
    posted(slack, thread_ts=parent)
    slack.web.chat_delete(channel=GENERAL.id, ts=parent)
    posted(slack, thread_ts=parent)

    read = slack.web.conversations_replies(channel=GENERAL.id, ts=parent)["messages"]
    assert [message["text"] for message in read] == ["This message was deleted."] + ["A card"] * 2
    assert (read[0]["subtype"], read[0]["user"]) == ("tombstone", "USLACKBOT")
    assert shown(slack)[0]["blocks"] == []
    with refused("message_not_found"):
        slack.web.chat_update(channel=GENERAL.id, ts=parent, text="x")


def test_a_persons_message_cannot_be_deleted_by_the_bot(slack: StandIn) -> None:
    message = slack.workspace.messages.add(GENERAL.id, ANN.id, "Hi")

    with refused("cant_delete_message"):
        slack.web.chat_delete(channel=GENERAL.id, ts=message.ts)


def test_an_update_replaces_the_message(slack: StandIn) -> None:
    ts = posted(slack, blocks=[actions(button())])["ts"]
    answer = slack.web.chat_update(channel=GENERAL.id, ts=ts, text="Done", blocks=[SECTION])

    (message,) = shown(slack)
    assert answer["text"] == message["text"] == "Done"
    assert [block["type"] for block in message["blocks"]] == ["section"]
    assert message["edited"] is False


def test_an_update_with_nothing_but_text_takes_the_blocks_away_and_shows_as_edited(
    slack: StandIn,
) -> None:
    ts = posted(slack, blocks=[SECTION])["ts"]
    answer = slack.web.chat_update(channel=GENERAL.id, ts=ts, text="Done")

    (message,) = shown(slack)
    assert (message["blocks"], message["edited"]) == ([], True)
    assert answer["message"]["edited"]["ts"] > ts


def test_metadata_stays_through_updates_until_it_is_emptied(slack: StandIn) -> None:
    ts = posted(slack, metadata=METADATA)["ts"]

    slack.web.chat_update(channel=GENERAL.id, ts=ts, text="Changed")
    assert shown(slack)[0]["metadata"] == METADATA
    slack.web.chat_update(channel=GENERAL.id, ts=ts, text="Changed", metadata={})
    assert shown(slack)[0]["metadata"] is None


@pytest.mark.parametrize("metadata", ["{", {"event_type": "card"}, ["card"]])
def test_metadata_has_a_type_and_a_payload(slack: StandIn, metadata: Any) -> None:
    with refused("invalid_metadata_format"):
        posted(slack, metadata=metadata)


def test_a_message_that_does_not_exist_cannot_be_updated(slack: StandIn) -> None:
    with refused("message_not_found"):
        slack.web.chat_update(channel=GENERAL.id, ts="1.000001", text="x")


def test_an_ephemeral_message_cannot_be_updated(slack: StandIn) -> None:
    ts = slack.web.chat_postEphemeral(channel=GENERAL.id, user=ANN.id, text="x")["message_ts"]

    with refused("message_not_found"):
        slack.web.chat_update(channel=GENERAL.id, ts=ts, text="y")


def test_a_persons_message_cannot_be_updated_by_the_bot(slack: StandIn) -> None:
    message = slack.workspace.messages.add(GENERAL.id, ANN.id, "Hi")

    with refused("cant_update_message"):
        slack.web.chat_update(channel=GENERAL.id, ts=message.ts, text="Bye")


def test_nothing_changes_in_an_archived_channel(slack: StandIn) -> None:
    with refused("is_inactive"):
        slack.web.chat_update(channel=CLOSED.id, ts="1.000001", text="x")


def test_an_update_needs_the_id_of_the_conversation_and_not_of_the_person(slack: StandIn) -> None:
    ts = slack.web.chat_postMessage(channel=ANN.id, text="x")["ts"]

    with refused("channel_not_found"):
        slack.web.chat_update(channel=ANN.id, ts=ts, text="y")


def test_updates_and_ephemeral_messages_take_4000_characters_of_text(slack: StandIn) -> None:
    ts = posted(slack)["ts"]

    for text in ("x" * 4000, "x" * 4001):
        if len(text) > 4000:
            with refused("msg_too_long"):
                slack.web.chat_update(channel=GENERAL.id, ts=ts, text=text)
            with refused("msg_too_long"):
                slack.web.chat_postEphemeral(channel=GENERAL.id, user=ANN.id, text=text)
        else:
            slack.web.chat_update(channel=GENERAL.id, ts=ts, text=text)
            slack.web.chat_postEphemeral(channel=GENERAL.id, user=ANN.id, text=text)


def test_an_ephemeral_message_is_for_one_person(slack: StandIn) -> None:
    ts = slack.web.chat_postEphemeral(channel=GENERAL.id, user=BEN.id, text="Only you")[
        "message_ts"
    ]

    state = slack.state()
    (message,) = state["ephemeral"]
    assert (message["user"], message["ts"], message["text"]) == (BEN.id, ts, "Only you")
    assert state["messages"] == []


@pytest.mark.parametrize("user", ["U0NOBODY", GONE.id])
def test_an_ephemeral_message_to_a_person_who_is_not_there_is_refused(
    slack: StandIn, user: str
) -> None:
    with refused("user_not_in_channel"):
        slack.web.chat_postEphemeral(channel=GENERAL.id, user=user, text="x")


def test_an_ephemeral_message_to_a_person_who_is_not_in_the_channel_is_refused(
    slack: StandIn,
) -> None:
    """docs.slack.dev/reference/methods/chat.postEphemeral, `user_not_in_channel`."""
    slack.act("members", channel=GENERAL.id, users=[ANN.id])
    direct = slack.web.chat_postMessage(channel=ANN.id, text="x")["channel"]

    for channel in (GENERAL.id, direct):
        with refused("user_not_in_channel"):
            slack.web.chat_postEphemeral(channel=channel, user=BEN.id, text="x")
        slack.web.chat_postEphemeral(channel=channel, user=ANN.id, text="x")


def test_a_person_who_is_away_never_sees_an_ephemeral_message_and_slack_does_not_say_so(
    slack: StandIn,
) -> None:
    """docs.slack.dev/reference/methods/chat.postEphemeral: delivery is not guaranteed."""
    slack.act("presence", user=BEN.id, away=True)
    assert slack.web.chat_postEphemeral(channel=GENERAL.id, user=BEN.id, text="x")["message_ts"]
    slack.act("presence", user=BEN.id, away=False)
    assert slack.state()["ephemeral"] == []

    slack.web.chat_postEphemeral(channel=GENERAL.id, user=BEN.id, text="y")
    assert [message["text"] for message in slack.state()["ephemeral"]] == ["y"]


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("presence", {"user": ANN.id}),
        ("presence", {"user": "U0NOBODY", "away": True}),
        ("members", {"channel": GENERAL.id}),
        ("members", {"channel": GENERAL.id, "users": ["U0NOBODY"]}),
        ("members", {"channel": "C0NOWHERE", "users": []}),
    ],
)
def test_people_and_channels_that_are_not_there_are_refused(
    slack: StandIn, what: str, body: dict[str, Any]
) -> None:
    assert slack.refusal(what, **body)


def test_a_permalink_leads_to_the_message_on_the_page(slack: StandIn) -> None:
    ts = posted(slack)["ts"]
    link = slack.web.chat_getPermalink(channel=GENERAL.id, message_ts=ts)["permalink"]

    assert link == f"{slack.workspace.url}/archives/{GENERAL.id}/p{ts.replace('.', '')}"
    with urlopen(link) as page:
        page.read()
        assert page.url == f"{slack.workspace.url}/#{GENERAL.id}/{ts}"


def test_a_permalink_of_a_reply_names_its_thread(slack: StandIn) -> None:
    parent = posted(slack)["ts"]
    reply = posted(slack, thread_ts=parent)["ts"]
    link = slack.web.chat_getPermalink(channel=GENERAL.id, message_ts=reply)["permalink"]

    assert link.endswith(f"?thread_ts={parent}&cid={GENERAL.id}")


def test_there_is_no_permalink_of_a_message_that_does_not_exist(slack: StandIn) -> None:
    with refused("message_not_found"):
        slack.web.chat_getPermalink(channel=GENERAL.id, message_ts="1.000001")
