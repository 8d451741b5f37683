"""Slack's Web API: outages, refusals, and a message whose answer was lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.adapters.slack.chat import SlackChat
from bot.core.cards.blocks import actions, button, rich, view
from bot.core.cards.messages import Message, message
from bot.core.errors import (
    ChannelNotFound,
    MessageNotFound,
    NotEditable,
    Throttled,
    Unavailable,
    Undeliverable,
)
from bot.core.votes.message_ref import MessageRef
from infra.local.server import Server
from tests.local.slack_stand_in import ANN, CLOSED, GENERAL, GONE, StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytest_plugins = ["tests.local.slack_fixtures"]

BUSY = ("ratelimited", "500", "503", "timeout", "refused", "internal_error", "fatal_error")
ROW = actions([button("Approve", "approve", "what it offers")])
HELLO = message(("hello",), [rich(("hello",)), ROW])
FORM = view("A form", [rich(("it goes live",))])
HOME = {"type": "home", "blocks": [rich(("nothing waits",)).to_dict()]}
REFUSED = Message("hello, <@U0ANN> &amp; all", ({"type": "nonsense"}, ROW.to_dict()))
LONG = Message("hello", tuple(rich(("x" * 2900,)).to_dict() for _ in range(5)))

CALLS: dict[str, Callable[[SlackChat, StandIn], object]] = {
    "chat.postMessage": lambda chat, _: chat.post(GENERAL.id, HELLO, key="key"),
    "chat.update": lambda chat, slack: chat.update(posted(slack), HELLO),
    "chat.postEphemeral": lambda chat, _: chat.post_private(GENERAL.id, ANN.id, HELLO),
    "conversations.history": lambda chat, slack: chat.post(
        GENERAL.id, HELLO, key="key", since=now(slack)
    ),
    "conversations.replies": lambda chat, slack: chat.post(
        GENERAL.id, HELLO, key="key", thread=posted(slack).ts, since=now(slack)
    ),
    "response_url": lambda chat, slack: chat.answer(address(slack), HELLO, replace=False),
    "views.update": lambda chat, slack: chat.update_form(open_form(slack), FORM),
    "views.publish": lambda chat, _: chat.publish_home(ANN.id, HOME),
}
MESSAGE_METHODS = ("chat.postMessage", "chat.update", "chat.postEphemeral")


@pytest.fixture
def failed() -> list[str]:
    """The codes of the answers that were refused."""
    return []


@pytest.fixture
def chat(slack: StandIn, failed: list[str]) -> SlackChat:
    return SlackChat(lambda: slack.web, failed.append)


@pytest.fixture
def truncated_answer() -> Iterator[str]:
    """The address of a server that breaks off in the middle of an answer."""

    def break_off(environ: WSGIEnvironment, start: StartResponse) -> Iterator[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", "100")])
        yield b'{"ok": tr'
        environ["werkzeug.socket"].shutdown(SHUT_RDWR)

    server = Server(break_off)
    server.start()
    yield server.url
    server.stop()


def ignore(_code: str) -> None:
    """Counts nothing."""


def now(slack: StandIn) -> datetime:
    return datetime.fromtimestamp(slack.clock.now, UTC)


def posted(slack: StandIn) -> MessageRef:
    """A message that the bot posted earlier."""
    response = slack.web.chat_postMessage(channel=GENERAL.id, text="earlier")
    return MessageRef(GENERAL.id, response["ts"])


def open_form(slack: StandIn) -> str:
    return str(slack.open_form(ANN, view("Wait", [rich(("a moment",))]))["id"])


def address(slack: StandIn) -> str:
    """The address for the answer to Ann's command."""
    token = slack.workspace.response_urls.issue(ANN, GENERAL.id)
    return f"{slack.workspace.url}/response/{token}"


def post_others(slack: StandIn, many: int, thread: str | None = None) -> None:
    """Let Ann post *many* messages."""
    for number in range(many):
        slack.workspace.messages.add(GENERAL.id, ANN.id, f"blah {number}", thread_ts=thread)


def messages_with(slack: StandIn, text: str) -> list[Any]:
    return [each for each in slack.workspace.messages.public() if each.text == text]


def private_messages(slack: StandIn) -> list[str]:
    return [each.text for each in slack.workspace.messages.ephemeral(ANN.id)]


