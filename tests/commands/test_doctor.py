"""`python -m bot doctor`: a healthy deployment, and each thing that can be wrong with one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from moto.events.models import EventPattern
from moto.events.responses import EventsHandler

from bot.commands import manifest
from bot.commands.doctor import deployment as stack
from bot.commands.doctor import environment, event_rules, queues, registries
from bot.commands.doctor.check import CheckCode
from bot.core.audit.chain import CHECKPOINTS
from infra.local import deployment
from infra.local.deployment import REGION, ROOT
from infra.local.example import CHANNELS, USERGROUPS, USERS
from tests.infra.cloudformation import resources, section, service
from tests.local.slack_stand_in import TOKEN, StandIn
from tests.world.embedded import running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.adapters.aws import Aws
    from tests.commands.shell import Shell

pytest_plugins = ["tests.local.slack_fixtures"]

SHIPPED = "infra/approvals.yml"
SIGNING = "signed-by-nobody"
STACK = "model-approvals-dev"
SCOPES = frozenset(
    yaml.safe_load((ROOT / manifest.FILE).read_text("utf-8"))["oauth_config"]["scopes"]["bot"]
)


class Deployment:
    """A healthy deployment, in which a test may break something."""

    def __init__(self, aws: Aws, slack: StandIn, shell: Shell, patch: pytest.MonkeyPatch) -> None:
        self.aws, self.slack, self.shell, self.patch = aws, slack, shell, patch
        self.secret = aws.settings["SLACK_SECRET_ID"]
        self.table = aws.settings["LEDGER_TABLE"]
        self.queue_url = aws.settings["QUEUE_URL"]

    def write_secret(self, **changes: str) -> None:
        values = {"bot_token": TOKEN, "signing_secret": SIGNING, **changes}
        text = json.dumps({name: value for name, value in values.items() if value})
        self.aws.client("secretsmanager").put_secret_value(SecretId=self.secret, SecretString=text)

    def recovery(self, *, on: bool) -> None:
        self.aws.client("dynamodb").update_continuous_backups(
            TableName=self.table,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on},
        )

    def run(self, *options: str) -> tuple[int, dict[str, str]]:
        """Run the command; returns its exit code, and each result by the name of its check."""
        exit_code, out, err = self.shell.run("doctor", *options)
        assert err == ""
        *lines, _ = out
        matches = [re.fullmatch(r"(ok|failed|left out) +(.+?): (.+)", line) for line in lines]
        return exit_code, {each[2]: f"{each[1]}: {each[3]}" for each in matches if each}

    def failed(self, *options: str) -> dict[str, str]:
        """Run the command; returns the messages of the checks that failed."""
        exit_code, results = self.run(*options)
        failed = {name: text[8:] for name, text in results.items() if text.startswith("failed: ")}
        assert exit_code == (1 if failed else 0)
        return failed


@pytest.fixture
def healthy(
    empty_aws: Aws, slack: StandIn, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> Deployment:
    """A healthy deployment: AWS as the template makes it, and the Slack of the example."""
    monkeypatch.chdir(ROOT)
    for name, value in {
        **{name: empty_aws.settings[name] for name in environment.NEEDED},
        **{name: empty_aws.settings[name] for name in ("CLICK_QUEUE_URL", "QUESTION_QUEUE_URL")},
        "DECISION_ROLE_ARN": empty_aws.settings["DECISION_ROLE_ARN"],
        "SLACK_API_URL": f"{slack.workspace.url}/api/",
        "AWS_ENDPOINT_URL": empty_aws.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "of-the-tests",
        "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
    }.items():
        monkeypatch.setenv(name, value)
    slack.workspace.scopes = SCOPES
    slack.workspace.users = {user.id: user for user in USERS}
    slack.workspace.usergroups = {group.id: group for group in USERGROUPS}
    slack.workspace.channels = {channel.id: channel for channel in CHANNELS}
    healthy_deployment = Deployment(empty_aws, slack, shell, monkeypatch)
    healthy_deployment.write_secret()
    healthy_deployment.recovery(on=True)  # which moto leaves out when it makes the stack
    return healthy_deployment


# --- a healthy deployment -------------------------------------------------------------------------


def test_checks_of_a_working_deployment_are_ok(healthy: Deployment) -> None:
    exit_code, results = healthy.run()

    assert exit_code == 0
    assert {name for name, text in results.items() if not text.startswith("ok: ")} == {
        "rule VersionChanged",
        "rule EndpointChanged",
        "undelivered",
    }
    assert results["token"] == "ok: Model approvals (U0LOCALBOT) in local (T0LOCAL000)"
    assert results["channel C0FRAUD000"] == "ok: #fraud-models"


@pytest.mark.parametrize(
    "token", [TOKEN, f"{TOKEN}-of-others", f" {TOKEN}", "xoxp-of-a-person", f"{TOKEN}\n"]
)
def test_no_secret_is_printed(token: str, healthy: Deployment) -> None:
    healthy.write_secret(bot_token=token)

    message = json.dumps(healthy.run("--event", "--patience", "0"))

    assert token.strip() not in message
    assert SIGNING not in message


def test_the_code_of_each_check_stays_as_it_is() -> None:
    assert [code.value for code in CheckCode] == [
        *("environment", "account", "secret", "token", "rules", "scopes", "channel"),
        *("queue", "dead_letters", "table", "backups", "registry", "decision_role"),
        *("registries", "registry_accounts", "rule", "undelivered", "event"),
    ]


def test_doctor_changes_nothing(healthy: Deployment) -> None:
    before = ledger(healthy), len(healthy.slack.state()["messages"])

    healthy.run()

    assert (ledger(healthy), len(healthy.slack.state()["messages"])) == before


def ledger(healthy: Deployment) -> list[Any]:
    return list(healthy.aws.client("dynamodb").scan(TableName=healthy.table)["Items"])


# --- the environment ------------------------------------------------------------------------------


def test_missing_settings_are_named_and_the_checks_that_need_them_are_left_out(
    healthy: Deployment,
) -> None:
    for name in environment.NEEDED:
        healthy.patch.delenv(name)

    exit_code, results = healthy.run()

    assert exit_code == 1
    assert results["environment"] == (
        "failed: LEDGER_TABLE, QUEUE_URL, SLACK_SECRET_ID, APPROVALS_FILE, HOME_REGISTRY "
        "not set. "
        "Set what is missing, or name the stack: --stack model-approvals-dev"
    )
    left_out = {name for name, text in results.items() if text.startswith("left out: ")}
    assert left_out >= {"secret", "token", "rules", "scopes", "queue", "dead letters", "table"}


def test_doctor_checks_every_setting_that_the_bot_needs() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    needed = set(re.findall(r'\bneed\("([A-Z_]+)"\)', code))

    from_lambda = {name for name in needed if name.startswith("AWS_")}
    assert needed - from_lambda == {*environment.NEEDED}
    assert {*environment.NEEDED} <= {*service()["provider"]["environment"]}


# --- Slack ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ({"bot_token": ""}, "the Slack secret is no JSON with the two keys it needs"),
        ({"bot_token": "xoxp-1"}, "bot_token is not the token of a bot, which begins with xoxb-"),
        (
            {"signing_secret": "abc\n"},
            "signing_secret has a space or a line break around it",
        ),
    ],
)
def test_a_malformed_secret_fails(
    secret: dict[str, str], message: str, healthy: Deployment
) -> None:
    healthy.write_secret(**secret)

    wrong = healthy.failed()
    assert wrong["secret"].startswith(
        f"{message}. Write it as JSON with bot_token and signing_secret"
    )
    assert f"put-secret-value --secret-id {healthy.secret}" in wrong["secret"]


def test_a_missing_secret_fails(healthy: Deployment) -> None:
    healthy.patch.setenv("SLACK_SECRET_ID", "of-another-stack")

    assert "of-another-stack" in healthy.failed()["secret"]
    assert healthy.run()[1]["token"] == "left out: there is no token to try"


def test_a_setting_that_is_no_address_of_slack_fails(
    healthy: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "nonsense")

    problem = "SLACK_API_URL is no address such as https://slack.com/api: 'nonsense'."
    assert healthy.failed()["token"] == problem


def test_a_token_that_slack_refuses_fails(healthy: Deployment) -> None:
    healthy.write_secret(bot_token=f"{TOKEN}-of-others")

    wrong = healthy.failed()
    assert wrong["token"].startswith("Slack does not take it: invalid_auth. Install the app again")
    assert healthy.run()[1]["channel C0FRAUD000"].startswith("left out: ")


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_missing_scope_is_named(scope: str, healthy: Deployment) -> None:
    healthy.slack.workspace.scopes = SCOPES - {scope}

    message = healthy.failed()["scopes"]
    assert message.startswith(
        f"the token lacks {scope}. Add what is missing to the app's bot scopes."
    )


def test_the_scope_for_addresses_is_needed_once_the_rules_look_people_up(
    healthy: Deployment, tmp_path: Path
) -> None:
    text = (ROOT / SHIPPED).read_text("utf-8")
    rules = tmp_path / "rules.yml"
    rules.write_text(text.replace("lookup_by_email: false", "lookup_by_email: true"), "utf-8")
    healthy.patch.setenv("APPROVALS_FILE", str(rules))

    assert healthy.failed()["scopes"].startswith("the token lacks users:read.email. ")


def test_an_extra_scope_is_no_failure(healthy: Deployment) -> None:
    healthy.slack.workspace.scopes = SCOPES | {"files:read"}

    assert healthy.run()[1]["scopes"] == "ok: all that are needed; not needed: files:read"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"bot_is_member": False},
            "the bot is not in #fraud-models. Write /invite @ and its name in #fraud-models.",
        ),
        (
            {"archived": True},
            "#fraud-models is archived. Open it again, or name another one in the rules.",
        ),
        (
            {"private": True, "bot_is_member": False},
            "the bot sees no such channel. If it is private, invite the bot to it; else correct",
        ),
    ],
)
def test_a_channel_in_which_the_bot_cannot_post_fails(
    changes: dict[str, bool], message: str, healthy: Deployment
) -> None:
    channels = healthy.slack.workspace.channels
    channels["C0FRAUD000"] = replace(channels["C0FRAUD000"], **changes)

    wrong = healthy.failed()
    assert {*wrong} == {"channel C0FRAUD000"}
    assert wrong["channel C0FRAUD000"].startswith(message)


def test_a_channel_that_cannot_be_read_without_a_scope_fails(healthy: Deployment) -> None:
    healthy.slack.workspace.scopes = SCOPES - {"channels:read"}

    message = healthy.failed()["channel C0FRAUD000"]
    assert message.startswith(
        "it takes the scope channels:read to look. Add it to the app's bot scop"
    )


def test_a_private_channel_with_the_bot_in_it_is_ok(healthy: Deployment) -> None:
    channels = healthy.slack.workspace.channels
    channels["C0FRAUD000"] = replace(channels["C0FRAUD000"], private=True)

    assert healthy.failed() == {}


def test_a_user_group_that_cannot_be_read_fails(healthy: Deployment) -> None:
    del healthy.slack.workspace.usergroups["S0RISK0000"]

    message = healthy.failed()["rules"]
    assert "`S0RISK0000` cannot be read: there is no such user group. Correct the file" in message


def test_a_person_who_left_fails(healthy: Deployment) -> None:
    people = healthy.slack.workspace.users
    people["U0ANA00000"] = replace(people["U0ANA00000"], deleted=True)

    assert "`U0ANA00000` is deactivated in Slack" in healthy.failed()["rules"]


def test_a_busy_slack_is_not_reported_as_a_wrong_token(healthy: Deployment) -> None:
    healthy.slack.faults.add("auth.test", "fatal_error")

    assert healthy.failed()["token"] == "Slack is busy: fatal_error. Try again in a minute."


# --- the rules file -------------------------------------------------------------------------------


def test_a_missing_rules_file_fails(healthy: Deployment) -> None:
    healthy.patch.setenv("APPROVALS_FILE", "infra/none.yml")

    assert healthy.failed()["rules"].startswith("infra/none.yml: cannot be read: ")


def test_each_problem_of_the_rules_file_has_a_line(healthy: Deployment, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text("channel: C0MODELS00\nrules: [{groups: x_, approvers: {}}]\n", "utf-8")
    healthy.patch.setenv("APPROVALS_FILE", str(rules))

    _, out, _ = healthy.shell.run("doctor")
    lines = [line for line in out if line.startswith("failed    rules: ")]
    assert len(lines) == 2
    assert all(f"{rules}, line 2: " in line for line in lines)


# --- AWS ------------------------------------------------------------------------------------------


def test_a_missing_queue_fails(healthy: Deployment) -> None:
    healthy.patch.setenv("QUEUE_URL", f"{healthy.queue_url}-of-others")

    wrong = healthy.failed()
    assert {*wrong} == {"queue", "dead letters"}
    assert wrong["queue"].endswith(
        "Check that Region and account are the bot's; else deploy again."
    )


def test_all_queues_are_named_with_what_waits_in_them(healthy: Deployment) -> None:
    _, results = healthy.run()
    queues = re.findall(r":model-approvals-(\w+).fifo, 0 waiting", results["queue"])

    assert queues == ["clicks", "questions", "jobs"]


@pytest.mark.parametrize("name", ["QUEUE_URL", "CLICK_QUEUE_URL", "QUESTION_QUEUE_URL"])
def test_each_queue_that_is_missing_fails(healthy: Deployment, name: str) -> None:
    healthy.patch.setenv(name, f"{healthy.queue_url}-of-others")

    assert "does not exist" in healthy.failed()["queue"]


def test_dead_letters_fail_with_the_command_that_sends_them_back(healthy: Deployment) -> None:
    sqs = healthy.aws.client("sqs")
    (url,) = sqs.list_queues(QueueNamePrefix="model-approvals-dead-letters")["QueueUrls"]
    sqs.send_message(QueueUrl=url, MessageBody="x", MessageGroupId="g", MessageDeduplicationId="d")

    message = healthy.failed()["dead letters"]
    assert message.startswith("1 in model-approvals-dead-letters.fifo. The worker's log says why.")
    assert "start-message-move-task --source-arn arn:aws:sqs:" in message


def test_a_queue_without_a_dead_letter_queue_fails(healthy: Deployment) -> None:
    attributes = {"FifoQueue": "true"}
    url = healthy.aws.client("sqs").create_queue(QueueName="bare.fifo", Attributes=attributes)[
        "QueueUrl"
    ]
    healthy.patch.setenv("QUEUE_URL", url)

    assert healthy.failed()["dead letters"].startswith(
        "the queue has no dead-letter queue. Deploy again"
    )


def test_a_missing_table_fails(healthy: Deployment) -> None:
    healthy.patch.setenv("LEDGER_TABLE", "of-another-stack")

    wrong = healthy.failed()
    assert {*wrong} == {"table", "backups"}
    assert "ResourceNotFoundException" in wrong["table"]


def test_a_table_with_other_keys_fails(healthy: Deployment) -> None:
    healthy.aws.client("dynamodb").create_table(
        TableName="older",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "arn", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "arn", "KeyType": "HASH"}],
    )
    healthy.patch.setenv("LEDGER_TABLE", "older")

    assert healthy.failed()["table"].startswith("older has the keys ['arn'] and the indexes []. ")


def test_a_table_without_point_in_time_recovery_fails(healthy: Deployment) -> None:
    healthy.recovery(on=False)

    message = healthy.failed()["backups"]
    assert message.startswith(
        f"point-in-time recovery of {healthy.table} is off. Deploy again, or swit"
    )


@pytest.mark.parametrize(
    ("operation", "check"),
    [
        ("GetCallerIdentity", "account"),
        ("ListModelPackageGroups", "registry"),
        ("GetRole", "decision role"),
        ("DescribeTable", "table"),
        ("GetQueueAttributes", "queue"),
    ],
)
def test_a_check_without_permission_fails_and_asks_for_other_credentials(
    operation: str, check: str, healthy: Deployment
) -> None:
    healthy.aws.faults.add(operation, "AccessDenied")

    message = healthy.failed()[check]
    assert message.endswith("Run this with credentials that have that right.")


def test_a_missing_decision_role_fails(healthy: Deployment) -> None:
    healthy.patch.setenv("DECISION_ROLE_ARN", "arn:aws:iam::123456789012:role/gone")

    message = healthy.failed()["decision role"]
    assert message.startswith("there is no role gone. No decision can be carried out. Deploy again")


@pytest.mark.parametrize(
    ("trusted", "actions", "message"),
    [
        ("AROAEXAMPLE", ["sts:AssumeRole", "sts:SetSourceIdentity"], "trusts AROAEXAMPLE, which"),
        ("arn:aws:iam::1:role/worker", "sts:AssumeRole", "trusts nobody to set a source identity"),
    ],
)
def test_a_decision_role_that_the_worker_cannot_assume_fails(
    trusted: str, actions: Any, message: str, healthy: Deployment
) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": actions}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    iam = healthy.aws.client("iam")
    created = iam.create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps(policy))
    healthy.patch.setenv("DECISION_ROLE_ARN", created["Role"]["Arn"])

    assert message in healthy.failed()["decision role"]


def test_without_a_decision_role_the_worker_decides_itself(healthy: Deployment) -> None:
    healthy.patch.setenv("DECISION_ROLE_ARN", "")

    message = healthy.run()[1]["decision role"]
    assert message == "ok: switched off: the worker decides in its own name"


def test_without_a_region_the_message_says_what_to_set(healthy: Deployment) -> None:
    healthy.patch.delenv("AWS_DEFAULT_REGION")
    healthy.patch.delenv("AWS_REGION")
    healthy.patch.setenv("AWS_CONFIG_FILE", os.devnull)

    message = healthy.failed()["queue"]
    assert message.endswith("Set a Region, and credentials that lead to the account of the bot.")


# --- other registries -----------------------------------------------------------------------------

THERE = "222222222222/eu-west-1"
READER = "arn:aws:iam::222222222222:role/model-approvals-read"


def test_without_other_registries_there_is_no_check_of_them(healthy: Deployment) -> None:
    assert [name for name in healthy.run()[1] if name.startswith("registr")] == ["registry"]


def test_another_registry_that_answers_is_ok(healthy: Deployment) -> None:
    healthy.patch.setenv("REGISTRIES", f"{THERE},333333333333/us-east-1")
    exit_code, results = healthy.run()

    assert exit_code == 0
    assert results["registries"].startswith("ok: 2 registries elsewhere: ")
    assert results["registry accounts"].startswith("left out: only a stack tells")
    where = "the registry of account 222222222222 in eu-west-1"
    assert results[f"registry {THERE}"] == f"ok: {where} can be listed, and has no group yet"
    assert "registry 333333333333/us-east-1" in results


def test_a_role_that_only_the_bot_may_assume_is_left_out(healthy: Deployment) -> None:
    healthy.patch.setenv("REGISTRIES", THERE)
    healthy.aws.faults.add("AssumeRole", "AccessDenied")
    exit_code, results = healthy.run()

    assert exit_code == 0
    assert results[f"registry {THERE}"].startswith(f"left out: you may not take {READER}, ")
    assert "ask /model-status" in results[f"registry {THERE}"]


def test_another_registry_that_may_not_be_listed_fails(healthy: Deployment) -> None:
    healthy.patch.setenv("REGISTRIES", THERE)
    deny_the_second_listing(healthy)

    message = healthy.failed()[f"registry {THERE}"]
    assert message.startswith(
        "the registry of account 222222222222 in eu-west-1 cannot be listed: Acc"
    )
    assert "Deploy infra/registry-account.yml there again" in message


def deny_the_second_listing(healthy: Deployment) -> None:
    """The first listing is that of the bot's own registry."""
    take = healthy.aws.faults.take
    listings = iter([None, "AccessDeniedException"])
    healthy.patch.setattr(
        healthy.aws.faults,
        "take",
        lambda called: next(listings) if called == "ListModelPackageGroups" else take(called),
    )


