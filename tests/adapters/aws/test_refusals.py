"""What SageMaker's messages mean: one code for what is missing and for whatever else."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from bot.adapters.aws.refusals import is_missing


def refusal(message: str, code: str = "ValidationException") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeModelPackage")


@pytest.mark.parametrize(
    "message",
    [
        "ModelPackage arn:aws:sagemaker:us-west-2:1:model-package/jina does not exist.",
        "ModelPackage arn:aws:sagemaker:us-west-2:1:model-package/jina/3 does not exist",
        'Could not find endpoint "arn:aws:sagemaker:us-west-2:1:endpoint/test-endpoint".',
        'Could not find endpoint configuration "arn:aws:sagemaker:us-west-2:1:endpoint-config/x".',
        'Could not find model "arn:aws:sagemaker:us-west-2:1:model/x".',
        'Cannot find model "arn:aws:sagemaker:us-west-2:1:model/x".',
    ],
)
def test_a_message_that_says_so_means_missing(message: str) -> None:
    assert is_missing(refusal(message))
    assert not is_missing(refusal(message, "AccessDeniedException"))


@pytest.mark.parametrize(
    "message",
    [
        "",
        "ARN should be scoped to correct region: us-west-2",
        "1 validation error detected: Value 'x' at 'modelPackageName' failed to satisfy constraint",
        "The requested resource was not found. Please check the capitalization of the resource.",
        "Key 'arn:aws:kms:us-west-2:1:key/2' does not exist",
        "Could not find the KMS key of the model package",
        "Cannot update endpoint 'arn:aws:sagemaker:us-west-2:1:endpoint/x' at this status.",
    ],
)
def test_no_other_message_does(message: str) -> None:
    assert not is_missing(refusal(message))
