import json
import re
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.errors import Malformed, NewerFormat
from bot.core.jobs.messages import (
    AnswerQuestion,
    CheckForm,
    FormMetadata,
    Job,
    ReconcileEndpoint,
    ReconcileVersion,
    SubmitForm,
    UpdateWaitingCards,
    WithdrawVote,
    decode,
    decode_form_metadata,
    encode,
    encode_form_metadata,
    kind_of,
    log_fields,
    message_group,
)
from bot.core.registry.version import Arn, DatedStatus, Status
from bot.core.votes.rate_limit import Slot
from tests.core.paths import paths, replaced, without
from tests.core.strategies import any_json, form_metadata, jobs
from tests.doubles.builders import ANA, BEN, NOON, a_click, a_version, an_arn, an_offer
from tests.doubles.endpoints import an_endpoint

CLICK = a_click(an_offer(a_version(), Status.APPROVED))
ONE_OF_EACH = [
    ReconcileVersion(an_arn(), DatedStatus(Status.REJECTED, NOON)),
    ReconcileEndpoint(an_endpoint()),
    UpdateWaitingCards(group="fraud", cause="decision-1"),
    CheckForm(CLICK, "V1"),
    SubmitForm("decision-1", CLICK, "looks good"),
    WithdrawVote(id="withdrawal-1", arn=an_arn(), person=ANA, message=CLICK.message),
    AnswerQuestion(
        person=ANA, text="fraud", page=1, answer_url="https://hooks.slack.com/x", replace=True
    ),
]
OPTIONAL = {"brief_digest", "quorum", "override", "answer_url", "page", "pressed", "replace"}
"""Fields with a default: a message that lacks them is read all the same."""
ADDED = {
    ReconcileVersion: {"reported", "from_sweep", "of_click", "slot"},
    ReconcileEndpoint: {"from_sweep"},
    CheckForm: {"hash"},
    SubmitForm: {"view", "shown", "round"},
}
"""Fields that older versions of the code do not send."""
EVERY_ONE = pytest.mark.parametrize("job", ONE_OF_EACH, ids=lambda job: type(job).__name__)


def test_the_list_of_jobs_has_every_kind() -> None:
    assert {type(job) for job in ONE_OF_EACH} == set(get_args(Job))


@given(jobs)
def test_every_job_is_the_same_after_encoding_and_decoding(job: Job) -> None:
    assert decode(encode(job)) == job


@EVERY_ONE
def test_a_body_that_lacks_anything_without_a_default_is_malformed(job: Job) -> None:
    body = json.loads(encode(job))
    optional = OPTIONAL | ADDED.get(type(job), set())
    needed = [path for path in paths(body) if path[-1] not in optional]
    assert len(needed) >= 3

    for path in needed:
        with pytest.raises(Malformed):
            decode(json.dumps(without(body, path)))


@pytest.mark.parametrize(
    "job",
    [
        ReconcileVersion(an_arn()),
        CheckForm(CLICK, "V1"),
        SubmitForm("1", CLICK, "looks good"),
    ],
)
def test_a_message_of_an_older_version_is_read(job: Job) -> None:
    body = json.loads(encode(job))
    older = {name: value for name, value in body.items() if name not in ADDED[type(job)]}

    assert older.keys() != body.keys()
    assert decode(json.dumps(older)) == job


@EVERY_ONE
@given(junk=any_json, data=st.data())
def test_a_body_with_junk_in_it_is_a_job_or_malformed_or_an_unknown_job(
    job: Job, junk: Any, data: st.DataObject
) -> None:
    body = json.loads(encode(job))
    path = data.draw(st.sampled_from(paths(body)))

    try:
        read = decode(json.dumps(replaced(body, path, junk)))
    except Malformed:
        return

    assert decode(encode(read)) == read


@EVERY_ONE
@given(data=st.data())
def test_part_of_a_body_is_malformed(job: Job, data: st.DataObject) -> None:
    body = encode(job)
    begin = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(begin, len(body)))
    assume(end - begin < len(body))

    with pytest.raises(Malformed):
        decode(body[begin:end])


@given(any_json)
def test_any_other_json_is_malformed(content: Any) -> None:
    with pytest.raises(Malformed):
        decode(json.dumps(content))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        '{"v": 1, "job": ["reconcile_version"], "arn": "a"}',
        '{"v": 1, "job": "", "arn": "a"}',
        '{"v": 1, "job": "reconcile_version", "arn": ""}',
        '{"v": 1, "job": "reconcile_version", "arn": 7}',
        '{"v": 1, "job": "reconcile_version", "arn": null}',
        '{"v": 0, "job": "reconcile_version", "arn": "a"}',
        '{"v": "1", "job": "reconcile_version", "arn": "a"}',
        '{"job": "reconcile_version", "arn": "a"}',
        "[" * 100_000,
    ],
    ids=lambda body: body[:40],
)
def test_a_body_that_is_no_job_is_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        decode(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"v": 1, "job": "deploy", "arn": "a"}', r"'deploy' \(format 1\)"),
        ('{"v": 2, "job": "reconcile_version", "model": 7}', r"'reconcile_version' \(format 2\)"),
    ],
)
def test_a_job_that_only_a_newer_version_knows_waits_for_that_version(body: str, why: str) -> None:
    """While a deploy goes on: as Malformed, it would be a dead letter within seconds."""
    with pytest.raises(NewerFormat, match=f"{why} is no job known to this version"):
        decode(body)


