"""Blocks and views that Slack accepts: all in the tables of limits, and the SDK's own."""

from slack_sdk.models import blocks as sdk
from slack_sdk.models.views import View

from tests.local.slack_blocks import (
    CONFIRM,
    IMAGE,
    URL,
    Block,
    bullets,
    chart,
    choice,
    container,
    home,
    mrkdwn,
    option,
    overflow,
    pie,
    post,
    rich_text,
    runs,
    section,
    segment,
    select,
    series,
    show,
    table,
)
from tests.local.slack_stand_in import ANN, GENERAL, StandIn, actions, button, field_block, plain

pytest_plugins = ["tests.local.slack_fixtures"]


def test_everything_in_the_table_of_limits_can_be_posted(lasting_slack: StandIn) -> None:
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
    people = {"type": "users_select", "initial_user": ANN.id, "placeholder": plain("x")}
    only_public = {"include": ["public"], "exclude_bot_users": True}
    places = {"type": "conversations_select", "default_to_current_conversation": True}
    row = actions(
        choice("checkboxes", option(), initial_options=[option()], confirm=CONFIRM),
        choice("radio_buttons", option(description=mrkdwn("x")), initial_option=option()),
        {**people, "action_id": "who"},
        {**places, "action_id": "where", "filter": only_public},
    )
    for element in row["elements"][:2]:
        element["action_id"] = element["type"]
    row["elements"][1]["initial_option"] = row["elements"][1]["options"][0]
    inside = [section(text=plain("x")), {"type": "divider"}, row, IMAGE]
    post(
        lasting_slack,
        pie(segment("Yes", 2), segment("No", 0.5)),
        chart(series(), series("f1"), kind="bar", x_label="Version", y_label="AUC"),
        container(*inside, width="full", is_collapsible=True, default_collapsed=True),
        container(has_header_divider=True, subtitle=mrkdwn("x"), icon=IMAGE),
    )


def test_optional_texts_and_lists_may_be_empty(lasting_slack: StandIn) -> None:
    post(lasting_slack)
    post(lasting_slack, table(column_settings=[]), field_block(initial_value=""))
    post(lasting_slack, rich_text(runs("section")))
    show(lasting_slack, home(private_metadata=""))


def test_blocks_from_the_sdks_own_builders_are_accepted(lasting_slack: StandIn) -> None:
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
