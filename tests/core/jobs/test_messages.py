import json
import re
from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.errors import Malformed, UnknownJob
from bot.core.jobs.messages import (
    AnswerQuestion,
    CheckForm,
    Job,
    ReconcileEndpoint,
    ReconcileVersion,
    SubmitForm,
    WithdrawVote,
    decode,
    encode,
    kind_of,
    log_fields,
    message_group,
)
from bot.core.registry.version import Arn, Status
from tests.core.paths import paths, replaced, without
from tests.core.strategies import any_json, jobs
from tests.doubles.builders import ANA, BEN, a_click, a_version, an_arn, an_offer
from tests.doubles.deployments import an_endpoint

CLICK = a_click(an_offer(a_version(), Status.APPROVED))
ONE_OF_EACH = [
    ReconcileVersion(an_arn()),
    ReconcileEndpoint(an_endpoint()),
    CheckForm(CLICK, "V1"),
    SubmitForm("decision-1", CLICK, "looks good"),
    WithdrawVote(id="withdrawal-1", arn=an_arn(), person=ANA, place=CLICK.place),
    AnswerQuestion(
        person=ANA, text="fraud", page=1, answer_url="https://hooks.slack.com/x", replace=True
    ),
]
LATER = {"brief", "quorum", "override"}
"""What offers did not hold from the beginning: an older worker's messages lack it."""
EVERY_ONE = pytest.mark.parametrize("job", ONE_OF_EACH, ids=lambda job: type(job).__name__)


def test_one_of_each_is_one_of_each() -> None:
    assert {type(job) for job in ONE_OF_EACH} == set(get_args(Job))


@given(jobs)
def test_every_job_comes_out_of_the_line_as_it_went_in(job: Job) -> None:
    assert decode(encode(job)) == job


@EVERY_ONE
def test_a_body_that_lacks_anything_is_malformed(job: Job) -> None:
    body = json.loads(encode(job))
    needed = [path for path in paths(body) if path[-1] not in LATER]

    for path in needed:
        with pytest.raises(Malformed):
            decode(json.dumps(without(body, path)))


@EVERY_ONE
@given(junk=any_json, data=st.data())
def test_a_body_with_junk_in_it_is_a_job_or_is_refused_and_nothing_else(
    job: Job, junk: Any, data: st.DataObject
) -> None:
    body = json.loads(encode(job))
    path = data.draw(st.sampled_from(paths(body)))

    try:
        read = decode(json.dumps(replaced(body, path, junk)))
    except (Malformed, UnknownJob):
        return

    assert decode(encode(read)) == read


@EVERY_ONE
@given(data=st.data())
def test_a_torn_body_is_malformed(job: Job, data: st.DataObject) -> None:
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
        '{"job": ["reconcile_version"], "arn": "a"}',
        '{"job": "reconcile_version", "arn": ""}',
        '{"job": "reconcile_version", "arn": 7}',
        '{"job": "reconcile_version", "arn": null}',
        "[" * 100_000,
    ],
    ids=lambda body: body[:40],
)
def test_a_body_that_is_no_job_is_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        decode(body)


def test_a_job_of_an_unknown_kind_is_a_newer_versions_and_waits_for_it() -> None:
    """While a deploy goes on: as Malformed, it would be a dead letter within seconds."""
    with pytest.raises(UnknownJob, match="'Deploy' is no job that this version knows"):
        decode('{"job": "Deploy", "arn": "a"}')


def test_a_page_without_end_is_malformed() -> None:
    with pytest.raises(Malformed):
        decode(encode(ONE_OF_EACH[-1]).replace('"page": 1', '"page": 1e999'))


def test_everything_about_a_version_stands_in_one_lane_whatever_the_case_of_its_arn() -> None:
    shouted = Arn(an_arn().upper())
    loud = a_click(an_offer(a_version(arn=shouted), Status.APPROVED))

    about_it = [
        job for job in ONE_OF_EACH if not isinstance(job, ReconcileEndpoint | AnswerQuestion)
    ]
    lanes = {
        message_group(job) for job in (*about_it, ReconcileVersion(shouted), CheckForm(loud, "V2"))
    }

    assert len(lanes) == 1
    assert message_group(ReconcileVersion(an_arn(2))) not in lanes


def test_each_person_asks_in_a_lane_of_their_own() -> None:
    anas, bens = AnswerQuestion(person=ANA, text="help"), AnswerQuestion(person=BEN, text="help")

    assert message_group(anas) != message_group(bens)
    assert message_group(anas) == message_group(ONE_OF_EACH[-1])


def test_an_endpoint_has_a_lane_of_its_own_whatever_the_case_of_its_arn() -> None:
    loud = ReconcileEndpoint(Arn(an_endpoint().upper()))

    assert message_group(ReconcileEndpoint(an_endpoint())) == message_group(loud)
    assert (
        message_group(ReconcileVersion(an_endpoint()))
        != message_group(loud)
        != message_group(ReconcileEndpoint(an_endpoint("other")))
    )


def test_a_person_and_a_version_of_the_same_name_share_no_lane() -> None:
    assert message_group(AnswerQuestion(person=ANA, text="")) != message_group(
        ReconcileVersion(Arn(ANA.id))
    )


@given(jobs)
def test_the_name_of_a_lane_is_one_that_sqs_takes(job: Job) -> None:
    name = message_group(job)

    assert len(name) <= 128
    assert re.fullmatch(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]+", name)


@EVERY_ONE
def test_a_log_line_about_a_job_says_what_kind_it_is_and_about_whom(job: Job) -> None:
    said = log_fields(job)

    assert said.pop("job") == kind_of(job)
    assert (
        said
        == {
            ReconcileVersion: {"arn": an_arn()},
            ReconcileEndpoint: {"arn": an_endpoint()},
            CheckForm: {"arn": an_arn(), "person": ANA.id},
            SubmitForm: {"arn": an_arn(), "person": ANA.id},
            WithdrawVote: {"arn": an_arn(), "person": ANA.id},
            AnswerQuestion: {"person": ANA.id},
        }[type(job)]
    )


def test_a_log_line_about_a_job_holds_nothing_that_somebody_wrote() -> None:
    assert "looks good" not in str(log_fields(SubmitForm("decision-1", CLICK, "looks good")))
    assert "fraud 3" not in str(log_fields(AnswerQuestion(person=ANA, text="fraud 3")))
