"""The form from the click to the receipt: it says what its vote does, and then what it did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.cards.forms import opened, working
from bot.core.errors import Declined, Forbidden, Unavailable
from bot.core.jobs.ids import COMMENT
from bot.core.jobs.messages import (
    CheckForm,
    ReconcileVersion,
    SubmitForm,
    WithdrawVote,
    decode_form_metadata,
)
from bot.core.registry.version import Status
from bot.core.rules.rule import People, Role, Rules
from bot.flows.tell.still_trying import ATTEMPT
from tests.core.reading import as_read
from tests.doubles.builders import (
    ANA,
    BEN,
    CHLOE,
    DAN,
    LEADS,
    RISK,
    RULE,
    a_click,
    a_version,
    an_offer,
)
from tests.doubles.failures import none, on
from tests.doubles.registry import OWN_REGISTRY
from tests.flows.conftest import FakeBot

if TYPE_CHECKING:
    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.people import Person
    from bot.core.votes.message_ref import MessageRef
    from tests.doubles.failures import Failures

APPROVED, REJECTED = Status.APPROVED, Status.REJECTED
PAIR = replace(
    RULE,
    name="pair",
    roles=(
        Role(name="ml-leads", people=People(user_groups=(LEADS,))),
        Role(name="risk", people=People(user_groups=(RISK,))),
    ),
    moves={"reject": (Role(people=People(user_groups=(LEADS, RISK)), needs=2),)},
    veto=People(users=(ANA.id,)),
    comment=frozenset(),
)
_numbers = count(1)


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot(rules=Rules("C0MODELS00", (PAIR,), digest="digest-of-the-rules"))


@dataclass
class Form:
    """A form as its person has it in front of them."""

    bot: FakeBot
    id: str
    person: Person

    @property
    def view(self) -> Any:
        return self.bot.chat.forms[self.id]

    @property
    def text(self) -> str:
        return as_read(self.view)

    @property
    def button(self) -> str | None:
        label = self.view.get("submit")
        return label and str(label["text"])

    def submit(
        self, comment: str = "", *, work: bool = True, failures: Failures = none
    ) -> SubmitForm:
        """Submit what the form shows, as Slack and the handler do; and let the job be done."""
        brought = decode_form_metadata(self.view["private_metadata"], self.person)
        id_ = f"{self.id}.{brought.round}"
        job = SubmitForm(id_, brought.click, comment, self.id, brought.shown, brought.round)
        self.bot.chat.answer_submit(self.id, working(job))
        if work:
            self.bot.do(job, failures)
        return job


def a_card(bot: FakeBot, status: Status = Status.PENDING, number: int = 4) -> DescribedVersion:
    version = bot.registry.add(a_version(number, status))
    bot.do(ReconcileVersion(version.arn))
    return version


def click(bot: FakeBot, version: DescribedVersion, target: Status, person: Person) -> CheckForm:
    """Open a form; returns the job that checks it."""
    others = [each for each in bot.registry.registered.values() if each.arn != version.arn]
    pressed = a_click(an_offer(version, target, *others), person)
    view = f"form-{next(_numbers)}"
    bot.chat.open_form(view, opened(pressed))
    return CheckForm(pressed, view, bot.chat.hash_of(view))


def open_form(
    bot: FakeBot, version: DescribedVersion, person: Person, target: Status = APPROVED
) -> Form:
    """Open a form, and let it be checked."""
    job = click(bot, version, target, person)
    bot.do(job)
    return Form(bot, job.view, person)


def place(bot: FakeBot, version: DescribedVersion) -> MessageRef:
    ref = bot.ledger.get(version.arn).request.cards[0].ref
    assert ref
    return ref


# --- it says what the vote does -------------------------------------------------------------------


def test_the_first_of_two_voters_reads_who_is_then_missing(bot: FakeBot) -> None:
    a_card(bot, APPROVED, 3)
    form = open_form(bot, a_card(bot), BEN)

    assert "Your vote is 1 of 2; then risk is missing." in form.text
    assert form.button == "Approve (1 of 2)"


def test_the_last_of_two_voters_reads_that_the_vote_deploys_and_what_the_first_said(
    bot: FakeBot,
) -> None:
    a_card(bot, APPROVED, 3)
    version = a_card(bot)
    open_form(bot, version, BEN).submit("AUC is up.")
    form = open_form(bot, version, CHLOE)

    assert "Your vote completes it: version 4 is deployed now, in place of version 3." in form.text
    assert f"@{BEN.id} voted for it, for ml-leads" in form.text
    assert "AUC is up." in form.text
    assert form.button == "Approve and deploy"


def test_a_veto_holder_reads_that_the_veto_rejects_alone(bot: FakeBot) -> None:
    form = open_form(bot, a_card(bot), ANA, REJECTED)

    assert "Your veto rejects it alone: nothing new is deployed." in form.text
    assert form.button == "Veto"


def test_somebody_who_voted_already_reads_that_submitting_changes_the_comment(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    open_form(bot, version, BEN).submit("AUC is up.")
    again = open_form(bot, version, BEN)
    assert "You already voted to approve it. Submitting changes your comment." in again.text
    assert again.button == "Change my comment"

    again.submit("AUC is up by two points.")
    (vote,) = bot.ledger.get(version.arn).request.votes
    assert vote.comment == "AUC is up by two points."


def test_a_form_always_says_what_holds_now_also_if_its_card_was_right(bot: FakeBot) -> None:
    form = open_form(bot, a_card(bot), BEN)

    assert "Checking" in as_read(bot.chat.shown[form.id][0])
    assert "Checking" not in form.text


# --- a vote never does more than its form said ----------------------------------------------------


def test_a_vote_that_would_complete_the_move_is_not_cast_by_a_form_that_said_one_of_two(
    bot: FakeBot,
) -> None:
    a_card(bot, APPROVED, 3)
    version = a_card(bot)
    chloes = open_form(bot, version, CHLOE)
    open_form(bot, version, BEN).submit("AUC is up.")
    chloes.submit("Bias is fine.")

    assert bot.registry.updates == []
    assert [vote.by for vote in bot.ledger.get(version.arn).request.votes] == [BEN]
    assert "Somebody else voted meanwhile" in chloes.text
    assert "Your vote completes it: version 4 is deployed now" in chloes.text
    assert chloes.button == "Approve and deploy"
    inputs = [block for block in chloes.view["blocks"] if block.get("block_id") == COMMENT]
    assert [each["element"]["initial_value"] for each in inputs] == ["Bias is fine."]
    ((person, message),) = bot.chat.private_messages
    assert person == CHLOE.id
    assert message.startswith("Somebody else voted meanwhile")


def test_the_form_that_is_shown_again_can_be_submitted_again(bot: FakeBot) -> None:
    version = a_card(bot)
    chloes = open_form(bot, version, CHLOE)
    open_form(bot, version, BEN).submit("AUC is up.")
    chloes.submit("Bias is fine.")
    chloes.submit("Bias is fine.")

    (decision,) = bot.registry.updates
    assert [vote.by for vote in decision.votes] == [BEN, CHLOE]
    assert "Done: fraud version 4 is approved." in chloes.text


@pytest.mark.parametrize("then", ["nothing", "forbidden", "gone"])
def test_a_job_that_comes_again_leaves_the_form_alone_that_it_had_shown_again(
    bot: FakeBot, then: str
) -> None:
    """Somebody may type in it: it is open, and its next submit is another job."""
    version = a_card(bot)
    chloes = open_form(bot, version, CHLOE)
    open_form(bot, version, BEN).submit("AUC is up.")
    job = chloes.submit("Bias is fine.", work=False)
    with pytest.raises(Unavailable):
        bot.do(job, on("post_private", "before"))
    shown = chloes.view
    if then == "forbidden":
        bot.registry.unreachable[OWN_REGISTRY] = Forbidden("no")
        with pytest.raises(Forbidden):
            bot.do(job)
    else:
        if then == "gone":
            del bot.registry.registered[version.arn]
        bot.do(job)

    assert chloes.view == shown
    assert chloes.button == "Approve and deploy"


def test_a_form_that_is_submitted_before_it_was_checked_counts_as_it_is(bot: FakeBot) -> None:
    version = a_card(bot)
    chloes = click(bot, version, APPROVED, CHLOE)
    open_form(bot, version, BEN).submit("AUC is up.")
    form = Form(bot, chloes.view, CHLOE)
    job = form.submit("Bias is fine.", work=False)
    bot.do(chloes)
    assert "Working on it…" in form.text
    bot.do(job)

    assert bot.status(version.arn) is APPROVED
    assert "Done: fraud version 4 is approved." in form.text


def test_a_vote_that_does_less_than_its_form_said_is_recorded_and_the_receipt_says_how_far(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    open_form(bot, version, BEN).submit("AUC is up.")
    chloes = open_form(bot, version, CHLOE)
    card = place(bot, version)
    bot.do(WithdrawVote(id="w", arn=version.arn, person=BEN, message=card))
    chloes.submit("Bias is fine.")

    assert bot.registry.updates == []
    assert "Done: your vote to approve fraud version 4 is recorded." in chloes.text
    assert "That is 1 of 2 votes; ml-leads is still missing." in chloes.text


def test_a_form_whose_outcome_changed_is_shown_again_with_the_outcome_as_it_is(
    bot: FakeBot,
) -> None:
    rule = replace(PAIR, moves={"revoke": (Role(people=People(users=(ANA.id,))),)})
    bot.rules = Rules("C0MODELS00", (rule,))
    a_card(bot, APPROVED, 2)
    third, fourth = a_card(bot, APPROVED, 3), a_card(bot, APPROVED)
    form = open_form(bot, fourth, ANA, REJECTED)
    assert form.button == "Revoke, back to v3"
    bot.registry.move_outside(third.arn, REJECTED)
    form.submit("Too slow.")

    assert bot.registry.updates == []
    assert "your decision would now have another effect" in form.text
    assert form.button == "Revoke, back to v2"
    form.submit("Too slow.")
    assert "Done: fraud version 4 is revoked." in form.text
    assert "version 2, the latest one that is still approved, is next to deploy now" in form.text


# --- the receipt ----------------------------------------------------------------------------------


def test_a_form_becomes_the_receipt_of_its_decision(bot: FakeBot) -> None:
    version = a_card(bot)
    form = open_form(bot, version, ANA, REJECTED)
    form.submit("Too slow.")

    shown = [as_read(view) for view in bot.chat.shown[form.id]]
    expected = ("Checking", "Veto", "Working on it", "Done: ")
    assert [word in text for word, text in zip(expected, shown, strict=True)] == [True] * 4
    assert "Done: fraud version 4 is rejected." in form.text
    assert form.button is None


def test_the_receipt_comes_last(bot: FakeBot) -> None:
    form = open_form(bot, a_card(bot), ANA, REJECTED)
    calls: list[str] = []

    def note(name: str) -> str:
        calls.append(name)
        return ""

    form.submit("Too slow.", failures=note)

    job = calls[: calls.index("update_form")]
    assert {"apply", "post", "update"} <= set(job)
    assert job[-1] == "save"


def test_a_receipt_of_a_vote_says_how_far_the_move_is(bot: FakeBot) -> None:
    form = open_form(bot, a_card(bot), BEN)
    form.submit("AUC is up.")

    assert "Done: your vote to approve fraud version 4 is recorded." in form.text
    assert "That is 1 of 2 votes; risk is still missing." in form.text
    assert "AUC is up." in form.text


def test_a_receipt_of_a_refusal_keeps_the_comment(bot: FakeBot) -> None:
    version = a_card(bot)
    form = open_form(bot, version, BEN)
    bot.registry.move_outside(version.arn, REJECTED, by="eve")
    form.submit("AUC is up.")

    assert "fraud version 4 is now rejected." in form.text
    assert "AUC is up." in form.text
    assert form.button is None
    assert len(bot.chat.private_messages) == 1


def test_a_decision_that_sagemaker_declines_is_no_success_in_the_receipt(
    bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decline(_: object) -> None:
        raise Declined("AccessDenied")

    form = open_form(bot, a_card(bot), ANA, REJECTED)
    monkeypatch.setattr(bot.registry, "apply", decline)
    with pytest.raises(Unavailable):
        bot.do(job := form.submit("Too slow.", work=False))
    bot.do(job)

    assert "SageMaker did not accept the change" in form.text
    assert "Your decision was not made." in form.text
    assert "Done" not in form.text


def test_a_form_for_a_version_that_was_deleted_says_so(bot: FakeBot) -> None:
    version = a_card(bot)
    form = open_form(bot, version, BEN)
    del bot.registry.registered[version.arn]
    form.submit("AUC is up.")

    assert "not in the registry any more" in form.text
    assert "AUC is up." in form.text


def test_a_closed_form_does_not_keep_its_vote_from_counting_and_the_thread_tells(
    bot: FakeBot,
) -> None:
    version = a_card(bot)
    form = open_form(bot, version, ANA, REJECTED)
    job = form.submit("Too slow.", work=False)
    bot.chat.closed.add(form.id)
    bot.do(job)

    assert bot.status(version.arn) is REJECTED
    assert "Working on it…" in form.text
    assert len(bot.chat.thread(place(bot, version))) == 1


def test_a_slack_that_takes_no_receipt_does_not_send_the_job_back(bot: FakeBot) -> None:
    version = a_card(bot)
    form = open_form(bot, version, ANA, REJECTED)
    form.submit("Too slow.", failures=on("update_form", "before"))

    assert bot.status(version.arn) is REJECTED
    assert bot.ledger.get(version.arn).request.unfinished is False


def test_a_job_that_is_sent_again_shows_the_same_receipt(bot: FakeBot) -> None:
    form = open_form(bot, a_card(bot), ANA, REJECTED)
    job = form.submit("Too slow.")
    before = form.text
    bot.do(job)

    assert form.text == before


def test_a_receipt_does_not_wait_for_a_channel_that_slack_is_too_busy_for(bot: FakeBot) -> None:
    form = open_form(bot, a_card(bot), ANA, REJECTED)
    form.submit("Too slow.", failures=on("post", "throttled"))

    assert "Done: fraud version 4 is rejected." in form.text


def test_a_job_of_an_older_version_names_no_form_and_is_done(bot: FakeBot) -> None:
    version = a_card(bot)
    offer = an_offer(version, REJECTED)
    bot.do(SubmitForm("older", a_click(offer, ANA), "Too slow."))

    assert bot.status(version.arn) is REJECTED
    assert bot.chat.forms == {}


# --- while a job keeps failing --------------------------------------------------------------------


def fail(bot: FakeBot, job: CheckForm | SubmitForm, attempts: int) -> None:
    """Let the job fail so often."""
    for attempt in range(1, attempts + 1):
        bot.attempt = attempt
        with pytest.raises(Unavailable):
            bot.do(job, on("describe", "before"))


def test_a_form_whose_check_keeps_failing_says_so_and_can_be_submitted(bot: FakeBot) -> None:
    version = a_card(bot)
    job = click(bot, version, REJECTED, ANA)
    form = Form(bot, job.view, ANA)
    fail(bot, job, ATTEMPT - 1)
    assert "Checking what your vote does…" in form.text
    fail(bot, job, ATTEMPT)

    assert "What your vote does could not be checked so far." in form.text
    assert "Checking" not in form.text
    bot.attempt = 1
    form.submit("Too slow.")
    assert bot.status(version.arn) is REJECTED


def test_a_check_that_succeeds_at_last_is_shown(bot: FakeBot) -> None:
    job = click(bot, a_card(bot), REJECTED, ANA)
    fail(bot, job, ATTEMPT)
    bot.attempt = ATTEMPT + 1
    bot.do(job)

    assert Form(bot, job.view, ANA).button == "Veto"


def test_a_check_that_fails_leaves_a_submitted_form_alone(bot: FakeBot) -> None:
    job = click(bot, a_card(bot), REJECTED, ANA)
    form = Form(bot, job.view, ANA)
    form.submit("Too slow.", work=False)
    fail(bot, job, ATTEMPT)

    assert "Working on it…" in form.text


def test_a_submitted_form_whose_job_keeps_failing_says_so_and_at_last_what_came_of_it(
    bot: FakeBot,
) -> None:
    form = open_form(bot, a_card(bot), ANA, REJECTED)
    job = form.submit("Too slow.", work=False)
    fail(bot, job, ATTEMPT)
    assert "Still trying: this could not be finished yet." in form.text
    assert "Too slow." in form.text
    assert len(bot.chat.private_messages) == 1
    bot.attempt = ATTEMPT + 1
    bot.do(job)

    assert "Done: fraud version 4 is rejected." in form.text


def test_a_submitted_form_of_a_registry_that_cannot_be_read_says_that_it_is_tried_again(
    bot: FakeBot,
) -> None:
    form = open_form(bot, a_card(bot), ANA, REJECTED)
    bot.registry.unreachable[OWN_REGISTRY] = Forbidden("no")
    with pytest.raises(Forbidden):
        form.submit("Too slow.")

    assert "AWS does not let this bot read the registry" in form.text
    assert "the bot tries it again" in form.text


def test_a_submitted_form_of_a_registry_that_is_not_watched_any_more_says_so(bot: FakeBot) -> None:
    form = open_form(bot, a_card(bot), ANA, REJECTED)
    bot.registry.registry_ids = ()
    form.submit("Too slow.")

    assert "does not watch the registry of this version any more" in form.text
    assert "Too slow." in form.text


def test_somebody_who_may_not_decide_reads_why_in_the_form(bot: FakeBot) -> None:
    form = open_form(bot, a_card(bot), DAN)

    assert "You may not approve this version." in form.text
    assert form.button is None