# --- outages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", BUSY)
@pytest.mark.parametrize("method", CALLS)
def test_an_outage_is_a_reason_to_wait(
    slack: StandIn, chat: SlackChat, method: str, fault: str
) -> None:
    if (method, fault[-5:]) == ("response_url", "error"):
        fault = "502"  # a response URL answers with a status only
    slack.faults.add(method, fault)

    with pytest.raises(Unavailable):
        CALLS[method](chat, slack)
    CALLS[method](chat, slack)


@pytest.mark.parametrize("method", CALLS)
def test_slack_says_how_long_to_wait(slack: StandIn, chat: SlackChat, method: str) -> None:
    slack.faults.add(method, "ratelimited")

    with pytest.raises(Unavailable) as caught:
        CALLS[method](chat, slack)
    assert caught.value.retry_after == 1


@pytest.mark.parametrize("method", CALLS)
def test_only_a_throttled_post_proves_that_nothing_was_posted(
    slack: StandIn, chat: SlackChat, method: str
) -> None:
    """A throttled search says nothing about what an earlier attempt has posted."""
    slack.faults.add(method, "ratelimited:30")

    with pytest.raises(Unavailable) as caught:
        CALLS[method](chat, slack)
    assert caught.value.retry_after == 30
    searches = {"conversations.history", "conversations.replies", "response_url"}
    assert isinstance(caught.value, Throttled) is (method not in searches)


def test_a_bare_status_429_is_a_reason_to_wait(slack: StandIn, chat: SlackChat) -> None:
    slack.faults.add("chat.postMessage", "429")

    with pytest.raises(Throttled):
        chat.post(GENERAL.id, HELLO, key="key")


def test_a_truncated_answer_is_a_reason_to_wait(truncated_answer: str) -> None:
    web = WebClient("xoxb", base_url=f"{truncated_answer}/api/", retry_handlers=[])

    with pytest.raises(Unavailable):
        SlackChat(lambda: web, ignore).post(GENERAL.id, HELLO, key="key")


def test_a_refused_connection_is_a_reason_to_wait() -> None:
    unreachable = WebClient("xoxb", base_url="http://127.0.0.1:9/api/", retry_handlers=[])

    with pytest.raises(Unavailable):
        SlackChat(lambda: unreachable, ignore).post(GENERAL.id, HELLO, key="key")


def test_every_call_reads_the_token_anew(slack: StandIn) -> None:
    chat = SlackChat(lambda: slack_with(slack, slack.workspace.bot_token), ignore)
    place = chat.post(GENERAL.id, HELLO, key="key")
    slack.workspace.bot_token = "xoxb-rotated"

    chat.update(place, HELLO)


def slack_with(slack: StandIn, token: str) -> WebClient:
    return WebClient(token, base_url=slack.web.base_url, retry_handlers=[])


# --- a lost answer --------------------------------------------------------------------------------


@pytest.mark.parametrize("in_thread", [False, True])
@pytest.mark.parametrize("meanwhile", [0, 450])
def test_a_message_whose_answer_was_lost_is_found_and_not_posted_twice(
    slack: StandIn, chat: SlackChat, in_thread: bool, meanwhile: int
) -> None:
    """Histories are newest first, threads oldest first: so others post after it, or before."""
    thread = posted(slack).ts if in_thread else None
    began = now(slack)
    if in_thread:
        post_others(slack, meanwhile, thread)
    slack.faults.add("chat.postMessage", "timeout")
    with pytest.raises(Unavailable):
        chat.post(GENERAL.id, HELLO, key="key", thread=thread)
    if not in_thread:
        post_others(slack, meanwhile)
    place = chat.post(GENERAL.id, HELLO, key="key", thread=thread, since=began)

    (posted_message,) = messages_with(slack, "hello")
    assert place == MessageRef(GENERAL.id, posted_message.ts)
    assert posted_message.thread_ts == thread


@pytest.mark.parametrize("in_thread", [False, True])
def test_a_message_that_was_never_posted_is_posted_after_looking_through_all_pages(
    slack: StandIn, chat: SlackChat, in_thread: bool
) -> None:
    thread = posted(slack).ts if in_thread else None
    post_others(slack, 450, thread)
    chat.post(GENERAL.id, HELLO, key="key", thread=thread, since=now(slack))

    (posted_message,) = messages_with(slack, "hello")
    assert posted_message.thread_ts == thread


