"""
A program: the embedded world, with its functions under AWS's own Lambda runtime.

Usage: python -m tests.runtime.world EMULATOR BOOTSTRAP TASK LOG. When it is ready it prints one
line of JSON: its addresses, and the environment of its functions. A signal ends it.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from threading import Event
from typing import IO, TYPE_CHECKING, Any, Final

from infra.local import deployment
from infra.local.world import World
from tests.runtime.lambdas import Image, Lambda

if TYPE_CHECKING:
    from infra.local.deployment import Function
    from infra.local.functions import Context


_RULES: Final = deployment.read().environment["APPROVALS_FILE"]


class RunningFunctions:
    """The functions that were called so far, each in its process."""

    def __init__(self, image: Image, log: IO[str]) -> None:
        self._image = image
        self._log = log
        self._running: dict[str, Lambda] = {}
        self._world = World(call=self._call)

    def start(self) -> dict[str, Any]:
        """Start the world; returns its addresses and environment once it is ready."""
        self._world.start()
        self._world.settle()
        return {"addresses": self._world.addresses, "environment": self._environment()}

    def _environment(self) -> dict[str, str]:
        """The environment of the functions; their rules are those in the archive."""
        return {**self._world.environment, "APPROVALS_FILE": _RULES}

    def _call(self, function: Function, event: dict[str, Any], _: Context) -> Any:
        """Each function is called by one thread at a time, so none is started twice."""
        if function.name not in self._running:
            environment = {**self._environment(), **lambdas_own(function)}
            self._running[function.name] = Lambda(
                self._image, function.handler, environment, self._log
            )
        return self._running[function.name].invoke(event, function.timeout + 10)

    def stop(self) -> None:
        """Stop everything; nothing is left running."""
        self._world.stop()
        for running in self._running.values():
            running.stop()


def lambdas_own(function: Function) -> dict[str, str]:
    """What Lambda adds to the environment of a function."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
    }


def main() -> None:
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    emulator, bootstrap, task, logs = map(Path, sys.argv[1:])
    with logs.open("w", encoding="utf-8") as log:
        functions = RunningFunctions(Image(emulator, bootstrap, task), log)
        try:
            sys.stdout.write(json.dumps(functions.start()) + "\n")
            sys.stdout.flush()
            stop.wait()
        finally:
            functions.stop()


if __name__ == "__main__":
    main()
