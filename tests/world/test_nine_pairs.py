"""All pairs of statuses, against forged and signed forms: only the guide's four are accepted."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING

import pytest

from bot.core.jobs.messages import Click, FormMetadata, encode_form_metadata
from bot.core.reason import Reason, ReasonCode
from bot.core.registry.outcome import Outcome
from bot.core.registry.version import Arn, Status
from bot.core.rules.people import Person
from bot.core.text import plain_text
from bot.core.votes.button import ButtonPayload, decode_button, encode_button
from bot.core.votes.message_ref import MessageRef
from bot.core.words.reasons import reason_sentence
from handlers import slack_request
from tests.handlers import slack_requests
from tests.handlers.processes import restart, start
from tests.world.embedded import ANA, FRAUD, Embedded, buttons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.handlers.slack_requests import Json

PAIRS = list(product(Status, Status))
GUIDE = {
    (Status.PENDING, Status.APPROVED): "approve",
    (Status.PENDING, Status.REJECTED): "reject",
    (Status.REJECTED, Status.APPROVED): "reinstate",
    (Status.APPROVED, Status.REJECTED): "revoke",
}


class Forger:
    """Somebody who knows the signing secret, and sends what no card offered."""

    def __init__(self, world: Embedded) -> None:
        self._world = world
        raw = world.client("secretsmanager").get_secret_value(SecretId="model-approvals-slack")
        self._secret = json.loads(raw["SecretString"])["signing_secret"]

    def submit(self, offer: ButtonPayload) -> int:
        click = Click(button=offer, person=Person(ANA, "ana"), message=MessageRef(FRAUD, "1.1"))
        form = encode_form_metadata(FormMetadata(click))
        view = f"V{offer.group}{offer.source}{offer.target}"
        return self._send(slack_requests.a_submission(view, form, ANA, "made up"))

    def click(self, offer: ButtonPayload, action: str) -> int:
        return self._send(slack_requests.a_click(encode_button(offer), action, ANA))

    def _send(self, payload: Json) -> int:
        body = slack_requests.interaction(payload)
        event = slack_requests.request(body, slack_requests.signed(body, self._secret))
        answer = slack_request.lambda_handler(event, slack_requests.context("slack_request"))
        return int(answer["statusCode"])


@pytest.fixture
def forger(world: Embedded, monkeypatch: pytest.MonkeyPatch) -> Iterator[Forger]:
    """The real Slack request function in this process, whose queue is the world's."""
    environment = slack_requests.surroundings(world.aws, world.slack)
    more = {"QUEUE_URL": world.queue_url, "SLACK_SECRET_ID": "model-approvals-slack"}
    start(monkeypatch, environment | more)
    yield Forger(world)
    restart()


def a_version_at(world: Embedded, status: Status) -> str:
    arn = world.register(world.new_group())
    world.card(arn)
    if status is not Status.PENDING:
        world.outside(arn, status.value)
        world.card_when(arn, lambda card: "approve" not in buttons(card))
    return arn


def an_offer(world: Embedded, arn: str, source: Status, target: Status) -> ButtonPayload:
    """A button with the right outcome, so that only its pair of statuses may be wrong."""
    live_now = 1 if source is Status.APPROVED else None
    live_after = 1 if target is Status.APPROVED else None
    return ButtonPayload(
        arn=Arn(arn),
        created=world.describe(arn)["CreationTime"],
        group=world.describe(arn)["ModelPackageGroupName"],
        number=1,
        source=source,
        target=target,
        outcome=Outcome(live_now, live_after),
        comment_needed=False,
        brief_digest=brief_on(world.card(arn)),
    )


def brief_on(card: Json) -> str:
    """The digest of the brief in the buttons of *card*."""
    row = next(block for block in card["blocks"] if block["type"] == "actions")
    return decode_button(row["elements"][0]["value"]).brief_digest


@pytest.mark.parametrize("status", Status)
def test_a_card_offers_the_moves_of_the_guide_and_no_other(world: Embedded, status: Status) -> None:
    card = world.card(a_version_at(world, status))

    assert buttons(card) == [GUIDE[pair] for pair in PAIRS if pair in GUIDE and pair[0] is status]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_a_forged_form_moves_a_version_only_as_the_guide_says(
    world: Embedded, forger: Forger, pair: tuple[Status, Status]
) -> None:
    source, target = pair
    arn = a_version_at(world, source)
    before = world.updates(arn)
    status_code = forger.submit(an_offer(world, arn, source, target))
    world.rest()

    assert status_code == 200
    if pair in GUIDE:
        assert world.status(arn) == target
        assert len(world.updates(arn)) == len(before) + 1
    else:
        assert world.status(arn) == source
        assert world.updates(arn) == before
        params = {"source": source.value, "target": target.value}
        refusal = plain_text(reason_sentence(Reason(ReasonCode.NOT_A_MOVE, params)))
        assert world.private_message(ANA, refusal) == f"{refusal}\nmade up"


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair not in GUIDE], ids="-".join)
def test_a_forged_button_opens_no_form(
    world: Embedded, forger: Forger, pair: tuple[Status, Status]
) -> None:
    source, target = pair
    arn = a_version_at(world, source)
    forms = world.state()["views"]
    answers = [forger.click(an_offer(world, arn, source, target), each) for each in GUIDE.values()]

    assert answers == [500] * 4
    assert world.state()["views"] == forms


@pytest.mark.parametrize("claimed", Status)
def test_a_forged_form_with_the_wrong_current_status_moves_nothing(
    world: Embedded, forger: Forger, claimed: Status
) -> None:
    """The move is validated again, with the status in the registry."""
    actual = Status.REJECTED if claimed is not Status.REJECTED else Status.APPROVED
    arn = a_version_at(world, actual)
    target = next(pair[1] for pair in GUIDE if pair[0] is claimed)
    before = world.updates(arn)
    forger.submit(an_offer(world, arn, claimed, target))
    world.rest()

    assert world.status(arn) == actual
    assert world.updates(arn) == before
    group = world.describe(arn)["ModelPackageGroupName"]
    assert f"is now {actual.lower()}" in world.private_message(ANA, group).lower()
