"""
The boto3 sessions of one bot: its own, and one in the read role of each other registry.

Nothing is made before it is needed, and nothing is shared with another bot in the process but the
files of AWS's service models, which never change.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

import boto3
import botocore.loaders
import botocore.session

from bot.adapters.aws.client import make_client, make_remote_client
from bot.adapters.aws.read_roles import read_role_credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.registry.registry_id import RegistryId

_LOWEST_ERROR_STATUS: Final = 300
"""From this HTTP status on, an answer of AWS is an error."""


class Sessions:
    """
    Makes clients of AWS; *on_error* is told the code of every call that ends in an error.

    A call that succeeds after botocore tried it again is no error.
    """

    def __init__(self, on_error: Callable[[str], None] = lambda _: None) -> None:
        self._on_error = on_error
        self._remote = cache(self._new_remote_session)

    @cached_property
    def own(self) -> boto3.Session:
        """The session with the credentials and the Region of the environment."""
        return self._watched(boto3.Session(botocore_session=new_botocore_session()))

    def client(self, service: str) -> Any:
        """Make a client of *service* in the bot's own name, account and Region."""
        return make_client(self.own, service)

    def registry_client(self, service: str, registry_id: RegistryId) -> Any:
        """Make a client of *service* for a registry; in the read role, unless it is the own one."""
        if not registry_id:
            return self.client(service)
        return make_remote_client(self._remote(registry_id), service)

    def _new_remote_session(self, registry_id: RegistryId) -> boto3.Session:
        return self._watched(remote_session(self.client("sts"), registry_id))

    def _watched(self, session: boto3.Session) -> boto3.Session:
        report_errors(session.events, self._on_error)
        return session


def remote_session(sts: Any, registry_id: RegistryId) -> boto3.Session:
    """Make a session in the read role of another registry; the role is taken on first use."""
    session = new_botocore_session()
    credentials = read_role_credentials(sts, registry_id)
    session.register_component("credential_provider", credentials)
    region = registry_id.partition("/")[2]
    return boto3.Session(botocore_session=session, region_name=region)


def new_botocore_session() -> botocore.session.Session:
    """Make a session that shares the files of AWS's service models with all others."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _model_loader())
    return session


@cache
def _model_loader() -> Any:
    """Return what reads AWS's service models: they are large, and the same for every session."""
    return botocore.loaders.create_loader()


def report_errors(events: Any, on_error: Callable[[str], None]) -> None:
    """
    Tell *on_error* the code of every call that ends in an error, after all attempts.

    *events* are a session's: clients that are made of it from now on report.
    """

    def after_call(http_response: Any, parsed: Any, **_: Any) -> None:
        if http_response.status_code >= _LOWEST_ERROR_STATUS:
            on_error(str(parsed.get("Error", {}).get("Code") or http_response.status_code))

    def after_call_error(exception: Exception, **_: Any) -> None:
        on_error(type(exception).__name__)

    events.register("after-call", after_call)
    events.register("after-call-error", after_call_error)
