"""Slack's secrets, with boto3 and without: read, cached for a while, and never shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from moto.core import enable_iam_authentication

from bot.adapters.aws.secret_reader import SecretReader
from bot.adapters.aws.sessions import Sessions
from bot.adapters.aws.sigv4_client import Sigv4Client
from bot.adapters.aws.slack_secret import MAX_AGE, MIN_AGE, CachedSecret, SlackSecret
from bot.core.errors import Misconfigured, Unavailable
from bot.settings import Settings
from infra.local.deployment import ROOT
from tests.doubles.credential_endpoint import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.adapters.aws import Aws

    Read = Callable[[], SlackSecret]

TOKEN, SIGNING = "xoxb-known-to-nobody", "signing-secret-known-to-nobody"
SECRET = SlackSecret(TOKEN, SIGNING)
GOOD = {"bot_token": TOKEN, "signing_secret": SIGNING}
WITHOUT_BOTO3 = """
import json, sys, time
from bot.adapters.aws.sigv4_client import Sigv4Client
from bot.adapters.aws.slack_secret import CachedSecret
from bot.settings import Settings
settings = Settings()
aws = Sigv4Client(settings, print)
secret = CachedSecret(aws, settings.slack_secret_id, time.time).read()
heavy = {"boto3", "aws_lambda_powertools", "s3transfer", "slack_sdk"} & sys.modules.keys()
print(json.dumps([secret.bot_token, sorted(heavy)]))
"""


TRIES = 6
"""More often than botocore calls AWS before it gives up."""


class Clock:
    """Seconds, as time.time counts them."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def a_cached_secret(name: str, clock: Clock) -> CachedSecret:
    return CachedSecret(Sigv4Client(Settings(), lambda _: None), name, clock)


def a_reader(name: str) -> SecretReader:
    return SecretReader(Sessions(), name)


pytestmark = pytest.mark.usefixtures("as_in_lambda")


@pytest.fixture
def manager(aws: Aws) -> Any:
    return aws.client("secretsmanager")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret(manager: Any) -> str:
    """The ARN of a secret that nobody else uses."""
    created = manager.create_secret(Name=f"slack-{uuid4()}", SecretString=json.dumps(GOOD))
    return str(created["ARN"])


@pytest.fixture
def without_boto3(secret: str, clock: Clock) -> Read:
    return a_cached_secret(secret, clock).read


@pytest.fixture
def with_boto3(secret: str) -> Read:
    return a_reader(secret).read


@pytest.fixture(params=["without_boto3", "with_boto3"])
def read(request: pytest.FixtureRequest) -> Read:
    fixture: Read = request.getfixturevalue(request.param)
    return fixture


# --- both ways ------------------------------------------------------------------------------------


def test_a_secret_is_read(read: Read) -> None:
    assert read() == SECRET


def test_a_secret_is_kept_for_a_while(read: Read, manager: Any, secret: str) -> None:
    read()
    rotated = json.dumps({**GOOD, "bot_token": "xoxb-new"})
    manager.put_secret_value(SecretId=secret, SecretString=rotated)

    assert read() == SECRET


def test_other_keys_in_a_secret_are_ignored(read: Read, manager: Any, secret: str) -> None:
    more = json.dumps({**GOOD, "app_token": "xapp"})
    manager.put_secret_value(SecretId=secret, SecretString=more)

    assert read() == SECRET


def test_a_secret_that_was_never_filled_in_stops_the_bot(
    read: Read, manager: Any, secret: str
) -> None:
    manager.put_secret_value(SecretId=secret, SecretString="{}")

    with pytest.raises(Misconfigured):
        read()


@pytest.mark.parametrize("trouble", ["AccessDeniedException", "DecryptionFailure"])
def test_a_secret_that_the_bot_may_not_read_stops_it_with_a_sentence(
    read: Read, aws: Aws, secret: str, trouble: str
) -> None:
    aws.faults.add("GetSecretValue", trouble)

    with pytest.raises(Misconfigured) as caught:
        read()
    assert str(caught.value) == f"The Slack secret {secret} cannot be read: {trouble}."


def test_a_secret_that_is_not_there_stops_the_bot_with_a_sentence(clock: Clock) -> None:
    message = "The Slack secret nowhere cannot be read: ResourceNotFoundException."

    for secret in (a_cached_secret("nowhere", clock), a_reader("nowhere")):
        with pytest.raises(Misconfigured) as caught:
            secret.read()
        assert str(caught.value) == message


