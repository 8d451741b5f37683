"""
AWS's runtime interface emulator, out of the wheel of aws-sam-cli.

The wheel is fetched once, and never installed: of all that it brings, one program is needed here.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from tests.infra.cloudformation import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER: Final = ROOT / "build" / "emulator"
VERSION: Final = "1.170.0"
WHEEL: Final = f"aws_sam_cli-{VERSION}-py3-none-any.whl"
SHA256: Final = "24ebaf5ecba38dc1758089968cb89ab61e124b84e92a344fc7a2771a47f4d0bf"
_FOR: Final = {"x86_64": "x86_64", "aarch64": "arm64"}


class NotFetched(Exception):
    """There is no emulator here, and why."""


def fetch(folder: Path = FOLDER) -> Path:
    """
    The emulator for this machine.

    Raises NotFetched if the registry cannot be reached or AWS makes none for this machine, and
    ValueError if the wheel is not the one whose hash is written here.
    """
    made_for = _FOR.get(platform.machine())
    if platform.system() != "Linux" or made_for is None:
        raise NotFetched(f"AWS has no emulator for {platform.system()} on {platform.machine()}")
    wheel = folder / WHEEL
    if not wheel.exists():
        _download(folder)
    return _unpack(wheel, f"samcli/local/rapid/aws-lambda-rie-{made_for}")


def _download(folder: Path) -> None:
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps")
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [
            *(sys.executable, "-m", "pip", "download", *quiet, "--only-binary=:all:"),
            *("--dest", folder, f"aws-sam-cli=={VERSION}"),
        ],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotFetched(f"pip cannot fetch the emulator: {done.stderr.strip()[-500:]}")


def _unpack(wheel: Path, name: str) -> Path:
    """The program *name* of *wheel*, beside it."""
    digest = sha256(wheel.read_bytes()).hexdigest()
    if digest != SHA256:
        raise ValueError(f"{wheel} is not what it should be: its SHA-256 is {digest}")
    program = wheel.parent / name
    with ZipFile(wheel) as opened:
        content = opened.read(name)
        # A program that runs at this moment cannot be written over.
        if not program.exists() or program.read_bytes() != content:
            opened.extract(name, wheel.parent)
    program.chmod(0o755)
    return program
