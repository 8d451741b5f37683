"""
Links from a card to what it names: evidence in S3, the group in Studio, the commit in git.

Pure functions of data that AWS and pipelines wrote. Each part is checked or escaped, so a link can
only lead to the console, to Studio or to the repository. Without certainty, there is none.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Final

from bot.core.registry.registry_id import split_group_name
from bot.core.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.core.registry.version import DescribedVersion

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_COMMERCIAL: Final = re.compile(r"(?!cn-)[a-z]{2}-[a-z]+-[0-9]{1,2}")
_CONSOLES: Final = (
    (_COMMERCIAL, "console.aws.amazon.com"),
    (re.compile(r"cn-[a-z]+-[0-9]{1,2}"), "console.amazonaws.cn"),
    (re.compile(r"us-gov-[a-z]+-[0-9]{1,2}"), "console.amazonaws-us-gov.com"),
)
"""The host of the console in each partition that we know it of, by the names of its Regions."""
_DOMAIN: Final = re.compile(r"d-[a-z0-9]{1,61}")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)
_ADDRESS: Final = re.compile(
    r"https://(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?)(?P<path>(/[^?#]*)?)", re.IGNORECASE
)
_UNRESERVED: Final = frozenset(f"{ascii_letters}{digits}-._~/")
_COMMIT_KEYS: Final = ("git-commit", "commit-id", "commit")
_REPOSITORY_KEYS: Final = ("git-repository", "repository")
"""Entries of metadata that name the commit and the repository; `_` counts as `-`."""
_PATHS: Final = (("gitlab", "-/commit"), ("bitbucket.org", "commits"), ("github", "commit"))
"""Where a commit is below its repository, by what the host is called."""


def s3_object(uri: str, region: str) -> str:
    """
    Return the address of the object *uri* in the S3 console of *region*; empty if there is none.

    The form is that of the console itself: /s3/object/BUCKET?region=REGION&prefix=KEY.
    """
    scheme, _, path = uri.partition("://")
    bucket, _, key = path.partition("/")
    host = _console(region)
    if scheme != "s3" or not key or not host or not _BUCKET.fullmatch(bucket):
        return ""
    return f"https://{region}.{host}/s3/object/{bucket}?region={region}&prefix={_quoted(key)}"


def _console(region: str) -> str:
    return next((host for regions, host in _CONSOLES if regions.fullmatch(region)), "")


def studio(version: DescribedVersion) -> str:
    """
    Return the address of the versions of *version*'s group in Studio; empty if it is not known.

    Studio is at an address of its own in each SageMaker domain, and a version names one only if it
    was registered there. No source gives an address of a group in SageMaker's own console.
    """
    if not _DOMAIN.fullmatch(version.domain) or not _COMMERCIAL.fullmatch(version.region):
        return ""
    _, group = split_group_name(version.group)
    host = f"studio-{version.domain}.studio.{version.region}.sagemaker.aws"
    return f"https://{host}/models/registered-models/{_quoted(group)}/versions"


def commit(version: DescribedVersion) -> tuple[str, str]:
    """
    Return the commit that *version* was made from and its address; each is empty if not known.

    From MetadataProperties, else from metadata. A repository that is no https address, or that has
    a user in it, is not linked; one on an unknown kind of host is linked without the commit.
    """
    name = one_line(version.commit or _entry(version.metadata, _COMMIT_KEYS))
    address = version.repository or _entry(version.metadata, _REPOSITORY_KEYS)
    host, path = _https(address.strip().removesuffix("/").removesuffix(".git"))
    if not host or not _COMMIT.fullmatch(name):
        return name, ""
    below = next((f"/{below}/{name}" for kind, below in _PATHS if kind in host.lower()), "")
    return name, f"https://{host}{path}{below}"


def _entry(metadata: Mapping[str, str], keys: tuple[str, ...]) -> str:
    by_key = {key.lower().replace("_", "-"): value for key, value in metadata.items()}
    return next((by_key[key] for key in keys if by_key.get(key)), "")


def _https(address: str) -> tuple[str, str]:
    """Return the host and the escaped path of *address*, if it is one of https; else nothing."""
    parts = _ADDRESS.fullmatch(address)
    return (parts["host"], _quoted(parts["path"])) if parts else ("", "")


def _quoted(text: str) -> str:
    """Escape all of *text* but slashes and what no address reads anything into (RFC 3986)."""
    encoded = text.encode("utf-8", "replace")
    return "".join(chr(each) if chr(each) in _UNRESERVED else f"%{each:02X}" for each in encoded)
