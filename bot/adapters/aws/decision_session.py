"""
The decision role: AWS's own records name the person who decided.

Each decision is made in a session of its own. Its source identity is the Slack user id and its
name carries the decision's id: CloudTrail keeps both with the call, and the registry shows them
as LastModifiedBy until the next change. What is decided, and by which rule, is not known here.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import boto3
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from bot.adapters.aws.client import DENIED, client, code, retryable_is_unavailable
from bot.core.errors import Declined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.core.votes.vote import Decision

_logger: Final = Logger(child=True)

_SECONDS: Final = 900
"""STS gives no shorter session, and one call needs no longer one."""
_LONGEST_NAME: Final = 64
_NOT_IN_A_NAME: Final = re.compile(r"[^\w+=,.@-]", re.ASCII)


class DecisionSessions:
    """
    Makes, for each decision, a SageMaker client that acts as its maker, in the role *role_arn*.

    *make_client* makes it of the session's credentials, as STS writes them.
    """

    def __init__(
        self, sts: Any, role_arn: str, make_client: Callable[[Mapping[str, str]], Any]
    ) -> None:
        self._sts = sts
        self._role_arn = role_arn
        self._make_client = make_client

    def __call__(self, decision: Decision) -> Any:
        """The client for *decision*. Raises Unavailable if STS is busy, Declined if it says no."""
        try:
            with retryable_is_unavailable():
                session = self._session(decision)
        except ClientError as error:
            if code(error) not in DENIED:
                raise
            _logger.exception("STS declined a decision", extra={"decision": decision.id})
            raise Declined(f"{code(error)}: the bot may not take {self._role_arn}") from error
        return self._make_client(session["Credentials"])

    def _session(self, decision: Decision) -> Any:
        return self._sts.assume_role(
            RoleArn=self._role_arn,
            RoleSessionName=session_name(decision),
            SourceIdentity=decision.by.id,
            DurationSeconds=_SECONDS,
        )


def decision_sessions(sagemaker: Any, role_arn: str) -> DecisionSessions | None:
    """The decider for *role_arn*, with clients like *sagemaker*; none, if there is no such role."""
    # STS is asked in the bot's own Region: that is botocore's default, and a test holds it to it.
    return DecisionSessions(client("sts"), role_arn, partial(like, sagemaker)) if role_arn else None


def session_name(decision: Decision) -> str:
    """What the session for *decision* is called."""
    return _NOT_IN_A_NAME.sub("-", f"approval-{decision.id}")[:_LONGEST_NAME]


def like(other: Any, credentials: Mapping[str, str]) -> Any:
    """A client of the same service, at the same place and as patient as *other*."""
    return boto3.client(
        other.meta.service_model.service_name,
        region_name=other.meta.region_name,
        endpoint_url=other.meta.endpoint_url,
        config=other.meta.config,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
