"""
AWS's own Lambda runtime on this machine: its runtime interface client (awslambdaric), driven by
its runtime interface emulator, over the unpacked archive.

One process for each function, as in one container, started from cold with its first call. No
library can be found but the archive's own and the runtime's. Knows nothing of what a function does.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import files
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.world.embedded import end, until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HOST: Final = "127.0.0.1"
PATH: Final = "/2015-03-31/functions/function/invocations"
RUNTIME: Final = ("awslambdaric", "simplejson", "snapshot-restore-py")
"""What AWS has in /var/runtime, as far as the client needs it."""
# Nothing of this machine's (-I, -S) and, as in a folder that nobody can write to, no bytecode (-B).
BOOTSTRAP: Final = """#!{python} -ISB
import sys
sys.path[:0] = ["{task}", "{runtime}"]
from awslambdaric.__main__ import main
main(sys.argv)
"""


@dataclass(frozen=True, slots=True)
class Image:
    """What a function runs on: the emulator, and the program that it starts for the function."""

    emulator: Path
    bootstrap: Path
    task: Path
    """The unpacked archive."""


def image(emulator: Path, task: Path, folder: Path) -> Image:
    """Lay the runtime out in *folder*, for the archive that is unpacked in *task*."""
    runtime, bootstrap = folder / "runtime", folder / "bootstrap"
    for library in RUNTIME:
        for path in files(library) or ():
            (runtime / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path.locate(), runtime / path)
    bootstrap.write_text(BOOTSTRAP.format(python=sys.executable, task=task, runtime=runtime))
    bootstrap.chmod(0o755)
    return Image(emulator, bootstrap, task)


class Lambda:
    """One function, in a process of its own on free ports of this machine."""

    def __init__(
        self, image: Image, handler: str, environment: Mapping[str, str], log: IO[str] | None = None
    ) -> None:
        self._port = _free_port()
        self.process = subprocess.Popen(  # noqa: S603 - AWS's emulator, its hash checked
            [
                image.emulator,
                f"--runtime-interface-emulator-address={HOST}:{self._port}",
                f"--runtime-api-address={HOST}:{_free_port()}",
                "--log-level=error",
                image.bootstrap,
                handler,
            ],
            cwd=image.task,
            env={"PATH": os.defpath, "LAMBDA_TASK_ROOT": str(image.task), **environment},
            stdout=log,
            stderr=log,
        )
        until(self._listens, f"an emulator for {handler}")

    def _listens(self) -> bool:
        assert self.process.poll() is None, "the emulator ended"
        with socket.socket() as client:
            return client.connect_ex((HOST, self._port)) == 0

    def invoke(self, event: Any, wait: float = 900) -> Any:
        """Call the function and return its answer. Raises RuntimeError if it failed."""
        url = f"http://{HOST}:{self._port}{PATH}"
        try:
            response = urlopen(Request(url, json.dumps(event).encode()), timeout=wait)
        except HTTPError as error:  # the function could not even be started
            response = error
        with response:
            return _answer(response.read().decode())

    def stop(self) -> None:
        """End the process, by its id, and wait for it."""
        self.process.terminate()
        end(self.process)


def _answer(text: str) -> Any:
    """The answer in *text*: the emulator reports failures in it, and a timeout as a sentence."""
    try:
        answer = json.loads(text) if text else None
    except ValueError:
        raise RuntimeError(text) from None
    if isinstance(answer, dict) and "errorType" in answer:
        raise RuntimeError(f"{answer['errorType']}: {answer.get('errorMessage')}")
    return answer


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])
