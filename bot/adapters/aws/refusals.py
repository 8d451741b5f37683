"""
What AWS's error codes mean where they do not pass (`retryable` knows those), for several services.

One code can have several meanings, and only some of them are in its name. What a code means for one
service alone is listed in its adapter: S3 in `evidence_files`, STS in `read_roles` and
`decision_session`, SQS in `job_queue`, Secrets Manager in `slack_secret`, DynamoDB in
`bot.adapters.store.refusals`.

SageMaker declares almost no errors (API model: UpdateModelPackage has ConflictException, the
Describe and List operations have none), so most codes are the common ones:
docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html

    ValidationException          missing, or a name of another Region, a limit that was broken, a
                                 state that does not allow it, possibly a KMS key: the message tells
    AccessDeniedException        no permission: of the role, of the resource, of the organisation,
                                 or for the KMS key; it comes before AWS looks whether there is one
    UnrecognizedClientException  keys that are wrong; or a Region that the account has not enabled
    ConflictException            somebody else changes the same now; or it cannot be changed at all
    ResourceLimitExceeded        a quota of the account: it does not pass by itself
    ThrottlingException          too many calls of this account, or of KMS: `retryable`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.adapters.aws.client import error_code

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

DENIED: Final = frozenset(
    {
        "AccessDenied",  # query and REST protocols: STS, S3
        "AccessDeniedException",  # JSON protocols: SageMaker, SQS, DynamoDB, Secrets Manager
    }
)
"""
The codes of a missing permission. They do not say that the thing exists (S3, GetObject: "if you
don't have the s3:ListBucket permission, Amazon S3 returns ... 403"), nor which permission is
missing: that for the KMS key has the same code (KMS developer guide, "Key access").
"""
INVALID: Final = "ValidationException"
"""SageMaker's code for whatever it does not take; only some of it is missing (`is_missing`)."""
_MISSING: Final = re.compile(
    # DescribeModelPackage, UpdateModelPackage: "ModelPackage arn:... does not exist."
    r"model ?package\b.* does not exist\.?"
    # DescribeEndpoint, DescribeEndpointConfig, DescribeModel: 'Could not find model "arn:..."'
    r"|(?:could not|cannot) find (?:endpoint configuration|endpoint|model) .*",
    re.IGNORECASE | re.DOTALL,
)
"""
The messages of what does not exist. AWS's Kubernetes controller, which runs against AWS, tells them
by the same words (aws-controllers-k8s/sagemaker-controller, generator.yaml, `exceptions`), and so
does Terraform's provider (internal/service/sagemaker).

Others have the same code: "ARN should be scoped to correct region: us-west-2"
(aws/amazon-sagemaker-examples#1438), "1 validation error detected: ...", "The requested resource
was not found. Please check the capitalization ..." (aws/amazon-sagemaker-feedback#232).
"""


def is_missing(error: ClientError) -> bool:
    """Return whether SageMaker says that what it was asked for does not exist."""
    message = error.response.get("Error", {}).get("Message", "")
    return error_code(error) == INVALID and bool(_MISSING.fullmatch(message))