@pytest.mark.parametrize(
    "trouble", ["ThrottlingException", "ExpiredTokenException", "500", "timeout", "refused"]
)
def test_while_secrets_manager_is_busy_it_is_asked_again_later(
    read: Read, aws: Aws, trouble: str
) -> None:
    aws.faults.add("GetSecretValue", trouble, TRIES)
    with pytest.raises(Unavailable):
        read()
    while aws.faults.take("GetSecretValue"):
        pass

    assert read() == SECRET


def test_a_repr_does_not_show_a_secret() -> None:
    shown = f"{SECRET!r} {SECRET} {[SECRET]}"

    assert TOKEN not in shown
    assert SIGNING not in shown


# --- read again -----------------------------------------------------------------------------------

ROTATED = {"bot_token": "xoxb-new", "signing_secret": "new"}


def rotate(manager: Any, secret: str) -> None:
    manager.put_secret_value(SecretId=secret, SecretString=json.dumps(ROTATED))


def test_with_boto3_a_secret_is_read_again_and_kept(manager: Any, secret: str) -> None:
    reader = a_reader(secret)
    reader.read()
    rotate(manager, secret)

    assert reader.refresh() == SlackSecret(**ROTATED)
    assert reader.read() == SlackSecret(**ROTATED)


def test_without_boto3_a_secret_is_read_again_and_kept(
    manager: Any, secret: str, clock: Clock
) -> None:
    cached = a_cached_secret(secret, clock)
    cached.read()
    rotate(manager, secret)

    assert cached.refresh() == SlackSecret(**ROTATED)
    assert cached.read() == SlackSecret(**ROTATED)


def test_without_boto3_a_secret_is_read_again_at_most_once_in_some_seconds(
    manager: Any, secret: str, clock: Clock
) -> None:
    cached = a_cached_secret(secret, clock)
    cached.refresh()
    rotate(manager, secret)
    clock.now += MIN_AGE - 1
    too_soon = cached.refresh()
    clock.now += 1

    assert too_soon == SECRET
    assert cached.refresh() == SlackSecret(**ROTATED)


def test_the_previous_version_of_a_secret_is_not_used(
    manager: Any, secret: str, clock: Clock
) -> None:
    """Secrets Manager still has it as AWSPREVIOUS, but Slack no longer accepts it."""
    rotate(manager, secret)

    assert a_cached_secret(secret, clock).read() == SlackSecret(**ROTATED)
    assert a_reader(secret).read() == SlackSecret(**ROTATED)


# --- without boto3 --------------------------------------------------------------------------------


def test_a_secret_is_read_again_when_it_is_old(
    without_boto3: Read, manager: Any, secret: str, clock: Clock
) -> None:
    without_boto3()
    rotated = json.dumps({**GOOD, "bot_token": "xoxb-new"})
    manager.put_secret_value(SecretId=secret, SecretString=rotated)

    clock.now += MAX_AGE
    assert without_boto3() == SECRET
    clock.now += 1
    assert without_boto3() == SlackSecret("xoxb-new", SIGNING)
    assert MAX_AGE == 300


def test_a_secret_is_read_again_if_the_clock_was_set_back(
    manager: Any, secret: str, clock: Clock
) -> None:
    """It would be kept for all the time that the clock was ahead."""
    cached = a_cached_secret(secret, clock)
    cached.read()
    rotate(manager, secret)
    clock.now -= 1

    assert cached.read() == SlackSecret(**ROTATED)


def test_a_rotation_is_noticed_within_seconds_although_the_clock_was_set_back(
    manager: Any, secret: str, clock: Clock
) -> None:
    cached = a_cached_secret(secret, clock)
    cached.refresh()
    clock.now -= 2 * MIN_AGE
    cached.refresh()
    rotate(manager, secret)
    clock.now += MIN_AGE

    assert cached.refresh() == SlackSecret(**ROTATED)


@pytest.mark.parametrize("refresh", [False, True])
def test_in_an_outage_the_cached_secret_is_used(
    aws: Aws, manager: Any, secret: str, clock: Clock, *, refresh: bool
) -> None:
    """A forged signature makes the function read again: it must not lose the good secret."""
    cached = a_cached_secret(secret, clock)
    cached.read()
    rotate(manager, secret)
    clock.now += MAX_AGE + 1
    aws.faults.add("GetSecretValue", "503", TRIES)
    kept = [cached.refresh() if refresh else cached.read(), cached.read()]
    left = sum(bool(aws.faults.take("GetSecretValue")) for _ in range(TRIES))
    clock.now += MIN_AGE + 1

    assert kept == [SECRET, SECRET]
    assert left == TRIES - 2  # both attempts of one call: the next read does not wait
    assert cached.read() == SlackSecret(**ROTATED)


