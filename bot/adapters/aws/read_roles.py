"""
The roles that another account lends the bot (infra/registry-account.yml): one to look, one to
decide.

A session in the read role is kept, and botocore takes a new one before it ends. That of the
decision role is for one decision, and made by `decider`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.loaders
import botocore.session
from aws_lambda_powertools import Logger
from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import ClientError

from bot.adapters.aws.client import DENIED, code, retryable_is_unavailable
from bot.core.errors import Forbidden

if TYPE_CHECKING:
    from bot.core.registry.registry_id import RegistryId

_logger: Final = Logger(child=True)

READ: Final = "model-approvals-read"
DECIDE: Final = "model-approvals-decide"
_SESSION: Final = "model-approvals"


def role_at(site: RegistryId, name: str, partition: str) -> str:
    """The ARN of the role *name* in the account of *site*."""
    return f"arn:{partition}:iam::{site.partition('/')[0]}:role/{name}"


def session_at(sts: Any, site: RegistryId) -> boto3.Session:
    """A session at *site*, in the read role there, which is taken when it is first needed."""
    ours = botocore.session.get_session()
    ours.register_component("data_loader", _loader())
    reader = _Reader(sts, role_at(site, READ, sts.meta.partition))
    ours.register_component("credential_provider", CredentialResolver([reader]))
    return boto3.Session(botocore_session=ours, region_name=site.partition("/")[2])


@cache
def _loader() -> Any:
    """What reads AWS's service models, which are large: once for all sites."""
    return botocore.loaders.create_loader()


class _Reader(CredentialProvider):
    """Credentials of the read role *role_arn*, which renew themselves."""

    METHOD = "assume-role"

    def __init__(self, sts: Any, role_arn: str) -> None:
        super().__init__()
        self._sts = sts
        self._role_arn = role_arn

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._taken, self.METHOD)

    def _taken(self) -> dict[str, str]:
        """
        New credentials, as botocore wants them.

        Raises Unavailable if STS is busy, Forbidden if it says no: out of whatever call needs
        them.
        """
        try:
            with retryable_is_unavailable():
                raw = self._sts.assume_role(RoleArn=self._role_arn, RoleSessionName=_SESSION)
        except ClientError as error:
            if code(error) not in DENIED:
                raise
            raise Forbidden(f"the bot may not take the role {self._role_arn}") from error
        found = raw["Credentials"]
        return {
            "access_key": found["AccessKeyId"],
            "secret_key": found["SecretAccessKey"],
            "token": found["SessionToken"],
            "expiry_time": found["Expiration"].isoformat(),
        }
