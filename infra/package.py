"""
Build the archive that Lambda gets: `python -m infra.package`.

The same commit gives the same archive, byte for byte: pinned libraries, a pinned compiler, names
in order, no times. pip chooses the wheels for Lambda's platform, so no Docker is needed; with
--here it chooses those for this machine and its Python instead, to run what is in the archive.

Bytecode is included for each source. Lambda's disk is read-only, so without it every new process
would compile all that it imports: half of a cold start.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from infra.package_contents import library_files, own_files

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT: Final = Path(__file__).parents[1]
LAMBDA: Final = (  # as provider.runtime and provider.architecture in serverless.yml say
    "--python-version=3.13",
    "--implementation=cp",
    "--platform=manylinux2014_aarch64",
    "--platform=manylinux_2_28_aarch64",
)
_TIMESTAMP: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can hold; any would do, if it is always the same."""
_MODE: Final = 0o100644
_UNIX: Final = 3
_TABLE_ROWS: Final = 12


def main() -> None:
    """Build the archive, and print how big its parts are."""
    parser = ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--here", action="store_true", help="for this machine, not for Lambda")
    parser.add_argument(
        "--to", type=Path, help="where; without it, build/bot.zip or build/here.zip"
    )
    arguments = parser.parse_args()
    default = ROOT / "build" / ("here.zip" if arguments.here else "bot.zip")
    archive = arguments.to or default
    try:
        build(archive, here=arguments.here)
    except BuildFailed as error:
        sys.exit(str(error))
    sys.stdout.write(sizes(archive))


class BuildFailed(Exception):
    """The archive cannot be built here; the message says why."""


def build(archive: Path, *, here: bool = False) -> None:
    """Write *archive*, and replace what was there before. Raises BuildFailed."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        installed, task = Path(scratch, "installed"), Path(scratch, "task")
        _install(installed, () if here else LAMBDA)
        _copy(library_files(_names(installed)), installed, task)
        _copy(own_files(_names(ROOT, "bot", "handlers", "infra")), ROOT, task)
        _compile(task, here=here)
        _write(archive, task)


def _install(folder: Path, platform: tuple[str, ...]) -> None:
    """Install the run-time libraries into *folder*: wheels, each with its pinned hash."""
    pinned = ("--require-hashes", f"--requirement={ROOT / 'requirements.txt'}")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile")
    failure = "pip could not install the run-time libraries; its own message is above."
    pip = (sys.executable, "-m", "pip", "install", *quiet, "--only-binary=:all:")
    _run(*pip, *platform, f"--target={folder}", *pinned, failure=failure)


def _copy(names: Iterable[str], source: Path, target: Path) -> None:
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)


def _compile(task: Path, *, here: bool) -> None:
    """Add bytecode to each source in *task*, for this Python or for Lambda's."""
    if here:
        compiler = (sys.executable, "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash")
        _run(*compiler, "-s", str(task), str(task), failure="The sources do not compile.")
    else:
        failure = "The archive is compiled by Node, with what `npm ci` installs; see above."
        _run("node", str(ROOT / "infra" / "compile.mjs"), str(task), failure=failure)


def _run(*command: str, failure: str) -> None:
    """Run a command. Raises BuildFailed with *failure*."""
    try:
        subprocess.run(command, check=True)  # noqa: S603 - put together above
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        raise BuildFailed(failure) from error


def _names(folder: Path, *parts: str) -> list[str]:
    """List the files in *folder*, or in these parts of it, as the archive names them."""
    paths = (path for part in parts or (".",) for path in (folder / part).rglob("*"))
    return [path.relative_to(folder).as_posix() for path in paths if path.is_file()]


def _write(archive: Path, task: Path) -> None:
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(_names(task)):
            packed.writestr(_entry(name), (task / name).read_bytes())


def _entry(name: str) -> ZipInfo:
    """Return an entry that does not depend on when, where and by whom it was made."""
    entry = ZipInfo(name, _TIMESTAMP)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = _MODE << 16
    return entry


def sizes(archive: Path) -> str:
    """Return a table of the largest parts of *archive* and its total: kB packed and unpacked."""
    packed: Counter[str] = Counter()
    unpacked: Counter[str] = Counter()
    with ZipFile(archive) as opened:
        for entry in opened.infolist():
            packed[_part(entry.filename)] += entry.compress_size
            unpacked[_part(entry.filename)] += entry.file_size
    largest = [
        _row(packed[name], unpacked[name], name) for name, _ in packed.most_common(_TABLE_ROWS)
    ]
    total = _row(archive.stat().st_size, unpacked.total(), f"total of {archive.name}")
    return "".join(["  packed unpacked\n", *largest, total])


def _part(name: str) -> str:
    """Return the part in which an entry counts: its library, with botocore's data apart."""
    top, _, rest = name.partition("/")
    return f"{top}/data" if rest.startswith("data/") else top


def _row(packed: int, unpacked: int, name: str) -> str:
    return f"{packed / 1000:5,.0f} kB {unpacked / 1000:5,.0f} kB  {name}\n"


if __name__ == "__main__":
    main()