def test_a_misspelled_registry_fails(healthy: Deployment) -> None:
    healthy.patch.setenv("REGISTRIES", "222222222222-eu-west-1")

    message = healthy.failed()
    assert message["registries"].startswith("“222222222222-eu-west-1” is no account and Region")


# --- a stack --------------------------------------------------------------------------------------


@pytest.fixture
def stacked(healthy: Deployment) -> Deployment:
    """The same deployment, of which the environment names nothing: there is only a stack."""
    healthy.patch.setattr(EventsHandler, "test_event_pattern", tried_with_pattern)
    settings = {
        name: healthy.aws.settings[name] for name in (*environment.NEEDED, "DECISION_ROLE_ARN")
    }
    for name in settings:
        healthy.patch.delenv(name)
    make_stack(healthy, settings)
    return healthy


def tried_with_pattern(self: EventsHandler) -> str:
    """moto 5.2 answers nothing to TestEventPattern, but matches events itself."""
    pattern = EventPattern.load(self._get_param("EventPattern"))
    return json.dumps({"Result": pattern.matches_event(json.loads(self._get_param("Event")))})


def make_stack(
    healthy: Deployment, settings: dict[str, str], name: str = STACK, accounts: str = ""
) -> None:
    """The parts of the packaged template that doctor reads."""
    rules = {name: deployment.read().resources[name]["Properties"] for name in event_rules.RULES}
    trust = {"Version": "2012-10-17", "Statement": []}
    template = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {"AssumeRolePolicyDocument": trust},
            },
            stack.WORKER: {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Handler": "handlers.worker.lambda_handler",
                    "Runtime": "python3.13",
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                    "Code": {"ZipFile": "lambda_handler = None"},
                    "Environment": {"Variables": settings},
                },
            },
            **{
                name: {
                    "Type": "AWS::Events::Rule",
                    "Properties": {"EventPattern": raw["EventPattern"], "State": "ENABLED"},
                }
                for name, raw in rules.items()
            },
            queues.UNDELIVERED: {"Type": "AWS::SQS::Queue"},
        },
        "Parameters": {registries.ACCOUNTS: {"Type": "String", "Default": accounts}},
    }
    healthy.aws.client("cloudformation").create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )


