"""
5, 14. Who calls: the identity behind an access key, and the source identity of a session.

moto's STS drops SourceIdentity. Model: AssumeRoleResponse has it, and so has IamIdentity, "the
person or application which assumes the IAM identity".
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.sagemaker.exceptions import ValidationError
from moto.sts import urls as sts_urls
from moto.sts.exceptions import STSValidationError
from moto.sts.models import STSBackend, sts_backends
from moto.sts.responses import TokenResponse

from infra.local.registry.limits import validate
from infra.local.registry.service_model import input_shape

if TYPE_CHECKING:
    from collections.abc import Mapping


def user_context(headers: Mapping[str, str], account: str, partition: str) -> dict[str, Any]:
    """
    5. Name who signed a request with these *headers*.

    moto writes down a Studio user of its own. Model: UserContext.IamIdentity, which exists for
    "model package groups, model packages, project entities" and hubs. Read from the signature,
    because moto takes only twenty capitals and digits for a key. Assumed: no Studio profile.
    """
    signed = re.search(r"Credential=([^/,]+)/", headers.get("Authorization", ""))
    key = signed[1] if signed else "anonymous"
    return {"IamIdentity": _iam_identity(key, account, partition)}


def _iam_identity(key: str, account: str, partition: str) -> dict[str, str]:
    """
    5. Return a role's session or a user that moto has; else a user called like the key.

    The principal is the key where AWS has an id (AROA..., AIDA...), because moto makes up a new
    one each time it is asked.
    """
    sessions = cast("Sessions", sts_backends[account][partition])
    if session := sessions.get_assumed_role_from_access_key(key):
        identity = {"Arn": session.arn, "PrincipalId": f"{key}:{session.session_name}"}
        return identity | sessions.source_identity(key)
    user = iam_backends[account][partition].get_user_from_access_key_id(key)
    if user:
        return {"Arn": user.arn, "PrincipalId": user.id}
    return {"Arn": f"arn:{partition}:iam::{account}:user/{key}", "PrincipalId": key}


class Sessions(STSBackend):
    """14. moto's STS, which keeps the source identity of each session."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.source_identities: dict[str, str] = {}
        """By access key. Assumed: a session that was given none has none."""

    @property
    def _url_module(self) -> Any:
        """Return moto's urls, answered by the corrected API; moto looks for them here."""
        paths = dict.fromkeys(sts_urls.url_paths, SessionsApi.dispatch)
        return SimpleNamespace(url_bases=sts_urls.url_bases, url_paths=paths)

    def source_identity(self, key: str) -> dict[str, str]:
        """Return the source identity of the session with this access key, as AWS writes it."""
        identity = self.source_identities.get(key)
        return {"SourceIdentity": identity} if identity else {}


class SessionsApi(TokenResponse):
    """moto's STS API, of which AssumeRole is corrected here."""

    def assume_role(self) -> ActionResult:
        """
        9, 14. Keep the source identity, and refuse names that the model does not allow.

        moto checks one length, and botocore the lengths only. Model: AssumeRoleRequest.
        """
        self._check_limits()
        answer = cast("dict[str, Any]", super().assume_role().result)
        role = answer["Credentials"]
        sessions = cast("Sessions", sts_backends[role.account_id][self.partition])
        if identity := self._get_param("SourceIdentity"):
            sessions.source_identities[role.access_key_id] = identity
        return ActionResult(answer | sessions.source_identity(role.access_key_id))

    def _check_limits(self) -> None:
        try:
            validate(input_shape("sts", "AssumeRole"), self.params)
        except ValidationError as error:
            raise STSValidationError(error.message) from error  # AWS's name for it in STS
