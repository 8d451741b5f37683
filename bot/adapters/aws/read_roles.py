"""
The two roles in the account of another registry (infra/registry-account.yml): read and decide.

A session in the read role is kept, and botocore renews its credentials before they end. The
decision role is taken once for each decision (`decision_session`).

What the codes of AssumeRole mean (API model, and API_AssumeRole and CommonErrors in
docs.aws.amazon.com/STS/latest/APIReference):

    AccessDenied             no such role, since STS does not tell; or its trust policy, the bot's
                             policy or the organisation's denies it. A read is Forbidden, a decision
                             is Declined
    ExpiredTokenException    the bot's own keys are too old: `retryable`
    Throttling, 5xx          `retryable`
    RegionDisabledException  STS is off in the Region that was asked. It is the bot's own, where the
                             bot runs: raised as it is
    ValidationError, PackedPolicyTooLarge, MalformedPolicyDocument
                             a call that no retry mends: raised as it is, until the code is mended
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.aws.refusals import DENIED
from bot.core.errors import Forbidden

if TYPE_CHECKING:
    from bot.core.registry.registry_id import RegistryId

READ: Final = "model-approvals-read"
DECIDE: Final = "model-approvals-decide"
_SESSION_NAME: Final = "model-approvals"


def role_arn(registry_id: RegistryId, name: str, partition: str) -> str:
    """Return the ARN of the role *name* in the account of the registry."""
    return f"arn:{partition}:iam::{registry_id.partition('/')[0]}:role/{name}"


def read_role_credentials(sts: Any, registry_id: RegistryId) -> CredentialResolver:
    """Return what gives botocore credentials in the read role of the registry."""
    arn = role_arn(registry_id, READ, sts.meta.partition)
    return CredentialResolver([_AssumedRole(sts, arn)])


class _AssumedRole(CredentialProvider):
    """Credentials in the role *role_arn*, taken on first use, which renew themselves."""

    METHOD = "assume-role"

    def __init__(self, sts: Any, role_arn: str) -> None:
        super().__init__()
        self._sts = sts
        self._role_arn = role_arn

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._assume_role, self.METHOD)

    def _assume_role(self) -> dict[str, str]:
        """
        Return new credentials, in botocore's form (`RefreshableCredentials`).

        Raises Unavailable if STS is busy, Forbidden if it refuses the role. Both come out of
        whichever call needs the credentials.
        """
        try:
            with retryable_is_unavailable():
                response = self._sts.assume_role(
                    RoleArn=self._role_arn, RoleSessionName=_SESSION_NAME
                )
        except ClientError as error:
            if error_code(error) not in DENIED:
                raise
            raise Forbidden(f"the bot may not take the role {self._role_arn}") from error
        credentials = response["Credentials"]
        return {
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
            "token": credentials["SessionToken"],
            "expiry_time": credentials["Expiration"].isoformat(),
        }