def test_doctor_needs_only_the_name_of_a_stack(stacked: Deployment) -> None:
    exit_code, results = stacked.run("--stack", STACK)

    assert exit_code == 0
    assert all(text.startswith("ok: ") for text in results.values())
    for rule in event_rules.RULES:
        assert results[f"rule {rule}"].endswith(" lets through what aws.sagemaker says")


@pytest.mark.parametrize(
    ("accounts", "message"),
    [
        ("222222222222", "ok: the bot may take its roles in 222222222222"),
        ("333333333333", "failed: the bot may take no role in 222222222222. Deploy again with"),
        ("", "failed: the bot may take no role in 222222222222. Deploy again with"),
    ],
)
def test_a_stack_tells_whether_the_bot_may_assume_roles_in_an_account(
    stacked: Deployment, accounts: str, message: str
) -> None:
    settings = {name: stacked.aws.settings[name] for name in environment.NEEDED}
    make_stack(stacked, settings | {"REGISTRIES": THERE}, "other", accounts)

    assert stacked.run("--stack", "other")[1]["registry accounts"].startswith(message)


@pytest.mark.parametrize("rule", event_rules.RULES)
def test_an_event_of_another_source_fails(stacked: Deployment, rule: str) -> None:
    message = stacked.failed("--stack", STACK, "--source", "of.somebody")[f"rule {rule}"]

    assert message.endswith(" lets no event of of.somebody through. Correct infra/events.yml.")