def test_fields_that_only_a_newer_version_knows_are_ignored() -> None:
    body = encode(ReconcileVersion(an_arn())).replace("{", '{"because":{"x":1},', 1)

    assert decode(body) == ReconcileVersion(an_arn())


@pytest.mark.parametrize("page", ["1e999", "true", '"1"', "1.5", "NaN"])
def test_a_page_that_is_no_whole_number_is_malformed(page: str) -> None:
    with pytest.raises(Malformed, match="page"):
        decode(encode(ONE_OF_EACH[-1]).replace('"page":1', f'"page":{page}'))


@given(form_metadata)
def test_the_metadata_of_a_form_restore_what_it_said_and_its_click_with_the_submitter_as_person(
    form: FormMetadata,
) -> None:
    text = encode_form_metadata(form)

    assert decode_form_metadata(text, BEN) == replace(form, click=replace(form.click, person=BEN))
    assert json.loads(text).keys() == {
        "v",
        "button",
        "message",
        "answer_url",
        "pressed",
        "shown",
        "round",
    }


def test_the_metadata_of_an_older_form_say_nothing_of_its_vote() -> None:
    click = a_click(an_offer(a_version(), Status.APPROVED), BEN)
    older = json.loads(encode_form_metadata(FormMetadata(click)))
    del older["shown"], older["round"], older["pressed"]

    assert decode_form_metadata(json.dumps(older), BEN) == FormMetadata(click)


def test_everything_about_a_version_is_in_one_message_group_whatever_the_case_of_its_arn() -> None:
    upper_case = Arn(an_arn().upper())
    click = a_click(an_offer(a_version(arn=upper_case), Status.APPROVED))

    version_jobs = [
        job
        for job in ONE_OF_EACH
        if not isinstance(job, ReconcileEndpoint | UpdateWaitingCards | AnswerQuestion)
    ]
    groups = {
        message_group(job)
        for job in (*version_jobs, ReconcileVersion(upper_case), CheckForm(click, "V2"))
    }

    assert len(groups) == 1
    assert message_group(ReconcileVersion(an_arn(2))) not in groups


def test_what_a_click_left_to_tell_does_not_wait_behind_other_jobs_of_its_version() -> None:
    of_click = message_group(ReconcileVersion(an_arn(), of_click=True))

    assert of_click != message_group(ReconcileVersion(an_arn()))
    assert of_click == message_group(ReconcileVersion(Arn(an_arn().upper()), of_click=True))
    assert of_click != message_group(ReconcileVersion(an_arn(2), of_click=True))


def test_no_other_job_waits_behind_one_that_waits_for_a_slot() -> None:
    waits = message_group(ReconcileVersion(an_arn(), slot=Slot("C0FRAUD000", NOON)))

    assert waits not in {
        message_group(ReconcileVersion(an_arn())),
        message_group(ReconcileVersion(an_arn(), of_click=True)),
        message_group(ReconcileVersion(an_arn(), slot=Slot("edits", NOON))),
    }


def test_each_person_has_a_message_group_of_their_own() -> None:
    anas, bens = AnswerQuestion(person=ANA, text="help"), AnswerQuestion(person=BEN, text="help")

    assert message_group(anas) != message_group(bens)
    assert message_group(anas) == message_group(ONE_OF_EACH[-1])


def test_an_endpoint_has_a_message_group_of_its_own_whatever_the_case_of_its_arn() -> None:
    upper_case = ReconcileEndpoint(Arn(an_endpoint().upper()))

    assert message_group(ReconcileEndpoint(an_endpoint())) == message_group(upper_case)
    assert (
        message_group(ReconcileVersion(an_endpoint()))
        != message_group(upper_case)
        != message_group(ReconcileEndpoint(an_endpoint("other")))
    )


def test_a_group_has_a_message_group_of_its_own_whatever_the_case_of_its_name() -> None:
    fraud, upper_case, other = (
        UpdateWaitingCards(group=name, cause="1") for name in ("fraud", "FRAUD", "churn")
    )

    assert message_group(fraud) == message_group(upper_case) != message_group(other)


def test_a_person_and_a_version_of_the_same_name_share_no_message_group() -> None:
    assert message_group(AnswerQuestion(person=ANA, text="")) != message_group(
        ReconcileVersion(Arn(ANA.id))
    )


@given(jobs)
def test_sqs_takes_the_id_of_every_message_group(job: Job) -> None:
    name = message_group(job)

    assert len(name) <= 128
    assert re.fullmatch(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]+", name)


@EVERY_ONE
def test_the_log_fields_of_a_job_are_its_kind_its_version_and_its_person(job: Job) -> None:
    fields = log_fields(job)

    assert fields.pop("job") == kind_of(job)
    assert (
        fields
        == {
            ReconcileVersion: {"arn": an_arn()},
            ReconcileEndpoint: {"arn": an_endpoint()},
            UpdateWaitingCards: {"group": "fraud"},
            CheckForm: {"arn": an_arn(), "person": ANA.id},
            SubmitForm: {"arn": an_arn(), "person": ANA.id},
            WithdrawVote: {"arn": an_arn(), "person": ANA.id},
            AnswerQuestion: {"person": ANA.id},
        }[type(job)]
    )


def test_the_log_fields_of_a_job_hold_nothing_that_somebody_wrote() -> None:
    assert "looks good" not in str(log_fields(SubmitForm("decision-1", CLICK, "looks good")))
    assert "fraud 3" not in str(log_fields(AnswerQuestion(person=ANA, text="fraud 3")))
