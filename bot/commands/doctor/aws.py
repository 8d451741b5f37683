"""What of AWS a deployment needs: the line, the table, the registry and the decision role."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code
from bot.adapters.aws.sessions import Sessions
from bot.adapters.store import items
from bot.commands.doctor.check_result import CheckResult, Failed, LeftOut, examine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEYS: Final = ["pk", "sk"]
_DEPLOY: Final = "Deploy again, from this version of the code."
_REDRIVE: Final = (
    "The worker's log says why. When that is mended, send them back: "
    "aws sqs start-message-move-task --source-arn {}"
)
_RECOVERY: Final = (
    "Deploy again, or switch it on: aws dynamodb update-continuous-backups --table-name {} "
    "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
)


def all_of(environment: Mapping[str, str]) -> Iterator[CheckResult]:
    """One result after the other, for what *environment* names."""
    line = environment.get("QUEUE_URL", "")
    table = environment.get("LEDGER_TABLE", "")
    role = environment.get("DECISION_ROLE_ARN")
    yield examine("line", lambda: look_at_line(line))
    yield examine("dead letters", lambda: look_at_dead_letters(line))
    yield examine("table", lambda: look_at_table(table))
    yield examine("backups", lambda: look_at_backups(table))
    yield examine("registry", look_at_registry)
    yield examine("decision role", lambda: look_at_role(role))


def look_at_account() -> str:
    """Whose credentials these are, and where they lead."""
    sts = Sessions().client("sts")
    who = sts.get_caller_identity()
    return f"{who['Account']} in {sts.meta.region_name}, as {who['Arn']}"


def look_at_line(url: str) -> str:
    """How many wait in the line at *url*."""
    line = _set(url, "QUEUE_URL")
    said = attributes(Sessions().client("sqs"), line)
    return f"{said['QueueArn']}, {waiting(said)} waiting"


def look_at_dead_letters(url: str) -> str:
    """Whether messages of the line at *url* were given up."""
    line = _set(url, "QUEUE_URL")
    sqs = Sessions().client("sqs")
    said = attributes(sqs, line)
    if "RedrivePolicy" not in said:
        raise Failed("the line has no queue for them", _DEPLOY)
    arn = json.loads(said["RedrivePolicy"])["deadLetterTargetArn"]
    account, name = arn.split(":")[4:6]
    there = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
    if many := waiting(attributes(sqs, there)):
        raise Failed(f"{many} in {name}", _REDRIVE.format(arn))
    return f"none in {name}"


def look_at_table(name: str) -> str:
    """Whether the ledger *name* is there, with the keys that the bot writes."""
    table = _set(name, "LEDGER_TABLE")
    found = Sessions().client("dynamodb").describe_table(TableName=table)["Table"]
    keys = [key["AttributeName"] for key in found["KeySchema"]]
    indexes = [index["IndexName"] for index in found.get("GlobalSecondaryIndexes", ())]
    if found["TableStatus"] not in {"ACTIVE", "UPDATING"}:
        raise Failed(
            f"{name} is {found['TableStatus']}", "Wait until it is there, or deploy again."
        )
    if keys != KEYS or items.INDEX not in indexes:
        raise Failed(f"{name} has the keys {keys} and the indexes {indexes}", _DEPLOY)
    return f"{name}, {found.get('ItemCount', 0)} items some hours ago"


def look_at_backups(name: str) -> str:
    """Whether the ledger *name* can be put back to how it was."""
    table = _set(name, "LEDGER_TABLE")
    found = Sessions().client("dynamodb").describe_continuous_backups(TableName=table)
    state = found["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if state.get("PointInTimeRecoveryStatus") != "ENABLED":
        raise Failed(f"point-in-time recovery of {name} is off", _RECOVERY.format(name))
    return f"point-in-time recovery of {name} is on"


def look_at_registry() -> str:
    """Whether the registry can be listed."""
    sagemaker = Sessions().client("sagemaker")
    found = sagemaker.list_model_package_groups(MaxResults=1)["ModelPackageGroupSummaryList"]
    where = f"the registry of {sagemaker.meta.region_name}"
    return f"{where} can be listed" + ("" if found else ", and has no group yet")


def look_at_role(arn: str | None) -> str:
    """
    Whether the decision role *arn* is there and trusts a worker that is there as well.

    It is read, not taken: it must trust nobody but the worker, so that this command, refused,
    would prove nothing.
    """
    if arn is None:
        raise LeftOut("DECISION_ROLE_ARN is not set; it would be empty where there is none")
    if not arn:
        return "switched off: the worker decides in its own name"
    name = arn.rpartition("/")[2]
    try:
        role = Sessions().client("iam").get_role(RoleName=name)["Role"]
    except ClientError as error:
        if error_code(error) != "NoSuchEntity":
            raise
        raise Failed(
            f"there is no role {name}", f"No decision can be carried out. {_DEPLOY}"
        ) from error
    trusted = list(_trusted(role["AssumeRolePolicyDocument"]))
    if not trusted:
        raise Failed(f"{name} trusts nobody to set a source identity", _DEPLOY)
    # IAM shows the id of a role instead of its ARN once that role was deleted.
    if gone := [who for who in trusted if ":role/" not in who]:
        raise Failed(f"{name} trusts {gone[0]}, which is no role that is there", _DEPLOY)
    return f"{name} trusts {', '.join(who.rpartition('/')[2] for who in trusted)}"


def _trusted(policy: Any) -> Iterator[str]:
    """Who may assume a role in somebody's name."""
    policy = json.loads(unquote(policy)) if isinstance(policy, str) else policy
    for each in _listed(policy["Statement"]):
        may = {*_listed(each.get("Action", []))} if each["Effect"] == "Allow" else set()
        if may >= {"sts:AssumeRole", "sts:SetSourceIdentity"}:
            who = each["Principal"]
            yield from [who] if isinstance(who, str) else _listed(who.get("AWS", []))


def _listed(one_or_many: Any) -> list[Any]:
    return one_or_many if isinstance(one_or_many, list) else [one_or_many]


def attributes(sqs: Any, url: str) -> dict[str, str]:
    """All that SQS says of the queue at *url*."""
    found: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])[
        "Attributes"
    ]
    return found


def waiting(said: Mapping[str, str]) -> int:
    """How many messages are in a queue, those in work and those that come later as well."""
    kinds = ("", "NotVisible", "Delayed")
    return sum(int(said.get(f"ApproximateNumberOfMessages{kind}", 0)) for kind in kinds)


def _set(value: str, name: str) -> str:
    if not value:
        raise LeftOut(f"{name} is not set")
    return value
