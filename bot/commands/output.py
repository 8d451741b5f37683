"""Where a command writes to: stdout, or a file that appears only when all of it is written."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

from bot.core.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def stdout() -> Iterator[IO[str]]:
    """Write to stdout, until its reader stops reading, as `head` does after ten lines."""
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would try to write the rest once more when it ends, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[str]]:
    """
    Write a file that is at *path* once all of it is written, and that its owner alone may read.

    Raises Misconfigured if it cannot be written.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise Misconfigured(f"{path} is there, and no file.")
    try:
        with _temporary_file(path) as part:
            yield part
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be written: {error.strerror}.") from error


@contextmanager
def _temporary_file(path: Path) -> Iterator[IO[str]]:
    """Make a file beside *path*, which is removed afterwards unless it was renamed."""
    with NamedTemporaryFile(
        "w",
        encoding="utf-8",
        newline="",
        dir=path.parent,
        prefix=f".{path.name}.",
        suffix=".part",
        delete=False,
    ) as part:
        try:
            yield part
        finally:
            Path(part.name).unlink(missing_ok=True)
