"""Pieces of Block Kit on the page: charts, containers, alerts and choices, drawn and used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.local.slack_blocks import (
    alert,
    chart,
    choice,
    container,
    mrkdwn,
    option,
    pie,
    section,
    segment,
    series,
)
from tests.local.slack_stand_in import ANN, BEN, GENERAL, StandIn, actions, form, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytest_plugins = ["tests.local.slack_fixtures"]

CHECKS = choice("checkboxes", option("One", "1"), option("Two", "2"), action_id="checks")
RADIO = choice("radio_buttons", option("One", "1"), option("Two", "2"), action_id="radio")
PEOPLE = {"type": "users_select", "action_id": "who"}
PLACES = {"type": "conversations_select", "action_id": "where"}


@pytest.fixture
def page(browser: Browser, slack: StandIn) -> Iterator[Page]:
    """Ann's page; it must draw everything, and make no error."""
    page = browser.new_context().new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{slack.workspace.url}/#{GENERAL.id}")
    page.get_by_test_id("person").select_option(ANN.id)
    yield page
    assert page.get_by_test_id("unknown").count() == 0
    page.context.close()
    assert errors == []


def show(slack: StandIn, *blocks: Any) -> None:
    slack.web.chat_postMessage(channel=GENERAL.id, text="x", blocks=list(blocks))


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_a_chart_has_its_title_axes_series_and_words_for_those_who_do_not_see_it(
    slack: StandIn, page: Page, kind: str
) -> None:
    labels = ["v1", "v2"]
    lines = (series("auc", *labels), series("f1", *labels))
    show(slack, chart(*lines, kind=kind, categories=labels, x_label="Version", y_label="Score"))

    figure = page.locator("figure.block-data_visualization")
    for words in ("AUC", "v1", "v2", "Version", "Score", "auc", "f1"):
        expect(figure).to_contain_text(words)
    words = f"AUC, {kind} chart. auc: v1 -0.5, v2 -0.5; f1: v1 -0.5, v2 -0.5"
    expect(page.get_by_role("img", name=words)).to_be_visible()


def test_a_pie_names_its_slices_and_how_large_they_are(slack: StandIn, page: Page) -> None:
    show(slack, pie(segment("Yes", 3), segment("No", 1)), pie(segment("All", 1)))

    first, second = page.locator("figure.block-data_visualization").all_inner_texts()
    assert ("Yes 75 %" in first, "No 25 %" in first, "All 100 %" in second) == (True,) * 3


def test_a_collapsed_container_shows_its_blocks_when_it_is_opened(
    slack: StandIn, page: Page
) -> None:
    words = section(text=plain("Inside"))
    show(slack, container(words, is_collapsible=True, default_collapsed=True))

    expect(page.get_by_text("Inside")).to_be_hidden()
    page.get_by_text("Evidence").click()
    expect(page.get_by_text("Inside")).to_be_visible()


def test_a_container_shows_its_title_and_what_is_in_it(slack: StandIn, page: Page) -> None:
    show(slack, container(section(text=plain("Inside")), subtitle=mrkdwn("*All* of it")))

    expect(page.locator(".block-container")).to_contain_text("Evidence")
    expect(page.locator(".block-container")).to_contain_text("All of it")
    expect(page.get_by_text("Inside")).to_be_visible()


def test_an_alert_in_a_form_is_drawn_with_its_level(slack: StandIn, page: Page) -> None:
    slack.open_form(ANN, form(alert("Careful", level="warning")))

    expect(page.get_by_role("note")).to_have_text("Careful")
    expect(page.get_by_role("note")).to_have_class("alert alert-warning block block-alert")


def test_a_choice_in_a_message_is_told_at_once(slack: StandIn, page: Page) -> None:
    show(slack, actions(CHECKS, RADIO, PEOPLE, PLACES))

    page.get_by_label("Two").first.check()
    expect_action(slack, page, "checks", selected_options=[CHECKS["options"][1]])
    page.get_by_label("Two").last.check()
    expect_action(slack, page, "radio", selected_option=RADIO["options"][1])
    page.get_by_label("Select a person").select_option(BEN.id)
    expect_action(slack, page, "who", selected_user=BEN.id)
    page.get_by_label("Select a conversation").select_option(GENERAL.id)
    expect_action(slack, page, "where", selected_conversation=GENERAL.id)


def expect_action(slack: StandIn, page: Page, action_id: str, **chosen: Any) -> None:
    """Wait until the page is no longer busy: then the bot has heard of it."""
    expect(page.locator(f"[data-action-id='{action_id}']")).not_to_have_attribute(
        "aria-busy", "true"
    )
    (action,) = slack.payload["actions"]
    assert (action["action_id"], {**action, **chosen}) == (action_id, action)


def test_choices_are_sent_with_the_form(slack: StandIn, page: Page) -> None:
    fields = [
        {
            "type": "input",
            "block_id": element["action_id"],
            "label": plain(name),
            "element": element,
        }
        for name, element in (
            ("Which?", {**CHECKS, "initial_options": CHECKS["options"][:1]}),
            ("One of?", RADIO),
            ("Who?", PEOPLE),
            ("Where?", PLACES),
        )
    ]
    slack.open_form(ANN, form(*fields))
    page.get_by_role("group", name="Which?").get_by_label("Two").check()
    page.get_by_role("radiogroup", name="One of?").get_by_label("One").check()
    page.get_by_label("Who?").select_option(BEN.id)
    page.get_by_label("Where?").select_option(GENERAL.id)
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_have_count(0)

    values = slack.payload["view"]["state"]["values"]
    assert values["checks"]["checks"]["selected_options"] == CHECKS["options"]
    assert values["radio"]["radio"]["selected_option"] == RADIO["options"][0]
    assert values["who"]["who"]["selected_user"] == BEN.id
    assert values["where"]["where"]["selected_conversation"] == GENERAL.id


def test_a_choice_in_a_form_is_told_at_once_if_the_app_asked_for_it(
    slack: StandIn, page: Page
) -> None:
    selection = {**PEOPLE, "action_id": "who"}
    field = {"type": "input", "label": plain("Who?"), "element": selection}
    slack.open_form(ANN, form({**field, "dispatch_action": True}))
    page.get_by_label("Who?").select_option(BEN.id)

    expect_action(slack, page, "who", selected_user=BEN.id)


def test_looking_at_the_apps_messages_is_told_to_the_app(slack: StandIn, page: Page) -> None:
    slack.web.chat_postMessage(channel=ANN.id, text="Psst")
    with page.expect_response("**/client/home"):
        page.get_by_test_id("channel-D0ANN").click()

    assert '"tab": "messages"' in slack.requests[-1][1]


def test_a_button_that_is_being_pressed_works_although_the_form_is_drawn_anew(
    slack: StandIn, page: Page
) -> None:
    opened = slack.open_form(ANN, form(section(text=plain("Before"))))
    page.get_by_test_id("modal-submit").hover()
    page.mouse.down()
    slack.web.views_update(view_id=opened["id"], view=form(section(text=plain("After"))))
    expect(page.get_by_test_id("modal")).to_contain_text("After")
    page.mouse.up()

    expect(page.get_by_test_id("modal")).to_have_count(0)
