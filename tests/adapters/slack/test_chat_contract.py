"""What every chat promises: Slack's, and the one in memory that the flows are tested on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from bot.adapters.slack.chat import SlackChat
from bot.core.cards.blocks import actions, button, rich, view
from bot.core.cards.messages import Message, message
from bot.core.errors import ChannelNotFound, MessageNotFound, Throttled
from tests.doubles.builders import NOON
from tests.doubles.chat import FakeChat
from tests.local.slack_bots import answering
from tests.local.slack_stand_in import ANN, BEN, GENERAL, GONE, PRIVATE, StandIn

if TYPE_CHECKING:
    from bot.core.cards.blocks import Json
    from bot.core.votes.message_ref import MessageRef
    from bot.flows.ports import Chat

pytest_plugins = ["tests.local.slack_fixtures"]

OTHER = replace(GENERAL, id="C0OTHER", name="other")
WAIT = view("Wait", [rich(("a moment",))], submit="Approve")
FILLED = view("Approve version 3", [rich(("it is deployed",))])
RECEIPT = view("Approve version 3", [rich(("working",))])


class ChatCase(Protocol):
    """People in a chat: what they see, and what they do."""

    chat: Chat

    def now(self) -> datetime: ...

    def wait(self, minutes: float) -> None: ...

    def posted_in(self, channel: str, thread: MessageRef | None = None) -> list[str]:
        """The messages that everybody can read in *channel*, or in the *thread*."""
        ...

    def private_messages(self, person: str) -> list[str]:
        """The messages that only *person* can read."""
        ...

    def delete(self, place: MessageRef) -> None: ...

    def archive(self) -> None:
        """Archive the general channel."""
        ...

    def throttle(self) -> None:
        """Let Slack refuse the next post for its rate limit."""
        ...

    def ask(self, person: str) -> str:
        """The address for the answer to a question of *person* in the general channel."""
        ...

    def open_form(self, person: str) -> str: ...

    def close_form(self, form: str) -> None: ...

    def answer_submit(self, form: str, shown: Json) -> None:
        """Submit *form*, and answer that with *shown* in its place."""

    def hash_of(self, form: str) -> str: ...

    def form(self, form: str) -> Json: ...

    def home(self, person: str) -> Json: ...


@dataclass
class InMemory:
    chat: FakeChat = field(default_factory=lambda: FakeChat(missing={PRIVATE.id}, left={GONE.id}))
    _asked: dict[str, str] = field(default_factory=dict)
    _now: datetime = NOON

    def __post_init__(self) -> None:
        self.chat.now = self.now

    def now(self) -> datetime:
        return self._now

    def wait(self, minutes: float) -> None:
        self._now += timedelta(minutes=minutes)

    def posted_in(self, channel: str, thread: MessageRef | None = None) -> list[str]:
        below = thread.ts if thread else None
        return [
            posted.message.text
            for posted in self.chat.posted
            if (posted.place.channel, posted.thread) == (channel, below)
        ]

    def private_messages(self, person: str) -> list[str]:
        direct = [text for who, text in self.chat.private_messages if who == person]
        answers = [
            answer.text for url, answer, _ in self.chat.answers if self._asked[url] == person
        ]
        return direct + answers

    def delete(self, place: MessageRef) -> None:
        self.chat.delete(place)

    def archive(self) -> None:
        self.chat.archived.add(GENERAL.id)

    def throttle(self) -> None:
        self.chat.throttled = 1

    def ask(self, person: str) -> str:
        url = f"https://hooks.slack.com/{len(self._asked)}"
        self._asked[url] = person
        return url

    def open_form(self, person: str) -> str:
        form = f"form of {person}"
        self.chat.open_form(form, WAIT)
        return form

    def close_form(self, form: str) -> None:
        self.chat.closed.add(form)

    def answer_submit(self, form: str, shown: Json) -> None:
        self.chat.answer_submit(form, shown)

    def hash_of(self, form: str) -> str:
        return self.chat.hash_of(form)

    def form(self, form: str) -> Json:
        return self.chat.forms[form]

    def home(self, person: str) -> Json:
        return self.chat.homes[person]


@dataclass
class InSlack:
    slack: StandIn
    failed: list[str] = field(default_factory=list)

    @property
    def chat(self) -> Chat:
        return SlackChat(lambda: self.slack.web, self.failed.append)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.slack.clock.now, UTC)

    def wait(self, minutes: float) -> None:
        self.slack.clock.now += minutes * 60

    def posted_in(self, channel: str, thread: MessageRef | None = None) -> list[str]:
        below = thread.ts if thread else None
        messages = self.slack.workspace.messages.public(channel)
        return [message.text for message in messages if message.thread_ts == below]

    def private_messages(self, person: str) -> list[str]:
        messages = self.slack.workspace.messages
        direct = messages.public(f"D{person[1:]}")
        return [message.text for message in (*messages.ephemeral(person), *direct)]

    def delete(self, place: MessageRef) -> None:
        messages = self.slack.workspace.messages
        message = messages.get(place.channel, place.ts)
        assert message
        messages.delete(message)

    def archive(self) -> None:
        self.slack.workspace.channels[GENERAL.id] = replace(GENERAL, archived=True)

    def throttle(self) -> None:
        self.slack.faults.add("chat.postMessage", "ratelimited")

    def ask(self, person: str) -> str:
        workspace = self.slack.workspace
        token = workspace.response_urls.issue(workspace.users[person], GENERAL.id)
        return f"{workspace.url}/response/{token}"

    def open_form(self, person: str) -> str:
        opened = self.slack.open_form(self.slack.workspace.users[person], WAIT)
        return str(opened["id"])

    def close_form(self, form: str) -> None:
        opened = self.slack.workspace.views.get(form)
        assert opened
        self.slack.workspace.views.close(opened)

    def answer_submit(self, form: str, shown: Json) -> None:
        self.slack.bot = answering({"response_action": "update", "view": shown})
        person = self.slack.workspace.views.get(form)
        assert person
        assert self.slack.act("submit", user=person.user, view_id=form)["ok"]

    def hash_of(self, form: str) -> str:
        opened = self.slack.workspace.views.get(form)
        assert opened
        return opened.hash

    def form(self, form: str) -> Json:
        opened = self.slack.workspace.views.get(form)
        assert opened
        return opened.body

    def home(self, person: str) -> Json:
        published = self.slack.workspace.views.home(person)
        assert published
        return published.body


@pytest.fixture
def in_memory() -> ChatCase:
    return InMemory()


@pytest.fixture
def in_slack(slack: StandIn) -> ChatCase:
    slack.workspace.channels[OTHER.id] = OTHER
    return InSlack(slack)


@pytest.fixture(params=["in_memory", "in_slack"])
def case(request: pytest.FixtureRequest) -> ChatCase:
    fixture: ChatCase = request.getfixturevalue(request.param)
    return fixture


def a_message(text: str) -> Message:
    approve = button("Approve", "approve", "what it offers")
    return message((text,), [rich((text,)), actions([approve])])


def card(case: ChatCase) -> MessageRef:
    return case.chat.post(GENERAL.id, a_message("the card"), key="card")


# --- messages -------------------------------------------------------------------------------------


def test_a_message_is_posted_in_its_channel(case: ChatCase) -> None:
    place = card(case)

    assert place.channel == GENERAL.id
    assert case.posted_in(GENERAL.id) == ["the card"]


def test_a_reply_is_posted_in_the_thread_and_not_in_the_channel(case: ChatCase) -> None:
    place = card(case)
    reply = case.chat.post(GENERAL.id, a_message("approved"), key="reply", thread=place.ts)

    assert reply != place
    assert case.posted_in(GENERAL.id) == ["the card"]
    assert case.posted_in(GENERAL.id, place) == ["approved"]


def test_a_message_can_be_updated(case: ChatCase) -> None:
    first, second = card(case), card(case)
    for _ in range(2):
        case.chat.update(second, a_message("the card, decided"))

    assert case.posted_in(GENERAL.id) == ["the card", "the card, decided"]
    assert first != second


def test_a_message_has_an_address_that_names_its_channel_and_its_time(case: ChatCase) -> None:
    place = card(case)

    address = case.chat.permalink(place)

    assert address.endswith(f"/archives/{GENERAL.id}/p{place.ts.replace('.', '')}")
    assert address.startswith("http")


def test_a_deleted_message_has_no_address(case: ChatCase) -> None:
    place = card(case)
    case.delete(place)

    with pytest.raises(MessageNotFound):
        case.chat.permalink(place)


def test_a_deleted_message_cannot_be_updated(case: ChatCase) -> None:
    place = card(case)
    case.delete(place)

    with pytest.raises(MessageNotFound):
        case.chat.update(place, a_message("the card, decided"))
    assert case.posted_in(GENERAL.id) == []


@pytest.mark.parametrize("since", [False, True])
def test_a_message_to_a_channel_without_the_bot_is_not_posted(case: ChatCase, since: bool) -> None:
    with pytest.raises(ChannelNotFound):
        case.chat.post(PRIVATE.id, a_message("x"), key="x", since=case.now() if since else None)


@pytest.mark.parametrize("since", [False, True])
def test_nothing_is_posted_or_changed_in_an_archived_channel(case: ChatCase, since: bool) -> None:
    place, began = card(case), case.now() if since else None
    case.archive()

    with pytest.raises(ChannelNotFound):
        case.chat.post(GENERAL.id, a_message("x"), key="x", since=began)
    with pytest.raises(ChannelNotFound):
        case.chat.post(GENERAL.id, a_message("x"), key="x", thread=place.ts, since=began)
    with pytest.raises(ChannelNotFound):
        case.chat.update(place, a_message("the card, decided"))
    assert case.posted_in(GENERAL.id) == ["the card"]


def test_a_message_is_found_in_an_archived_channel(case: ChatCase) -> None:
    place = card(case)
    case.archive()

    assert case.chat.post(GENERAL.id, a_message("x"), key="card", since=case.now()) == place


@pytest.mark.parametrize("since", [False, True])
def test_a_deleted_message_is_no_channel_that_is_not_there(case: ChatCase, since: bool) -> None:
    place, began = card(case), case.now() if since else None
    case.delete(place)

    with pytest.raises(MessageNotFound) as reply:
        case.chat.post(GENERAL.id, a_message("approved"), key="reply", thread=place.ts, since=began)
    with pytest.raises(MessageNotFound) as update:
        case.chat.update(place, a_message("the card, decided"))
    assert ChannelNotFound not in {type(reply.value), type(update.value)}


@pytest.mark.parametrize("since", [False, True])
def test_a_throttled_message_is_not_posted(case: ChatCase, since: bool) -> None:
    case.throttle()

    with pytest.raises(Throttled):
        case.chat.post(GENERAL.id, a_message("x"), key="x", since=case.now() if since else None)
    assert case.posted_in(GENERAL.id) == []


def test_a_message_that_was_posted_already_is_found_although_posting_is_throttled(
    case: ChatCase,
) -> None:
    place = card(case)
    case.throttle()

    assert case.chat.post(GENERAL.id, a_message("x"), key="card", since=case.now()) == place


@pytest.mark.parametrize("since", [False, True])
def test_a_reply_to_a_deleted_message_is_read_by_nobody(case: ChatCase, since: bool) -> None:
    """Slack posts it in the channel and reports no error (slack-go/slack #1571)."""
    place, began = card(case), case.now() if since else None
    case.delete(place)

    with pytest.raises(MessageNotFound):
        case.chat.post(GENERAL.id, a_message("approved"), key="reply", thread=place.ts, since=began)
    assert case.posted_in(GENERAL.id) == []


def test_a_thread_goes_on_below_a_deleted_message(case: ChatCase) -> None:
    place = card(case)
    case.chat.post(GENERAL.id, a_message("a vote"), key="vote", thread=place.ts)
    case.delete(place)
    case.chat.post(GENERAL.id, a_message("approved"), key="reply", thread=place.ts)

    assert case.posted_in(GENERAL.id, place) == ["a vote", "approved"]


# --- what may have been posted already ------------------------------------------------------------


@pytest.mark.parametrize("in_thread", [False, True])
def test_a_message_that_was_posted_already_is_found_and_not_posted_again(
    case: ChatCase, in_thread: bool
) -> None:
    below = card(case) if in_thread else None
    thread = below.ts if below else None
    places = {
        case.chat.post(GENERAL.id, a_message("once"), key="key", thread=thread, since=case.now())
        for _ in range(3)
    }

    assert len(places) == 1
    assert case.posted_in(GENERAL.id, below) == ["once"]


@pytest.mark.parametrize(("minutes", "times_posted"), [(4, 1), (6, 2)])
def test_a_search_goes_back_five_minutes_further_than_asked_for_clocks_differ(
    case: ChatCase, minutes: float, times_posted: int
) -> None:
    card(case)
    case.wait(minutes)
    case.chat.post(GENERAL.id, a_message("the card"), key="card", since=case.now())

    assert case.posted_in(GENERAL.id) == ["the card"] * times_posted


@pytest.mark.parametrize("in_thread", [False, True])
def test_of_two_messages_that_are_found_the_later_is_deleted(
    case: ChatCase, in_thread: bool
) -> None:
    below = case.chat.post(GENERAL.id, a_message("above"), key="above") if in_thread else None
    thread = below.ts if below else None
    first, _ = [
        case.chat.post(GENERAL.id, a_message(text), key="key", thread=thread)
        for text in ("first", "second")
    ]
    place = case.chat.post(GENERAL.id, a_message("x"), key="key", thread=thread, since=case.now())

    assert place == first
    left = [text for text in case.posted_in(GENERAL.id, below) if text != "above"]
    assert left == ["first"]


def test_a_message_that_is_found_is_not_changed(case: ChatCase) -> None:
    card(case)
    case.chat.post(GENERAL.id, a_message("a newer card"), key="card", since=case.now())

    assert case.posted_in(GENERAL.id) == ["the card"]


def test_without_a_time_an_earlier_message_is_not_looked_for(case: ChatCase) -> None:
    first, second = card(case), card(case)

    assert first != second
    assert len(case.posted_in(GENERAL.id)) == 2


def test_a_message_is_found_by_its_key_and_none_is_posted(case: ChatCase) -> None:
    place = card(case)

    assert case.chat.find(GENERAL.id, key="card", since=case.now()) == place
    assert case.chat.find(GENERAL.id, key="card.2", since=case.now()) is None
    assert case.chat.find(OTHER.id, key="card", since=case.now()) is None
    case.delete(place)
    assert case.chat.find(GENERAL.id, key="card", since=case.now()) is None
    with pytest.raises(ChannelNotFound):
        case.chat.find(PRIVATE.id, key="card", since=case.now())


def test_another_key_is_another_message(case: ChatCase) -> None:
    first = card(case)
    second = case.chat.post(GENERAL.id, a_message("the card"), key="card.2", since=case.now())

    assert first != second
    assert len(case.posted_in(GENERAL.id)) == 2


def test_a_message_in_another_channel_is_not_taken_for_it(case: ChatCase) -> None:
    card(case)
    place = case.chat.post(OTHER.id, a_message("the card"), key="card", since=case.now())

    assert place.channel == OTHER.id
    assert case.posted_in(OTHER.id) == ["the card"]


def test_a_message_in_another_thread_is_not_taken_for_it(case: ChatCase) -> None:
    first, second = card(case), card(case)
    for place in (first, second):
        reply = a_message("approved")
        case.chat.post(GENERAL.id, reply, key="reply", thread=place.ts, since=case.now())

    assert case.posted_in(GENERAL.id, first) == case.posted_in(GENERAL.id, second) == ["approved"]


def test_a_deleted_message_is_not_found_again(case: ChatCase) -> None:
    first = card(case)
    case.delete(first)
    second = case.chat.post(GENERAL.id, a_message("the card"), key="card", since=case.now())

    assert first != second
    assert case.posted_in(GENERAL.id) == ["the card"]


# --- private messages -----------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [GENERAL.id, PRIVATE.id, "C0NOWHERE"])
def test_a_private_message_reaches_one_person_even_where_the_bot_is_not(
    case: ChatCase, channel: str
) -> None:
    case.chat.post_private(channel, ANN.id, a_message("you may not"))

    assert case.private_messages(ANN.id) == ["you may not"]
    assert case.private_messages(BEN.id) == []
    assert case.posted_in(channel) == []


def test_a_private_message_to_a_person_who_left_is_an_error(case: ChatCase) -> None:
    with pytest.raises(MessageNotFound):
        case.chat.post_private(GENERAL.id, GONE.id, a_message("you may not"))


def test_an_answer_is_for_the_one_who_asked(case: ChatCase) -> None:
    url = case.ask(ANN.id)
    case.chat.answer(url, a_message("three versions wait"), replace=False)
    case.chat.answer(url, a_message("and that is all"), replace=True)

    assert case.private_messages(ANN.id) == ["three versions wait", "and that is all"]
    assert case.private_messages(BEN.id) == case.posted_in(GENERAL.id) == []


# --- forms, Home, people --------------------------------------------------------------------------


def test_an_open_form_can_be_filled(case: ChatCase) -> None:
    form = case.open_form(ANN.id)
    case.chat.update_form(form, FILLED)

    assert texts_in(case.form(form)) == ["it is deployed"]


def test_an_update_of_a_closed_form_is_dropped(case: ChatCase) -> None:
    form = case.open_form(ANN.id)
    case.close_form(form)

    case.chat.update_form(form, FILLED)
    case.chat.update_form(form, FILLED, if_hash="hash-of-before")


def test_a_form_is_updated_if_it_has_the_hash_that_is_expected(case: ChatCase) -> None:
    form = case.open_form(ANN.id)
    before = case.hash_of(form)
    case.chat.update_form(form, FILLED, if_hash=before)

    assert texts_in(case.form(form)) == ["it is deployed"]
    assert case.hash_of(form) != before


def test_a_form_that_was_submitted_and_answered_meanwhile_keeps_what_it_shows(
    case: ChatCase,
) -> None:
    form = case.open_form(ANN.id)
    before = case.hash_of(form)
    case.answer_submit(form, RECEIPT)
    case.chat.update_form(form, FILLED, if_hash=before)

    assert texts_in(case.form(form)) == ["working"]


def test_the_answer_to_a_submit_can_be_updated_again(case: ChatCase) -> None:
    form = case.open_form(ANN.id)
    case.answer_submit(form, RECEIPT)
    case.chat.update_form(form, FILLED)

    assert texts_in(case.form(form)) == ["it is deployed"]


def test_a_home_shows_what_was_published_last(case: ChatCase) -> None:
    for text in ("one version waits", "nothing waits"):
        home: dict[str, Any] = {"type": "home", "blocks": [rich((text,)).to_dict()]}
        case.chat.publish_home(ANN.id, home)

    assert texts_in(case.home(ANN.id)) == ["nothing waits"]


def texts_in(shown: Json) -> list[str]:
    """The texts in the blocks of a form or a Home."""
    lines = [element for block in shown["blocks"] for element in block["elements"]]
    return [run["text"] for line in lines for run in line["elements"]]
