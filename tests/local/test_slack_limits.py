"""Block Kit's limits: each is kept to the last character, and a refusal says where it was not."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.models import blocks as sdk
from slack_sdk.models.views import View

from tests.local.slack_stand_in import (
    ANN,
    GENERAL,
    SECTION,
    StandIn,
    actions,
    button,
    field_block,
    form,
    plain,
    refused,
)

pytest_plugins = ["tests.local.slack_fixtures"]

Block = dict[str, Any]

URL = "https://example.com/"
CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("It deploys"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
IMAGE = {"type": "image", "image_url": URL, "alt_text": "A chart"}


def at(pointer: str) -> str:
    return f"[json-pointer:{pointer}]"


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Block:
    return {"type": "section", **more}


def option(text: str = "One", value: str = "1", **more: Any) -> Block:
    return {"text": plain(text), "value": value, **more}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "pick", "options": [option()], **more}


def grouped(*options: Block, label: str = "All") -> Block:
    return {"label": plain(label), "options": list(options)}


def grouped_select(*groups: Block) -> Block:
    return {"type": "static_select", "action_id": "pick", "option_groups": list(groups)}


def overflow(*options: Block, **more: Any) -> Block:
    return {"type": "overflow", "action_id": "more", "options": list(options), **more}


def press(**more: Any) -> Block:
    """An actions block with one button."""
    return actions(button(**more))


def confirmed(**more: Any) -> Block:
    return press(confirm={**CONFIRM, **more})


def rich_text(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def runs(kind: str, *elements: Block, **more: Any) -> Block:
    return {"type": f"rich_text_{kind}", "elements": list(elements), **more}


def bullets(**more: Any) -> Block:
    item = runs("section", {"type": "text", "text": "x"})
    return rich_text(runs("list", item, style="bullet", **more))


def table(rows: int = 1, columns: int = 1, **more: Any) -> Block:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows, **more}


# name: (most characters, the block with a string in it, where the string is)
LENGTHS: dict[str, tuple[int, Callable[[str], Block], str]] = {
    "header": (150, lambda s: {"type": "header", "text": plain(s)}, "text/text"),
    "section, plain": (3000, lambda s: section(text=plain(s)), "text/text"),
    "section, mrkdwn": (3000, lambda s: section(text=mrkdwn(s)), "text/text"),
    "section field": (2000, lambda s: section(fields=[mrkdwn(s)]), "fields/0/text"),
    "context, plain": (
        3000,
        lambda s: {"type": "context", "elements": [plain(s)]},
        "elements/0/text",
    ),
    "context, mrkdwn": (
        3000,
        lambda s: {"type": "context", "elements": [mrkdwn(s)]},
        "elements/0/text",
    ),
    "context image": (
        2000,
        lambda s: {"type": "context", "elements": [{**IMAGE, "alt_text": s}]},
        "elements/0/alt_text",
    ),
    "accessory image": (
        3000,
        lambda s: section(text=plain("x"), accessory={**IMAGE, "image_url": s}),
        "accessory/image_url",
    ),
    "image url": (3000, lambda s: {**IMAGE, "image_url": s}, "image_url"),
    "image alt text": (2000, lambda s: {**IMAGE, "alt_text": s}, "alt_text"),
    "image title": (2000, lambda s: {**IMAGE, "title": plain(s)}, "title/text"),
    "markdown": (12_000, lambda s: {"type": "markdown", "text": s}, "text"),
    "input label": (2000, lambda s: {**field_block(), "label": plain(s)}, "label/text"),
    "input hint": (2000, lambda s: {**field_block(), "hint": plain(s)}, "hint/text"),
    "placeholder": (
        150,
        lambda s: field_block(placeholder=plain(s)),
        "element/placeholder/text",
    ),
    "initial value": (3000, lambda s: field_block(initial_value=s), "element/initial_value"),
    "block_id": (255, lambda s: {"type": "divider", "block_id": s}, "block_id"),
    "button action_id": (255, lambda s: press(action_id=s), "elements/0/action_id"),
    "button text": (75, lambda s: press(text=plain(s)), "elements/0/text/text"),
    "button value": (2000, lambda s: press(value=s), "elements/0/value"),
    "button url": (3000, lambda s: press(url=s), "elements/0/url"),
    "button label": (
        75,
        lambda s: press(accessibility_label=s),
        "elements/0/accessibility_label",
    ),
    "button prompt": (4000, lambda s: press(agent_prompt=s), "elements/0/agent_prompt"),
    "confirm title": (100, lambda s: confirmed(title=plain(s)), "elements/0/confirm/title/text"),
    "confirm text": (300, lambda s: confirmed(text=mrkdwn(s)), "elements/0/confirm/text/text"),
    "confirm yes": (30, lambda s: confirmed(confirm=plain(s)), "elements/0/confirm/confirm/text"),
    "confirm no": (30, lambda s: confirmed(deny=plain(s)), "elements/0/confirm/deny/text"),
    "option text": (
        75,
        lambda s: actions(select(options=[option(s)])),
        "elements/0/options/0/text/text",
    ),
    "option value": (
        150,
        lambda s: actions(select(options=[option(value=s)])),
        "elements/0/options/0/value",
    ),
    "option description": (
        75,
        lambda s: actions(select(options=[option(description=plain(s))])),
        "elements/0/options/0/description/text",
    ),
    "select placeholder": (
        150,
        lambda s: actions(select(placeholder=plain(s))),
        "elements/0/placeholder/text",
    ),
    "select action_id": (255, lambda s: actions(select(action_id=s)), "elements/0/action_id"),
    "option group label": (
        75,
        lambda s: actions(grouped_select(grouped(option(), label=s))),
        "elements/0/option_groups/0/label/text",
    ),
    "overflow action_id": (
        255,
        lambda s: actions(overflow(option(), action_id=s)),
        "elements/0/action_id",
    ),
    "overflow option text": (
        75,
        lambda s: actions(overflow(option(s))),
        "elements/0/options/0/text/text",
    ),
    "overflow option description": (
        75,
        lambda s: actions(overflow(option(description=plain(s)))),
        "elements/0/options/0/description/text",
    ),
    "overflow option url": (
        3000,
        lambda s: actions(overflow(option(url=s))),
        "elements/0/options/0/url",
    ),
    "overflow confirm": (
        100,
        lambda s: actions(overflow(option(), confirm={**CONFIRM, "title": plain(s)})),
        "elements/0/confirm/title/text",
    ),
    "rich text link": (
        3000,
        lambda s: rich_text(runs("section", {"type": "link", "url": s})),
        "elements/0/elements/0/url",
    ),
}

# name: (most items, the block with that many, where they are)
COUNTS: dict[str, tuple[int, Callable[[int], Block], str]] = {
    "section fields": (10, lambda n: section(fields=[plain("x")] * n), "fields"),
    "context elements": (
        10,
        lambda n: {"type": "context", "elements": [mrkdwn("x")] * n},
        "elements",
    ),
    "actions": (25, lambda n: actions(*(button(f"b{i}") for i in range(n))), "elements"),
    "select options": (
        100,
        lambda n: actions(select(options=[option()] * n)),
        "elements/0/options",
    ),
    "option groups": (
        100,
        lambda n: actions(grouped_select(*[grouped(option())] * n)),
        "elements/0/option_groups",
    ),
    "options of a group": (
        100,
        lambda n: actions(grouped_select(grouped(*[option()] * n))),
        "elements/0/option_groups/0/options",
    ),
    "overflow options": (
        5,
        lambda n: actions(overflow(*[option()] * n)),
        "elements/0/options",
    ),
    "table rows": (100, lambda n: table(rows=n), "rows"),
    "table columns": (20, lambda n: table(columns=n), "rows/0"),
    "table column settings": (20, lambda n: table(column_settings=[{}] * n), "column_settings"),
}

# name: (least, most, the block with that number, where it is)
NUMBERS: dict[str, tuple[int, int, Callable[[int], Block], str]] = {
    "min_length": (0, 3000, lambda n: field_block(min_length=n), "element/min_length"),
    "max_length": (1, 3000, lambda n: field_block(max_length=n), "element/max_length"),
    "list indent": (0, 8, lambda n: bullets(indent=n), "elements/0/indent"),
    "list border": (0, 1, lambda n: bullets(border=n), "elements/0/border"),
    "quote border": (0, 1, lambda n: rich_text(runs("quote", border=n)), "elements/0/border"),
    "preformatted border": (
        0,
        1,
        lambda n: rich_text(runs("preformatted", border=n)),
        "elements/0/border",
    ),
}

# name: (the block, what is wrong with it, where)
MISTAKES: dict[str, tuple[Block, str, str]] = {
    "no such block": ({"type": "carousel"}, "unsupported type: carousel", "/type"),
    "no type": ({}, "unsupported type: None", "/type"),
    "no such element": (
        actions({"type": "datepicker", "action_id": "when"}),
        "unsupported type: datepicker",
        "/elements/0/type",
    ),
    "button in a context": (
        {"type": "context", "elements": [button()]},
        "unsupported type: button",
        "/elements/0/type",
    ),
    "markup in a header": (
        {"type": "header", "text": mrkdwn("x")},
        "unsupported type: mrkdwn",
        "/text/type",
    ),
    "markup on a button": (
        press(text=mrkdwn("x")),
        "unsupported type: mrkdwn",
        "/elements/0/text/type",
    ),
    "emoji on mrkdwn": (
        section(text={**mrkdwn("x"), "emoji": True}),
        "invalid additional property: emoji",
        "/text",
    ),
    "verbatim on plain_text": (
        section(text={**plain("x"), "verbatim": True}),
        "invalid additional property: verbatim",
        "/text",
    ),
    "a property nobody knows": (
        press(disabled=True),
        "invalid additional property: disabled",
        "/elements/0",
    ),
    "no such style": (
        press(style="warning"),
        "must be one of: primary, danger",
        "/elements/0/style",
    ),
    "no text": ({"type": "header"}, "missing required field: text", ""),
    "empty section": (section(), "must define either `text` or `fields`", ""),
    "select without options": (
        actions({"type": "static_select", "action_id": "pick"}),
        "must define either `options` or `option_groups`",
        "/elements/0",
    ),
    "image without source": (
        {"type": "image", "alt_text": "x"},
        "must define either `image_url` or `slack_file`",
        "",
    ),
    "image without alt text": (
        {"type": "image", "image_url": URL},
        "missing required field: alt_text",
        "",
    ),
    "empty text": (section(text=plain("")), "must be more than 0 characters", "/text/text"),
    "empty actions": (actions(), "no less than 1 items allowed", "/elements"),
    "empty table": (table(rows=0), "no less than 1 items allowed", "/rows"),
    "empty cell": (
        {"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]},
        "must be more than 0 characters",
        "/rows/0/0/text",
    ),
    "not a string": (press(value=7), "must provide a string", "/elements/0/value"),
    "not a flag": (
        section(text={**plain("x"), "emoji": 1}),
        "must provide a boolean",
        "/text/emoji",
    ),
    "not an integer": (
        field_block(min_length="5"),
        "must provide an integer",
        "/element/min_length",
    ),
    "not an array": (section(fields={}), "must provide an array", "/fields"),
    "not an object": (press(confirm=None), "must provide an object", "/elements/0/confirm"),
}


def post(slack: StandIn, *blocks: Block) -> None:
    slack.web.chat_postMessage(channel=GENERAL.id, text="x", blocks=list(blocks))


def refusal(slack: StandIn, *blocks: Block) -> Any:
    with refused("invalid_blocks") as answer:
        post(slack, *blocks)
    return answer["errors"]


@pytest.mark.parametrize("name", LENGTHS)
def test_a_text_has_its_most_characters(lasting_slack: StandIn, name: str) -> None:
    most, block, where = LENGTHS[name]

    post(lasting_slack, block("x" * most))
    assert refusal(lasting_slack, block("x" * (most + 1))) == [
        f"must be less than {most + 1} characters [json-pointer:/blocks/0/{where}]"
    ]


@pytest.mark.parametrize("name", COUNTS)
def test_a_list_has_its_most_items(lasting_slack: StandIn, name: str) -> None:
    most, block, where = COUNTS[name]

    post(lasting_slack, block(most))
    assert refusal(lasting_slack, block(most + 1)) == [
        f"no more than {most} items allowed [json-pointer:/blocks/0/{where}]"
    ]


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_its_range(lasting_slack: StandIn, name: str) -> None:
    least, most, block, where = NUMBERS[name]

    for inside in (least, most):
        post(lasting_slack, block(inside))
    for outside in (least - 1, most + 1):
        assert refusal(lasting_slack, block(outside)) == [
            f"must be between {least} and {most} [json-pointer:/blocks/0/{where}]"
        ]


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(lasting_slack: StandIn, name: str) -> None:
    block, what, where = MISTAKES[name]

    assert refusal(lasting_slack, block) == [f"{what} [json-pointer:/blocks/0{where}]"]


def test_a_refusal_of_blocks_says_everything_twice_as_slack_does(slack: StandIn) -> None:
    with refused("invalid_blocks") as answer:
        post(slack, SECTION, section())

    what = "must define either `text` or `fields` [json-pointer:/blocks/1]"
    assert answer["errors"] == [what]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {what}"]


def test_all_mistakes_are_named_at_once(slack: StandIn) -> None:
    assert len(refusal(slack, section(), {"type": "header"}, press(disabled=1, value=2))) == 4


def test_a_refused_message_is_not_posted(slack: StandIn) -> None:
    refusal(slack, section())

    assert slack.state()["messages"] == []


def test_characters_are_counted_not_bytes(lasting_slack: StandIn) -> None:
    post(lasting_slack, {"type": "header", "text": plain("😀" * 150)})


def test_a_message_has_50_blocks(lasting_slack: StandIn) -> None:
    post(lasting_slack, *[SECTION] * 50)
    assert refusal(lasting_slack, *[SECTION] * 51) == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_a_message_has_13200_characters_in_all_its_blocks(lasting_slack: StandIn) -> None:
    """The longest refused by the live API had 13,202; markup and cells count like any text."""
    full = [section(text=plain("x" * 3000))] * 4 + [section(fields=[mrkdwn("x" * 1200)])]
    post(lasting_slack, *full)

    with refused("msg_blocks_too_long"):
        post(lasting_slack, *full, table())


def test_updates_are_not_held_to_the_sum_of_characters(slack: StandIn) -> None:
    ts = slack.web.chat_postMessage(channel=GENERAL.id, text="x")["ts"]
    blocks = [section(text=plain("x" * 3000))] * 5

    assert slack.web.chat_update(channel=GENERAL.id, ts=ts, text="x", blocks=blocks)["ok"]


def test_updates_and_ephemeral_messages_have_the_same_limits(slack: StandIn) -> None:
    ts = slack.web.chat_postMessage(channel=GENERAL.id, text="x")["ts"]

    with refused("invalid_blocks"):
        slack.web.chat_update(channel=GENERAL.id, ts=ts, text="x", blocks=[section()])
    with refused("invalid_blocks"):
        slack.web.chat_postEphemeral(channel=GENERAL.id, user=ANN.id, text="x", blocks=[section()])


def test_a_block_id_is_there_once_in_a_message(lasting_slack: StandIn) -> None:
    twice = [{"type": "divider", "block_id": "same"}] * 2

    assert refusal(lasting_slack, *twice) == [
        "duplicate block_id: same [json-pointer:/blocks/1/block_id]"
    ]


def test_an_action_id_is_there_once_in_an_actions_block(lasting_slack: StandIn) -> None:
    assert refusal(lasting_slack, actions(button("same"), button("same"))) == [
        "duplicate action_id: same [json-pointer:/blocks/0/elements/1/action_id]"
    ]


def test_different_actions_blocks_may_share_an_action_id(lasting_slack: StandIn) -> None:
    post(
        lasting_slack, actions(button("same"), block_id="a"), actions(button("same"), block_id="b")
    )


def test_a_message_has_one_table(lasting_slack: StandIn) -> None:
    with refused("invalid_attachments"):
        post(lasting_slack, table(), table())


def test_everything_the_table_of_limits_knows_can_be_posted(lasting_slack: StandIn) -> None:
    run: list[Block] = [
        {"type": "text", "text": "x", "style": {"bold": True}},
        {"type": "link", "url": URL, "text": "x"},
        {"type": "emoji", "name": "rocket"},
        {"type": "user", "user_id": ANN.id},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "channel", "channel_id": GENERAL.id},
        {"type": "broadcast", "range": "here"},
        {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "x"},
    ]
    cells = [{"type": "raw_text", "text": "x"}, rich_text(runs("section", *run))]
    post(
        lasting_slack,
        {"type": "divider"},
        {"type": "header", "text": {**plain("x"), "emoji": False}},
        section(text=mrkdwn("x"), expand=True, accessory=button(style="danger", confirm=CONFIRM)),
        {"type": "context", "elements": [IMAGE, plain("x"), {**mrkdwn("x"), "verbatim": True}]},
        actions(button(url=URL), overflow(option(url=URL)), select(initial_option=option())),
        {**field_block(multiline=True), "optional": True},
        {**IMAGE, "title": plain("x")},
        rich_text(runs("section", *run), runs("quote", *run), runs("preformatted", *run)),
        bullets(indent=1),
        {"type": "table", "rows": [cells], "column_settings": [{"align": "right"}]},
        {"type": "markdown", "text": "# x"},
    )


def test_what_may_be_empty(lasting_slack: StandIn) -> None:
    post(lasting_slack)
    post(lasting_slack, table(column_settings=[]), field_block(initial_value=""))
    post(lasting_slack, rich_text(runs("section")))
    show(lasting_slack, home(private_metadata=""))


def test_blocks_from_the_sdks_own_builders_are_taken(lasting_slack: StandIn) -> None:
    sure = sdk.ConfirmObject(title="Sure?", text="It deploys", confirm="Yes", deny="No")
    press = sdk.ButtonElement(text="Press", action_id="press", style="danger", confirm=sure)
    words = sdk.RichTextElementParts
    bold = words.Text(text="bold", style=words.TextStyle(bold=True))
    link = words.Link(url=URL, text="link")
    blocks = [
        sdk.HeaderBlock(text=sdk.PlainTextObject(text="x", emoji=False)),
        sdk.SectionBlock(text="x", fields=["a", "b"], accessory=press, expand=True),
        sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="x", verbatim=True)]),
        sdk.ActionsBlock(
            elements=[press, sdk.OverflowMenuElement(options=[sdk.Option(text="One", value="1")])]
        ),
        sdk.RichTextBlock(elements=[sdk.RichTextSectionElement(elements=[bold, link])]),
        sdk.TableBlock(rows=[[sdk.RawTextObject(text="x")]]),
        sdk.MarkdownBlock(text="x"),
        sdk.DividerBlock(),
    ]
    ask = sdk.PlainTextInputElement(action_id="text", multiline=True, max_length=1000)
    lasting_slack.web.chat_postMessage(channel=GENERAL.id, text="x", blocks=blocks)
    view = View(
        type="modal",
        title=sdk.PlainTextObject(text="x"),
        submit=sdk.PlainTextObject(text="x"),
        blocks=[sdk.InputBlock(label="Why?", element=ask, hint="Say it", optional=True)],
        private_metadata="kept",
    )
    lasting_slack.open_form(ANN, view.to_dict())


# --- forms and Home tabs


def home(*blocks: Block, **more: Any) -> Block:
    return {"type": "home", "blocks": list(blocks), **more}


def view_refusal(slack: StandIn, view: Block) -> Any:
    with refused("invalid_arguments") as answer:
        show(slack, view)
    # Of a view, Slack says what is wrong only here.
    assert "errors" not in answer
    return answer["response_metadata"]["messages"]


def show(slack: StandIn, view: Block) -> None:
    if view.get("type") == "home":
        slack.web.views_publish(user_id=ANN.id, view=view)
    else:
        slack.open_form(ANN, view)


# name: (most characters, the view with a string in it, where)
VIEW_LENGTHS: dict[str, tuple[int, Callable[[str], Block], str]] = {
    "title": (24, lambda s: form(title=plain(s)), "title/text"),
    "submit": (24, lambda s: form(submit=plain(s)), "submit/text"),
    "close": (24, lambda s: form(close=plain(s)), "close/text"),
    "private_metadata": (3000, lambda s: form(private_metadata=s), "private_metadata"),
    "callback_id": (255, lambda s: form(callback_id=s), "callback_id"),
    "external_id": (255, lambda s: form(external_id=s), "external_id"),
    "home private_metadata": (3000, lambda s: home(private_metadata=s), "private_metadata"),
    "home callback_id": (255, lambda s: home(callback_id=s), "callback_id"),
    "home external_id": (255, lambda s: home(external_id=s), "external_id"),
    "block of a form": (
        150,
        lambda s: form({"type": "header", "text": plain(s)}),
        "blocks/0/text/text",
    ),
    "block of a home": (
        150,
        lambda s: home({"type": "header", "text": plain(s)}),
        "blocks/0/text/text",
    ),
}

VIEW_MISTAKES: dict[str, tuple[Block, str]] = {
    "no type": ({"blocks": []}, "unsupported type: None [json-pointer:/view/type]"),
    "no title": (
        {"type": "modal", "blocks": []},
        "missing required field: title [json-pointer:/view]",
    ),
    "no blocks": ({"type": "home"}, "missing required field: blocks [json-pointer:/view]"),
    "fields of Slack's own": (
        home(state={"values": {}}),
        "invalid additional property: state [json-pointer:/view]",
    ),
    "a title that is markup": (
        form(title=mrkdwn("x")),
        "unsupported type: mrkdwn [json-pointer:/view/title/type]",
    ),
    "an input without submit": (
        {"type": "modal", "title": plain("x"), "blocks": [SECTION, field_block()]},
        f"must define `submit` to use an `input` block in modals {at('/view/blocks/1/input')}",
    ),
    "a table in a form": (
        form(table()),
        "unsupported type: table [json-pointer:/view/blocks/0/type]",
    ),
    "markdown in a form": (
        form({"type": "markdown", "text": "x"}),
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
    ),
    "markdown in a home": (
        home({"type": "markdown", "text": "x"}),
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
    ),
    "a block_id twice": (
        form(field_block("same"), field_block("same")),
        "duplicate block_id: same [json-pointer:/view/blocks/1/block_id]",
    ),
}


@pytest.mark.parametrize("name", VIEW_LENGTHS)
def test_a_view_has_its_limits(lasting_slack: StandIn, name: str) -> None:
    most, view, where = VIEW_LENGTHS[name]

    show(lasting_slack, view("x" * most))
    assert view_refusal(lasting_slack, view("x" * (most + 1))) == [
        f"[ERROR] must be less than {most + 1} characters [json-pointer:/view/{where}]"
    ]


@pytest.mark.parametrize("name", VIEW_MISTAKES)
def test_a_mistake_in_a_view_is_named_with_its_place(lasting_slack: StandIn, name: str) -> None:
    view, what = VIEW_MISTAKES[name]

    assert view_refusal(lasting_slack, view) == [f"[ERROR] {what}"]


@pytest.mark.parametrize("view", [form, home])
def test_a_view_has_100_blocks(lasting_slack: StandIn, view: Callable[..., Block]) -> None:
    show(lasting_slack, view(*[SECTION] * 100))
    assert view_refusal(lasting_slack, view(*[SECTION] * 101)) == [
        "[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]"
    ]


def test_a_home_may_have_a_table(lasting_slack: StandIn) -> None:
    show(lasting_slack, home(table()))


def test_a_view_has_250_kilobytes(lasting_slack: StandIn) -> None:
    show(lasting_slack, home(*[section(text=plain("x" * 2400))] * 100))
    with refused("view_too_large"):
        show(lasting_slack, home(*[section(text=plain("x" * 2500))] * 100))