@pytest.mark.parametrize("rule", event_rules.RULES)
def test_a_disabled_event_rule_fails(stacked: Deployment, rule: str) -> None:
    events = stacked.aws.client("events")
    (name,) = [
        raw["Name"] for raw in events.list_rules()["Rules"] if f"{STACK}-{rule}" in raw["Name"]
    ]
    events.disable_rule(Name=name)

    failed = stacked.failed("--stack", STACK)
    assert failed == {
        f"rule {rule}": f"{name} is off. Switch it on: aws events enable-rule --name {name}"
    }


def test_an_undelivered_event_fails(stacked: Deployment) -> None:
    resource = stacked.aws.client("cloudformation").describe_stack_resource(
        StackName=STACK, LogicalResourceId=queues.UNDELIVERED
    )
    url = resource["StackResourceDetail"]["PhysicalResourceId"]
    stacked.aws.client("sqs").send_message(QueueUrl=url, MessageBody="{}")

    assert stacked.failed("--stack", STACK)["undelivered"].startswith(f"1 in {url}. ")


def test_a_missing_stack_is_named(healthy: Deployment) -> None:
    exit_code, out, err = healthy.shell.run("doctor", "--stack", "none")

    assert (exit_code, out) == (2, [])
    assert err.startswith("The stack none cannot be read: ")