def test_a_secret_that_was_corrected_is_read_at_once(
    without_boto3: Read, manager: Any, secret: str
) -> None:
    manager.put_secret_value(SecretId=secret, SecretString="{}")
    with pytest.raises(Misconfigured):
        without_boto3()
    manager.put_secret_value(SecretId=secret, SecretString=json.dumps(GOOD))

    assert without_boto3() == SECRET


MALFORMED = {
    "no JSON": f"bot_token={TOKEN}, signing_secret={SIGNING}",
    "half JSON": f'{{"bot_token": "{TOKEN}", "signing_secret": "{SIGNING}',
    "a text": json.dumps(TOKEN),
    "a list": json.dumps([TOKEN, SIGNING]),
    "null": "null",
    "no signing secret": json.dumps({"bot_token": TOKEN}),
    "other names": json.dumps({"token": TOKEN, "secret": SIGNING}),
    "an empty token": json.dumps({"bot_token": "", "signing_secret": SIGNING}),
    "no token": json.dumps({"bot_token": None, "signing_secret": SIGNING}),
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_secret_stops_the_bot_and_is_not_shown(
    without_boto3: Read, manager: Any, secret: str, text: str
) -> None:
    manager.put_secret_value(SecretId=secret, SecretString=text)

    with pytest.raises(Misconfigured) as caught:
        without_boto3()
    output = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in output
    assert SIGNING not in output


@pytest.mark.parametrize("value", [17, True, [TOKEN], {"value": TOKEN}])
def test_a_value_that_is_not_a_text_stops_the_bot(
    without_boto3: Read, manager: Any, secret: str, value: Any
) -> None:
    text = json.dumps({**GOOD, "bot_token": value})
    manager.put_secret_value(SecretId=secret, SecretString=text)

    with pytest.raises(Misconfigured):
        without_boto3()


def test_a_secret_can_be_given_by_name(manager: Any, clock: Clock) -> None:
    name = f"slack-{uuid4()}"
    manager.create_secret(Name=name, SecretString=json.dumps(GOOD))

    assert a_cached_secret(name, clock).read() == SECRET


def test_a_binary_secret_stops_the_bot(manager: Any, clock: Clock) -> None:
    name = f"slack-{uuid4()}"
    manager.create_secret(Name=name, SecretBinary=json.dumps(GOOD).encode())

    with pytest.raises(Misconfigured):
        a_cached_secret(name, clock).read()


def test_the_secret_is_read_without_loading_boto3(aws: Aws, secret: str) -> None:
    ran = subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [sys.executable, "-c", WITHOUT_BOTO3],
        cwd=ROOT,
        env={**os.environ, "SLACK_SECRET_ID": secret, "AWS_ENDPOINT_URL": aws.url},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert json.loads(ran.stdout) == [TOKEN, []]


@pytest.mark.parametrize("missing", ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_a_missing_environment_variable_of_aws_stops_the_bot(
    without_boto3: Read, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)

    with pytest.raises(Misconfigured, match=missing):
        without_boto3()


# --- signed ---------------------------------------------------------------------------------------

ALLOWED = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
        ],
    }
)


@pytest.fixture
def user(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, the caller is a user who may do nothing but read secrets."""
    iam, name = aws.client("iam"), f"slack-request-{uuid4().hex[:12]}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="read", PolicyDocument=ALLOWED)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


@pytest.fixture
def role(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, the caller is in a role with these rights, as a Lambda function is."""
    iam, name = aws.client("iam"), f"slack-request-{uuid4().hex[:12]}"
    created = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=ALLOWED)
    arn = created["Role"]["Arn"]
    keys = aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="slack-request")[
        "Credentials"
    ]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])


@pytest.fixture
def restored(role: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001
    """The same, in a function that was restored from a snapshot."""
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    keys = [os.environ[name] for name in names]
    for name in names:
        monkeypatch.delenv(name)
    with serving() as endpoint:
        endpoint.keys = dict(zip(("AccessKeyId", "SecretAccessKey", "Token"), keys, strict=True))
        for name, value in endpoint.environment.items():
            monkeypatch.setenv(name, value)
        yield


@pytest.mark.parametrize("who", ["user", "role", "restored"])
def test_the_request_is_signed_as_aws_requires(
    without_boto3: Read, who: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(who)

    with enable_iam_authentication():
        assert without_boto3() == SECRET


@pytest.mark.usefixtures("role")
@pytest.mark.parametrize(
    ("name", "value"),
    [("AWS_SECRET_ACCESS_KEY", "x" * 40), ("AWS_SESSION_TOKEN", "x" * 400)],
)
def test_a_request_signed_otherwise_would_be_refused(
    without_boto3: Read, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """This proves that the test before this one could fail."""
    monkeypatch.setenv(name, value)

    with enable_iam_authentication(), pytest.raises(Misconfigured, match="cannot be read: 403"):
        without_boto3()
