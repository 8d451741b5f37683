"""5, 14. Who is named as the one who created or changed a package."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.registry.calls import ACCOUNT, MODEL, ROLE, Json, a_version, client, described


def test_the_caller_is_named(registry: Any) -> None:
    arn = a_version(registry)
    client("sagemaker", "AKIDbob", "secret").update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Approved"
    )

    package = described(registry, arn)
    ann, bob = (f"arn:aws:iam::{ACCOUNT}:user/{key}" for key in ("AKIDann", "AKIDbob"))
    assert package["CreatedBy"] == {"IamIdentity": {"Arn": ann, "PrincipalId": "AKIDann"}}
    assert package["LastModifiedBy"] == {"IamIdentity": {"Arn": bob, "PrincipalId": "AKIDbob"}}


def test_a_role_is_named_with_its_session(registry: Any) -> None:
    arn = a_version(registry)
    role = f"arn:aws:iam::{ACCOUNT}:role/approvals"
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="U012ABC")["Credentials"]
    bot = client("sagemaker", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    bot.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    who = described(registry, arn)["LastModifiedBy"]["IamIdentity"]
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/approvals/U012ABC"
    assert who["PrincipalId"].endswith(":U012ABC")


def test_a_user_that_iam_knows_is_named(registry: Any) -> None:
    user = client("iam").create_user(UserName="carol")["User"]
    keys = client("iam").create_access_key(UserName="carol")["AccessKey"]

    arn = a_version(client("sagemaker", keys["AccessKeyId"], keys["SecretAccessKey"]))

    who = described(registry, arn)["CreatedBy"]["IamIdentity"]
    assert who == {"Arn": user["Arn"], "PrincipalId": user["UserId"]}


def a_session(name: str = "approval-1", **more: Any) -> Json:
    answer: Json = client("sts").assume_role(RoleArn=ROLE, RoleSessionName=name, **more)
    return answer


def of_session(session: Json) -> Any:
    keys = session["Credentials"]
    return client("sagemaker", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def test_a_session_is_named_with_its_source_identity(registry: Any) -> None:
    arn = a_version(registry)
    session = a_session(SourceIdentity="U0ANA00000")
    of_session(session).update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    who = described(registry, arn)["LastModifiedBy"]["IamIdentity"]
    assert session["SourceIdentity"] == who["SourceIdentity"] == "U0ANA00000"
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/decisions/approval-1"
    assert who.keys() == MODEL.shape_for("IamIdentity").members.keys()


def test_each_session_has_a_source_identity_of_its_own(registry: Any) -> None:
    arn = a_version(registry)
    ana, ben = (of_session(a_session(SourceIdentity=identity)) for identity in ("U0ANA", "U0BEN"))
    identities = []
    for caller in (ben, ana):
        caller.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
        identities.append(
            described(registry, arn)["LastModifiedBy"]["IamIdentity"]["SourceIdentity"]
        )

    assert identities == ["U0BEN", "U0ANA"]


def test_a_session_without_a_source_identity_has_none(registry: Any) -> None:
    session = a_session()
    arn = a_version(of_session(session))

    assert "SourceIdentity" not in session
    assert "SourceIdentity" not in described(registry, arn)["CreatedBy"]["IamIdentity"]


def test_a_call_without_a_role_has_no_source_identity(registry: Any) -> None:
    a_session(SourceIdentity="U0ANA00000")
    arn = a_version(registry)

    assert "SourceIdentity" not in described(registry, arn)["CreatedBy"]["IamIdentity"]


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"SourceIdentity": "Ana Silva"}, "sourceIdentity"),
        ({"SourceIdentity": "U"}, "sourceIdentity"),
        ({"SourceIdentity": "U" * 65}, "sourceIdentity"),
        ({"name": "approval of 1"}, "roleSessionName"),
        ({"name": "a" * 65}, "roleSessionName"),
        ({"DurationSeconds": 60}, "durationSeconds"),
    ],
)
def test_sts_keeps_the_limits_of_its_model(sent: Json, place: str) -> None:
    with pytest.raises(ClientError, match=f"at '{place}' failed to satisfy") as refused:
        a_session(**sent)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
