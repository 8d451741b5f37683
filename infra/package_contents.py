"""
The files that go into the archive for Lambda: what runs, and no more.

Names in, names out. This file depends on how the libraries lay out their files, and opens none.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OWN: Final = ("bot/*.py", "handlers/*.py", "infra/approvals.yml")
SERVICES: Final = frozenset({"sagemaker", "dynamodb", "sqs", "s3", "secretsmanager", "sts"})
"""The services that we call. No client can be made for one whose data is left out."""
LEFT_OUT: Final = (
    # For a terminal; no function imports them.
    "bot/__main__.py",
    "bot/commands/*",
    # Bytecode of some Python; the archive gets its own.
    "*.pyc",
    # For type checkers, for C, and for tests.
    "*.pyi",
    "*.pxd",
    "*/py.typed",
    "*/tests/*",
    # For a terminal and for browsers.
    "bin/*",
    "*.js",
    "*.css",
    # For other kinds of events and features of functions.
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
    # For other ways to receive from Slack, and for parts of its API that we do not call.
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
"""Name and version: importlib.metadata reads it, and so do vulnerability scanners."""
_DATA: Final = re.compile(
    r"(?P<service>(?:botocore|boto3)/data/(?P<name>[^/]+))/(?P<version>[^/]+)/.+"
)


def own_files(names: Iterable[str]) -> list[str]:
    """Return those of our own files that run, in order."""
    return sorted(name for name in names if _matches(name, _OWN) and _runs(name))


def library_files(names: Iterable[str]) -> list[str]:
    """Return those of the libraries' files that run, in order."""
    running = [name for name in names if _runs(name)]
    newest = dict(sorted(_versions(running)))
    return sorted(name for name in running if _is_needed(name, newest))


def _runs(name: str) -> bool:
    return _matches(name, KEPT) or not _matches(name, LEFT_OUT)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _versions(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each service and version of its API that there is data of; versions are dates."""
    for name in names:
        if match := _DATA.fullmatch(name):
            yield match["service"], match["version"]


def _is_needed(name: str, newest: dict[str, str]) -> bool:
    """Whether this is no data of a service, or the newest of one that we call."""
    match = _DATA.fullmatch(name)
    if match is None:
        return True
    return match["name"] in SERVICES and match["version"] == newest[match["service"]]
