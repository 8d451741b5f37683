"""
What goes into the archive that Lambda gets: what runs, and no more.

Names in, names out. It knows how the libraries lay out their files, and touches none of them.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OURS: Final = ("bot/*.py", "handlers/*.py", "infra/approvals.yml")
SERVICES: Final = frozenset({"sagemaker", "dynamodb", "sqs", "s3", "secretsmanager", "sts"})
"""Those that we call. A client cannot be made for a service whose data is left out."""
LEFT_OUT: Final = (
    # For a terminal; no function imports them.
    "bot/__main__.py",
    "bot/commands/*",
    # What some Python left beside its sources; the archive's own bytecode is made for it.
    "*.pyc",
    # For those who write and check code, and for C.
    "*.pyi",
    "*.pxd",
    "*/py.typed",
    "*/tests/*",
    # For a terminal and for browsers.
    "bin/*",
    "*.js",
    "*.css",
    # For other ways to call a function, and to read what it is called with.
    "aws_lambda_powertools/event_handler/*",
    "aws_lambda_powertools/utilities/auth_alpha/*",
    "aws_lambda_powertools/utilities/circuit_breaker/*",
    "aws_lambda_powertools/utilities/data_masking/*",
    "aws_lambda_powertools/utilities/feature_flags/*",
    "aws_lambda_powertools/utilities/idempotency/*",
    "aws_lambda_powertools/utilities/kafka/*",
    "aws_lambda_powertools/utilities/parser/*",
    "aws_lambda_powertools/utilities/streaming/*",
    "aws_lambda_powertools/utilities/validation/*",
    # For other ways to be called by Slack, and for parts of Slack that we do not call.
    "slack_bolt/adapter/*",
    "slack_sdk/audit_logs/*",
    "slack_sdk/rtm/*",
    "slack_sdk/rtm_v2/*",
    "slack_sdk/scim/*",
    "slack_sdk/socket_mode/*",
    "slack_sdk/web/async_*",
    "slack_sdk/web/legacy_*",
    "slack/*",
    # Examples for botocore's manual.
    "botocore/data/*/examples-1.json",
    "*.dist-info/*",
)
KEPT: Final = ("*.dist-info/METADATA",)
"""Name and version: importlib.metadata reads it, and so do scanners that look for weak spots."""
_DATA: Final = re.compile(
    r"(?P<service>(?:botocore|boto3)/data/(?P<name>[^/]+))/(?P<version>[^/]+)/.+"
)


def ours(names: Iterable[str]) -> list[str]:
    """Those of our own files that run, in order."""
    return sorted(name for name in names if _fits(name, OURS) and _runs(name))


def libraries(names: Iterable[str]) -> list[str]:
    """Those of the libraries' files that run, in order."""
    running = [name for name in names if _runs(name)]
    newest = dict(sorted(_versions(running)))
    return sorted(name for name in running if _is_called(name, newest))


def _runs(name: str) -> bool:
    return _fits(name, KEPT) or not _fits(name, LEFT_OUT)


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _versions(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each version of a service's API that there is data of; they are named by their dates."""
    for name in names:
        if found := _DATA.fullmatch(name):
            yield found["service"], found["version"]


def _is_called(name: str, newest: dict[str, str]) -> bool:
    """Whether this is no data of a service, or the newest of one that we call."""
    found = _DATA.fullmatch(name)
    if found is None:
        return True
    return found["name"] in SERVICES and found["version"] == newest[found["service"]]
