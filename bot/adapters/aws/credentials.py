"""
The credentials for the calls that boto3 does not make.

Lambda puts them into the environment. With SnapStart it does not, because they would expire before
the snapshot is used; it names an endpoint in the function's own machine instead (Lambda developer
guide, "Using SnapStart with AWS SDKs"). boto3 looks in these two places in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.credentials import ContainerProvider, ReadOnlyCredentials
from botocore.exceptions import BotoCoreError
from botocore.utils import ContainerMetadataFetcher
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from bot.adapters.aws.deadline import LEAST
from bot.core.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.credentials import Credentials
    from urllib3 import PoolManager

    from bot.settings import Settings


class CredentialSource:
    """
    Reads the credentials of the environment; if it has none, those of the endpoint that it names.

    Those of the endpoint are kept until 15 minutes before they expire.
    """

    def __init__(self, settings: Settings, pool: PoolManager) -> None:
        self._settings = settings
        fetcher: Any = _Fetcher(_Session(pool))  # the type stubs name a wrong class here
        self._endpoint = ContainerProvider(settings.environment, fetcher)
        self._kept: Credentials | None = None

    def read(self) -> ReadOnlyCredentials:
        """
        Return the credentials for one call.

        Raises Unavailable if the endpoint gives none, and Misconfigured if there are none at all.
        """
        if self._settings.environment.get("AWS_ACCESS_KEY_ID"):
            return self._of_environment()
        try:
            return self._of_endpoint()
        except (ValueError, OSError) as error:  # its address, or the token for it
            raise Misconfigured(f"The credential endpoint cannot be asked: {error}") from error
        except (BotoCoreError, KeyError, TypeError, RuntimeError) as error:  # its answer
            raise Unavailable(f"The credential endpoint gives none: {error!r}") from error

    def _of_environment(self) -> ReadOnlyCredentials:
        return ReadOnlyCredentials(
            self._settings.need("AWS_ACCESS_KEY_ID"),
            self._settings.need("AWS_SECRET_ACCESS_KEY"),
            self._settings.environment.get("AWS_SESSION_TOKEN"),
        )

    def _of_endpoint(self) -> ReadOnlyCredentials:
        self._kept = self._kept or self._endpoint.load()
        if self._kept is None:
            raise Misconfigured(
                "There are no credentials: neither AWS_ACCESS_KEY_ID nor "
                "AWS_CONTAINER_CREDENTIALS_FULL_URI is set in the environment."
            )
        return self._kept.get_frozen_credentials()


class _Fetcher(ContainerMetadataFetcher):
    """Asks once; botocore's own waits for a second between three attempts of two seconds."""

    RETRY_ATTEMPTS = 1
    SLEEP_TIME = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """As much of a response as the fetcher reads."""

    status_code: int
    content: bytes


@dataclass(frozen=True, slots=True)
class _Session:
    """Sends as botocore's session does, but in time for Slack."""

    pool: PoolManager

    def send(self, request: AWSPreparedRequest) -> _Answer:
        """Send *request*. Raises Unavailable if it is not answered."""
        url, headers, timeout = request.url, dict(request.headers), Timeout(total=LEAST)
        try:
            response = self.pool.request("GET", url, headers=headers, timeout=timeout)
        except HTTPError as error:
            name = type(error).__name__
            raise Unavailable(f"The credential endpoint does not answer: {name}") from error
        return _Answer(response.status, response.data)