def test_the_resources_that_doctor_reads_are_in_the_template() -> None:
    assert {*event_rules.RULES, queues.UNDELIVERED} <= {*resources()}
    assert registries.ACCOUNTS in section("Parameters")
    functions = {f"{name[0].upper()}{name[1:]}LambdaFunction" for name in service()["functions"]}
    assert stack.WORKER in functions


# --- from event to worker -------------------------------------------------------------------------


def test_a_job_that_no_worker_takes_fails(healthy: Deployment) -> None:
    message = healthy.failed("--event", "--patience", "0")["event"]

    assert message.startswith(
        "the queues are not empty after 0 s. The worker's log says why, where it "
    )


def test_a_deployment_that_works_takes_the_job_and_changes_nothing(tmp_path: Path) -> None:
    with running("empty", tmp_path) as world:
        dynamodb, iam = world.client("dynamodb"), world.client("iam")
        dynamodb.update_continuous_backups(
            TableName=world.ledger,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        roles = [role["Arn"] for role in iam.list_roles()["Roles"]]
        (secret,) = world.client("secretsmanager").list_secrets()["SecretList"]
        env = {
            "SLACK_API_URL": f"{world.slack}/api/",
            "AWS_ENDPOINT_URL": world.aws,
            "AWS_DEFAULT_REGION": world.region,
            "AWS_ACCESS_KEY_ID": "of-the-tests",
            "AWS_SECRET_ACCESS_KEY": "none-is-checked-here",
            "LEDGER_TABLE": world.ledger,
            "QUEUE_URL": world.queue_url,
            "CLICK_QUEUE_URL": world.click_queue_url,
            "QUESTION_QUEUE_URL": world.question_queue_url,
            "SLACK_SECRET_ID": secret["ARN"],
            "APPROVALS_FILE": SHIPPED,
            "HOME_REGISTRY": f"{world.account}/{world.region}",
            "DECISION_ROLE_ARN": next(arn for arn in roles if "DecisionRole" in arn),
        }
        done = subprocess.run(
            [sys.executable, "-m", "bot", "doctor", "--event"],
            cwd=ROOT,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )

        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        taken = re.search(r"ok        event: the worker took (\S+) from each queue", done.stdout)
        assert taken
        assert world.logged("Job ignored", arn=taken[1])
        rows = dynamodb.scan(TableName=world.ledger)["Items"]
        assert [row for row in rows if row["pk"]["S"] != CHECKPOINTS] == []
        assert world.state()["messages"] == []