def test_a_message_posted_in_the_plain_form_is_found_as_well(
    slack: StandIn, chat: SlackChat
) -> None:
    first = chat.post(GENERAL.id, REFUSED, key="key")

    assert chat.post(GENERAL.id, REFUSED, key="key", since=now(slack)) == first


def test_a_message_is_still_found_after_it_was_updated(slack: StandIn, chat: SlackChat) -> None:
    first = chat.post(GENERAL.id, HELLO, key="key")
    chat.update(first, message(("decided",), [rich(("decided",))]))

    assert chat.post(GENERAL.id, HELLO, key="key", since=now(slack)) == first


@pytest.mark.parametrize(("earlier", "is_found"), [(299, True), (301, False)])
def test_slacks_clock_may_be_up_to_five_minutes_behind_the_stores(
    slack: StandIn, chat: SlackChat, earlier: int, is_found: bool
) -> None:
    since = now(slack) + timedelta(seconds=earlier)
    first = chat.post(GENERAL.id, HELLO, key="key")
    slack.clock.now += 3600
    second = chat.post(GENERAL.id, HELLO, key="key", since=since)

    assert (second == first) is is_found


def test_the_metadata_of_another_app_is_not_taken_for_ours(slack: StandIn, chat: SlackChat) -> None:
    mark = {"event_type": "of_another_app", "event_payload": {"key": "key"}}
    slack.workspace.messages.add(GENERAL.id, ANN.id, "not yours", metadata=mark)
    chat.post(GENERAL.id, HELLO, key="key", since=now(slack))

    assert len(messages_with(slack, "hello")) == 1


# --- blocks that Slack refuses --------------------------------------------------------------------


@pytest.mark.parametrize("sent", [REFUSED, LONG], ids=["nonsense", "too long"])
@pytest.mark.parametrize("in_thread", [False, True])
def test_a_refused_message_is_posted_in_the_plain_form(
    slack: StandIn, chat: SlackChat, sent: Message, in_thread: bool
) -> None:
    thread = posted(slack).ts if in_thread else None
    place = chat.post(GENERAL.id, sent, key="key", thread=thread)

    shown = slack.workspace.messages.get(place.channel, place.ts)
    assert shown
    assert (shown.text, shown.thread_ts) == (sent.text, thread)
    assert shapes(shown.blocks) == shapes(sent.plain.blocks)


def test_a_refused_update_is_sent_in_the_plain_form(slack: StandIn, chat: SlackChat) -> None:
    place = chat.post(GENERAL.id, HELLO, key="key")
    chat.update(place, REFUSED)

    shown = slack.workspace.messages.get(place.channel, place.ts)
    assert shown
    assert shown.text == REFUSED.text
    assert shapes(shown.blocks) == ["rich_text", "actions"]


@pytest.mark.parametrize("channel", [GENERAL.id, CLOSED.id])
def test_a_refused_private_message_is_sent_in_the_plain_form(
    slack: StandIn, chat: SlackChat, channel: str
) -> None:
    chat.post_private(channel, ANN.id, REFUSED)

    messages = slack.workspace.messages
    (shown,) = (*messages.ephemeral(ANN.id), *messages.public(f"D{ANN.id[1:]}"))
    assert shown.text == REFUSED.text
    assert shapes(shown.blocks) == ["rich_text", "actions"]


def test_a_refused_answer_is_sent_in_the_plain_form(slack: StandIn, chat: SlackChat) -> None:
    chat.answer(address(slack), REFUSED, replace=False)

    assert private_messages(slack) == [REFUSED.text]


@pytest.mark.parametrize("method", MESSAGE_METHODS)
def test_only_refused_blocks_are_a_reason_to_send_the_plain_form(
    slack: StandIn, chat: SlackChat, method: str
) -> None:
    slack.faults.add(method, "missing_scope")

    with pytest.raises(Unavailable, match="missing_scope"):
        CALLS[method](chat, slack)
    assert messages_with(slack, "hello") == private_messages(slack) == []


@pytest.mark.parametrize("code", ["message_limit_exceeded", "ekm_access_denied", "made_up"])
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "views.publish"])
def test_what_slack_refuses_for_a_reason_on_no_list_is_undeliverable(
    slack: StandIn, chat: SlackChat, method: str, code: str
) -> None:
    slack.faults.add(method, code)

    with pytest.raises(Undeliverable, match=code):
        CALLS[method](chat, slack)


