"""What the bot can look up: itself, people, groups, channels and their messages."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.local.slack_stand_in import (
    ANN,
    APPROVERS,
    BEN,
    CLOSED,
    GENERAL,
    GONE,
    GUEST,
    PRIVATE,
    StandIn,
    refused,
)

pytest_plugins = ["tests.local.slack_fixtures"]


def post(slack: StandIn, *texts: str, **more: Any) -> list[str]:
    """Post these, a second apart."""
    timestamps = []
    for text in texts:
        slack.clock.now += 1
        timestamps.append(slack.web.chat_postMessage(channel=GENERAL.id, text=text, **more)["ts"])
    return timestamps


def texts(answer: Any) -> list[str]:
    return [message["text"] for message in answer["messages"]]


def test_the_bot_can_look_up_itself(slack: StandIn) -> None:
    answer = slack.web.auth_test()

    assert answer["user_id"] == slack.state()["bot"]["id"]
    assert answer["team_id"] == ANN.team
    assert answer["bot_id"]


def test_a_wrong_token_is_refused(slack: StandIn) -> None:
    with refused("invalid_auth"):
        WebClient("xoxb-stolen", base_url=slack.web.base_url).auth_test()


def test_a_call_without_a_token_is_refused(slack: StandIn) -> None:
    with refused("not_authed"):
        WebClient(base_url=slack.web.base_url).auth_test()


def test_a_token_may_be_an_argument(slack: StandIn) -> None:
    client = WebClient(base_url=slack.web.base_url)

    assert client.api_call("auth.test", params={"token": slack.workspace.bot_token})["ok"]


def test_a_missing_method_is_unknown(slack: StandIn) -> None:
    with refused("unknown_method"):
        slack.web.api_call("chat.shout")


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
def test_a_body_is_a_json_object(slack: StandIn, body: bytes, error: str) -> None:
    assert slack.http("/api/auth.test", body)[1] == {"ok": False, "error": error}


def test_a_person_is_found_by_id(slack: StandIn) -> None:
    user = slack.web.users_info(user=ANN.id)["user"]

    assert (user["name"], user["real_name"], user["deleted"]) == ("ann", "Ann Lee", False)
    assert user["profile"]["email"] == "ann@example.com"
    assert user["team_id"] == ANN.team


def test_a_person_who_left_is_still_found_by_id_and_marked_as_deleted(slack: StandIn) -> None:
    assert slack.web.users_info(user=GONE.id)["user"]["deleted"]


def test_a_guest_is_marked_and_has_another_team(slack: StandIn) -> None:
    user = slack.web.users_info(user=GUEST.id)["user"]

    assert (user["is_restricted"], user["team_id"]) == (True, "T0ELSEWHERE")


@pytest.mark.parametrize(("who", "marked"), [(ANN, False), (replace(ANN, robot=True), True)])
def test_a_robot_is_marked(slack: StandIn, who: Any, *, marked: bool) -> None:
    slack.workspace.users[who.id] = who

    assert slack.web.users_info(user=who.id)["user"]["is_bot"] is marked


def test_an_unknown_person_is_not_found(slack: StandIn) -> None:
    with refused("user_not_found"):
        slack.web.users_info(user="U0NOBODY")


def test_a_person_is_found_by_email_in_any_case(slack: StandIn) -> None:
    assert slack.web.users_lookupByEmail(email="Ben@Example.com")["user"]["id"] == BEN.id


@pytest.mark.parametrize("email", ["nobody@example.com", "gone@example.com", ""])
def test_an_email_of_somebody_who_is_not_there_finds_nobody(slack: StandIn, email: str) -> None:
    with refused("users_not_found"):
        slack.web.users_lookupByEmail(email=email)


def test_groups_are_listed_with_their_members_if_asked(slack: StandIn) -> None:
    (short,) = slack.web.usergroups_list()["usergroups"]
    (full,) = slack.web.usergroups_list(include_users=True)["usergroups"]

    assert (short["id"], short["handle"], short["user_count"]) == (APPROVERS.id, "approvers", 2)
    assert "users" not in short
    assert full["users"] == [ANN.id, BEN.id]


def test_the_members_of_a_group(slack: StandIn) -> None:
    assert slack.web.usergroups_users_list(usergroup=APPROVERS.id)["users"] == [ANN.id, BEN.id]


def test_a_missing_group_has_no_members(slack: StandIn) -> None:
    with refused("no_such_subteam"):
        slack.web.usergroups_users_list(usergroup="S0NOBODY")


@pytest.mark.parametrize(
    ("channel", "archived", "member"),
    [(GENERAL, False, True), (CLOSED, True, True), (PRIVATE, False, False)],
)
def test_a_channel_says_whether_the_bot_may_post_in_it(
    slack: StandIn, channel: Any, *, archived: bool, member: bool
) -> None:
    info = slack.web.conversations_info(channel=channel.id)["channel"]

    assert (info["name"], info["is_im"]) == (channel.name, False)
    assert (info["is_archived"], info["is_member"]) == (archived, member)


def test_a_missing_channel_is_not_found(slack: StandIn) -> None:
    with refused("channel_not_found"):
        slack.web.conversations_info(channel="C0NOWHERE")
    with refused("channel_not_found"):
        slack.web.conversations_history(channel="C0NOWHERE")


def test_the_bot_cannot_read_a_channel_without_being_a_member(slack: StandIn) -> None:
    with refused("not_in_channel"):
        slack.web.conversations_history(channel=PRIVATE.id)


def test_history_is_newest_first_without_replies_and_ephemeral_messages(slack: StandIn) -> None:
    first, _ = post(slack, "one", "two")
    post(slack, "reply", thread_ts=first)
    slack.web.chat_postEphemeral(channel=GENERAL.id, user=ANN.id, text="only for you")
    answer = slack.web.conversations_history(channel=GENERAL.id)

    assert texts(answer) == ["two", "one"]
    assert (answer["messages"][1]["reply_count"], answer["has_more"]) == (1, False)


def test_messages_of_people_are_not_marked_as_the_bots(slack: StandIn) -> None:
    slack.workspace.messages.add(GENERAL.id, ANN.id, "Hi")
    (message,) = slack.web.conversations_history(channel=GENERAL.id)["messages"]

    assert message["user"] == ANN.id
    assert "bot_id" not in message


def test_a_thread_is_oldest_first_with_its_parent_at_the_head(slack: StandIn) -> None:
    (parent,) = post(slack, "parent")
    post(slack, "one", "two", thread_ts=parent)
    post(slack, "elsewhere")

    answer = slack.web.conversations_replies(channel=GENERAL.id, ts=parent)
    assert texts(answer) == ["parent", "one", "two"]


def test_a_thread_is_found_by_any_of_its_messages(slack: StandIn) -> None:
    (parent,) = post(slack, "parent")
    (reply,) = post(slack, "one", thread_ts=parent)

    assert texts(slack.web.conversations_replies(channel=GENERAL.id, ts=reply)) == ["parent", "one"]


def test_there_is_no_thread_of_a_message_that_does_not_exist(slack: StandIn) -> None:
    with refused("thread_not_found"):
        slack.web.conversations_replies(channel=GENERAL.id, ts="1.000001")


@pytest.mark.parametrize(
    ("inclusive", "expected"), [(False, ["two"]), (True, ["three", "two", "one"])]
)
def test_history_between_two_times(slack: StandIn, *, inclusive: bool, expected: list[str]) -> None:
    _, one, _, three, _ = post(slack, "zero", "one", "two", "three", "four")
    answer = slack.web.conversations_history(
        channel=GENERAL.id, oldest=one, latest=three, inclusive=inclusive
    )

    assert texts(answer) == expected


def test_the_parent_is_the_first_of_a_thread_whatever_time_is_asked_for(slack: StandIn) -> None:
    (parent,) = post(slack, "parent")
    one, _ = post(slack, "one", "two", thread_ts=parent)

    answer = slack.web.conversations_replies(channel=GENERAL.id, ts=parent, oldest=one)
    assert texts(answer) == ["parent", "two"]


def test_a_time_is_a_number(slack: StandIn) -> None:
    with refused("invalid_ts_oldest"):
        slack.web.conversations_history(channel=GENERAL.id, oldest="yesterday")


def test_a_client_reads_the_history_page_by_page(slack: StandIn) -> None:
    post(slack, "one", "two", "three", "four", "five")
    pages = slack.web.conversations_history(channel=GENERAL.id, limit=2)

    assert [(texts(page), page["has_more"]) for page in pages] == [
        (["five", "four"], True),
        (["three", "two"], True),
        (["one"], False),
    ]


def test_a_new_message_does_not_shift_the_pages(slack: StandIn) -> None:
    post(slack, "one", "two", "three")
    first = slack.web.conversations_history(channel=GENERAL.id, limit=2)
    post(slack, "four")
    cursor = first["response_metadata"]["next_cursor"]

    second = slack.web.conversations_history(channel=GENERAL.id, limit=2, cursor=cursor)
    assert texts(second) == ["one"]


@pytest.mark.parametrize("cursor", ["nonsense", "bmV4dF90czoxLjAwMDAwMQ=="])
def test_an_unknown_cursor_is_refused(slack: StandIn, cursor: str) -> None:
    with refused("invalid_cursor"):
        slack.web.conversations_history(channel=GENERAL.id, cursor=cursor)


def test_metadata_is_returned_to_those_who_ask_for_it(slack: StandIn) -> None:
    metadata = {"event_type": "card", "event_payload": {"arn": "arn:1"}}
    (ts,) = post(slack, "card", metadata=metadata)

    where = {"channel": GENERAL.id, "ts": ts}

    for method in ("conversations.history", "conversations.replies"):
        asked = slack.web.api_call(method, params={**where, "include_all_metadata": True})
        plain = slack.web.api_call(method, params=where)
        assert asked["messages"][0]["metadata"] == metadata
        assert "metadata" not in plain["messages"][0]
