"""
The decision role: AWS's own records name the person who decided.

Each decision is made in a session of its own. Its source identity is the Slack user id, and its
name has the decision's id: CloudTrail keeps both with the call, and the registry shows them as
LastModifiedBy until the next change. What is decided, and by which rule, is not known here.

What the codes of AssumeRole mean is listed in `read_roles`.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from bot.adapters.aws.client import error_code, retryable_is_unavailable
from bot.adapters.aws.refusals import DENIED
from bot.core.errors import Declined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import boto3

    from bot.adapters.aws.sessions import Sessions
    from bot.core.votes.vote import Decision

_logger: Final = Logger(child=True)

_DURATION: Final = 900
"""Seconds: STS gives no shorter session (API model, AssumeRole), and one call needs no longer."""
_NAME_LIMIT: Final = 64
_NOT_IN_A_NAME: Final = re.compile(r"[^\w+=,.@-]", re.ASCII)
"""What RoleSessionName may not hold (API model, AssumeRole)."""


class DecisionSessions:
    """
    Makes, for each decision, a client that acts in the role *role_arn* in the decider's name.

    *make_client* makes it from the session's credentials, as STS writes them.
    """

    def __init__(
        self, sts: Any, role_arn: str, make_client: Callable[[Mapping[str, str]], Any]
    ) -> None:
        self._sts = sts
        self._role_arn = role_arn
        self._make_client = make_client

    def __call__(self, decision: Decision) -> Any:
        """Make it for *decision*. Raises Unavailable if STS is busy, Declined if it refuses."""
        try:
            with retryable_is_unavailable():
                response = self._assume_role(decision)
        except ClientError as error:
            if error_code(error) not in DENIED:
                raise
            _logger.exception("STS declined a decision", extra={"decision": decision.id})
            reason = f"{error_code(error)}: the bot may not take {self._role_arn}"
            raise Declined(reason) from error
        return self._make_client(response["Credentials"])

    def _assume_role(self, decision: Decision) -> Any:
        return self._sts.assume_role(
            RoleArn=self._role_arn,
            RoleSessionName=session_name(decision),
            SourceIdentity=decision.by.id,
            DurationSeconds=_DURATION,
        )


def session_name(decision: Decision) -> str:
    """Name the session for *decision*, as STS takes it."""
    return _NOT_IN_A_NAME.sub("-", f"approval-{decision.id}")[:_NAME_LIMIT]


def client_like(session: boto3.Session, other: Any, credentials: Mapping[str, str]) -> Any:
    """Make a client of *session* that is like *other*, but acts with *credentials*."""
    return session.client(
        other.meta.service_model.service_name,
        region_name=other.meta.region_name,
        endpoint_url=other.meta.endpoint_url,
        config=other.meta.config,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def decision_sessions(sessions: Sessions, role_arn: str, sagemaker: Any) -> DecisionSessions:
    """Make decisions in the role *role_arn*, with clients like *sagemaker*."""
    # STS is asked in the bot's own Region: that is botocore's default, and a test holds it to it.
    make_client = partial(client_like, sessions.own, sagemaker)
    return DecisionSessions(sessions.client("sts"), role_arn, make_client)