@pytest.mark.parametrize("code", ["cant_update_message", "edit_window_closed"])
def test_a_message_that_cannot_be_edited_is_not_taken_for_a_missing_one(
    slack: StandIn, chat: SlackChat, code: str
) -> None:
    place = chat.post(GENERAL.id, HELLO, key="key")
    slack.faults.add("chat.update", code)

    with pytest.raises(NotEditable, match=code):
        chat.update(place, HELLO)


@pytest.mark.parametrize("method", MESSAGE_METHODS)
def test_an_outage_between_the_two_attempts_is_a_reason_to_wait(
    slack: StandIn, chat: SlackChat, method: str
) -> None:
    slack.faults.add(method, "invalid_blocks")
    slack.faults.add(method, "503")

    with pytest.raises(Unavailable):
        CALLS[method](chat, slack)
    assert messages_with(slack, "hello") == private_messages(slack) == []


def shapes(blocks: Any) -> list[str]:
    return [block["type"] for block in blocks]


# --- places that are gone -------------------------------------------------------------------------


def test_nothing_is_posted_in_an_archived_channel(chat: SlackChat) -> None:
    with pytest.raises(ChannelNotFound, match="is_archived"):
        chat.post(CLOSED.id, HELLO, key="key")


def test_nothing_is_posted_in_a_channel_that_is_not_there(chat: SlackChat) -> None:
    with pytest.raises(ChannelNotFound, match="channel_not_found"):
        chat.post("C0NOWHERE", HELLO, key="key")


def test_a_message_in_an_archived_channel_stays_as_it_is(slack: StandIn, chat: SlackChat) -> None:
    place = chat.post(GENERAL.id, HELLO, key="key")
    slack.workspace.channels[GENERAL.id] = replace(GENERAL, archived=True)

    with pytest.raises(ChannelNotFound, match="is_inactive"):
        chat.update(place, message(("decided",), []))
    assert len(messages_with(slack, "hello")) == 1


@pytest.mark.parametrize(
    ("error", "is_the_channel"),
    [
        ("not_in_channel", True),
        ("no_permission", True),
        ("restricted_action", True),
        ("restricted_action_read_only_channel", True),
        ("thread_not_found", False),
        ("restricted_action_thread_locked", False),
        ("message_not_found", False),
    ],
)
def test_a_channel_that_may_come_back_is_told_apart_from_a_message_that_is_gone(
    slack: StandIn, chat: SlackChat, error: str, is_the_channel: bool
) -> None:
    slack.faults.add("chat.postMessage", error)

    with pytest.raises(MessageNotFound, match=error) as raised:
        chat.post(GENERAL.id, HELLO, key="key")
    assert isinstance(raised.value, ChannelNotFound) is is_the_channel


def test_a_message_of_somebody_else_stays_as_it_is(slack: StandIn, chat: SlackChat) -> None:
    theirs = slack.workspace.messages.add(GENERAL.id, ANN.id, "mine")

    with pytest.raises(NotEditable, match="cant_update_message"):
        chat.update(MessageRef(theirs.channel, theirs.ts), HELLO)


def test_a_thread_that_is_gone_is_not_searched(slack: StandIn, chat: SlackChat) -> None:
    with pytest.raises(MessageNotFound, match="thread_not_found"):
        chat.post(GENERAL.id, HELLO, key="key", thread="1.1", since=now(slack))


@pytest.mark.parametrize("lost", ["chat.postMessage", "chat.delete"])
@pytest.mark.parametrize("fault", ["timeout", "ratelimited"])
def test_a_reply_that_went_to_the_channel_is_deleted_at_the_next_attempt(
    slack: StandIn, chat: SlackChat, lost: str, fault: str
) -> None:
    """The answer that says where it went may be lost, and so may the attempt to delete it."""
    began = now(slack)
    slack.faults.add(lost, fault)

    with pytest.raises(Unavailable):
        chat.post(GENERAL.id, HELLO, key="key", thread="1.1")
    with pytest.raises(MessageNotFound, match="thread_not_found"):
        chat.post(GENERAL.id, HELLO, key="key", thread="1.1", since=began)
    assert slack.workspace.messages.public(GENERAL.id) == []


def test_a_reply_that_cannot_be_deleted_stays_and_is_not_in_the_thread(
    slack: StandIn, chat: SlackChat
) -> None:
    slack.faults.add("chat.delete", "compliance_exports_prevent_deletion")

    with pytest.raises(MessageNotFound, match="thread_not_found"):
        chat.post(GENERAL.id, HELLO, key="key", thread="1.1")
    assert len(messages_with(slack, "hello")) == 1


@pytest.mark.parametrize("error", ["not_in_channel", "user_not_in_channel", "is_archived"])
def test_a_private_message_that_cannot_be_in_the_channel_is_a_direct_message(
    slack: StandIn, chat: SlackChat, error: str
) -> None:
    slack.faults.add("chat.postEphemeral", error)
    chat.post_private(GENERAL.id, ANN.id, HELLO)

    (posted_message,) = messages_with(slack, "hello")
    assert posted_message.channel == f"D{ANN.id[1:]}"
    assert private_messages(slack) == []


def test_an_outage_does_not_turn_a_private_message_into_a_direct_message(
    slack: StandIn, chat: SlackChat
) -> None:
    slack.faults.add("chat.postEphemeral", "ratelimited")

    with pytest.raises(Unavailable):
        chat.post_private(GENERAL.id, ANN.id, HELLO)
    assert messages_with(slack, "hello") == []


def test_a_private_message_cannot_reach_a_person_who_left(chat: SlackChat) -> None:
    with pytest.raises(MessageNotFound):
        chat.post_private(CLOSED.id, GONE.id, HELLO)


# --- answers --------------------------------------------------------------------------------------


def test_an_answer_replaces_the_message_that_was_clicked(slack: StandIn, chat: SlackChat) -> None:
    workspace = slack.workspace
    page = workspace.messages.add(GENERAL.id, "U0LOCALBOT", "page 1", only_for=ANN.id)
    token = workspace.response_urls.issue(ANN, GENERAL.id, page)
    chat.answer(f"{workspace.url}/response/{token}", HELLO, replace=True)

    assert private_messages(slack) == ["hello"]


def test_an_answer_that_does_not_replace_the_message_keeps_it(
    slack: StandIn, chat: SlackChat
) -> None:
    workspace = slack.workspace
    page = workspace.messages.add(GENERAL.id, "U0LOCALBOT", "page 1", only_for=ANN.id)
    token = workspace.response_urls.issue(ANN, GENERAL.id, page)
    chat.answer(f"{workspace.url}/response/{token}", HELLO, replace=False)

    assert private_messages(slack) == ["page 1", "hello"]


def test_an_answer_to_an_expired_address_is_dropped(slack: StandIn, chat: SlackChat) -> None:
    url = address(slack)
    slack.clock.now += 30 * 60 + 1

    chat.answer(url, HELLO, replace=False)
    assert private_messages(slack) == []


def test_an_answer_to_an_address_that_was_used_up_is_dropped(
    slack: StandIn, chat: SlackChat
) -> None:
    url = address(slack)
    for _ in range(6):
        chat.answer(url, HELLO, replace=False)

    assert private_messages(slack) == ["hello"] * 5


@pytest.mark.parametrize(
    ("fault", "code"), [("503", "503"), ("ratelimited", "429"), ("timeout", "RemoteDisconnected")]
)
def test_an_answer_that_slack_did_not_accept_is_counted(
    slack: StandIn, chat: SlackChat, failed: list[str], fault: str, code: str
) -> None:
    slack.faults.add("response_url", fault)

    with pytest.raises(Unavailable):
        chat.answer(address(slack), HELLO, replace=False)
    assert failed == [code]
    chat.answer(address(slack), HELLO, replace=False)
    assert failed == [code]


def test_an_answer_with_refused_blocks_and_a_late_one_are_counted(
    slack: StandIn, chat: SlackChat, failed: list[str]
) -> None:
    url = address(slack)
    chat.answer(url, REFUSED, replace=False)
    slack.clock.now += 30 * 60 + 1
    chat.answer(url, HELLO, replace=False)

    assert failed == ["400", "404"]


# --- forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["not_found", "view_not_found", "hash_conflict"])
def test_an_update_of_a_form_that_was_closed_or_replaced_is_dropped(
    slack: StandIn, chat: SlackChat, error: str
) -> None:
    form = open_form(slack)
    slack.faults.add("views.update", error)

    chat.update_form(form, FORM)


def test_a_form_that_slack_refuses_is_not_taken_for_a_closed_one(
    slack: StandIn, chat: SlackChat
) -> None:
    form = open_form(slack)

    with pytest.raises(Undeliverable, match="invalid_arguments"):
        chat.update_form(form, {**FORM, "blocks": [{"type": "nonsense"}]})
