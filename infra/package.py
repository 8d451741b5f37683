"""
Build the archive that Lambda gets: `python -m infra.package`.

The same commit gives the same archive, byte for byte: pinned libraries, a pinned compiler, names
in order, no times. pip chooses the wheels for Lambda's platform, so no Docker is needed; with
--here it chooses those for this machine and its Python instead, to try what is in the archive.

Bytecode lies beside each source. Lambda's disk cannot be written to, so without it every new
process would compile all that it imports: half of a cold start.
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

from infra.package_contents import libraries, ours

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT: Final = Path(__file__).parents[1]
LAMBDA: Final = (  # as provider.runtime and provider.architecture in serverless.yml say
    "--python-version=3.13",
    "--implementation=cp",
    "--platform=manylinux2014_aarch64",
    "--platform=manylinux_2_28_aarch64",
)
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive can tell; any would do, if it is always the same."""
_READABLE: Final = 0o100644
_UNIX: Final = 3
_SHOWN: Final = 12


def main() -> None:
    """Build it, and say how big its parts are."""
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
    except Failed as sorry:
        sys.exit(str(sorry))
    sys.stdout.write(sizes(archive))


class Failed(Exception):
    """The archive cannot be built here; its text says why."""


def build(archive: Path, *, here: bool = False) -> None:
    """Write *archive*; what was there before is replaced. Raises Failed."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        installed, task = Path(scratch, "installed"), Path(scratch, "task")
        _install(installed, () if here else LAMBDA)
        _copy(libraries(_names(installed)), installed, task)
        _copy(ours(_names(ROOT, "bot", "handlers", "infra")), ROOT, task)
        _compile(task, here=here)
        _write(archive, task)


def _install(folder: Path, platform: tuple[str, ...]) -> None:
    """Put the libraries that ship into *folder*: wheels, each with the hash that is pinned."""
    pinned = ("--require-hashes", f"--requirement={ROOT / 'requirements.txt'}")
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile")
    sorry = "pip could not install what ships; its own words are above."
    pip = (sys.executable, "-m", "pip", "install", *quiet, "--only-binary=:all:")
    _run(*pip, *platform, f"--target={folder}", *pinned, sorry=sorry)


def _copy(names: Iterable[str], folder: Path, to: Path) -> None:
    for name in names:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, to / name)


def _compile(task: Path, *, here: bool) -> None:
    """Put bytecode beside each source in *task*."""
    if here:
        unchecked = ("-q", "-s", str(task), "--invalidation-mode=unchecked-hash")
        _run(
            sys.executable, "-m", "compileall", *unchecked, str(task), sorry="It does not compile."
        )
    else:
        sorry = "The archive is compiled by Node, with what `npm ci` installs; see above."
        _run("node", str(ROOT / "infra" / "compile.mjs"), str(task), sorry=sorry)


def _run(*command: str, sorry: str) -> None:
    try:
        subprocess.run(command, check=True)  # noqa: S603 - put together above
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        raise Failed(sorry) from error


def _names(folder: Path, *parts: str) -> list[str]:
    """The files in *folder*, or in these parts of it, as the archive names them."""
    found = (path for part in parts or (".",) for path in (folder / part).rglob("*"))
    return [path.relative_to(folder).as_posix() for path in found if path.is_file()]


def _write(archive: Path, task: Path) -> None:
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=9) as packed:
        for name in sorted(_names(task)):
            packed.writestr(_entry(name), (task / name).read_bytes())


def _entry(name: str) -> ZipInfo:
    """An entry that says nothing about when, where and by whom it was made."""
    entry = ZipInfo(name, _OLDEST)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = _READABLE << 16
    return entry


def sizes(archive: Path) -> str:
    """The largest parts of *archive* and its total, as a table; kB as packed and as unpacked."""
    packed: Counter[str] = Counter()
    unpacked: Counter[str] = Counter()
    with ZipFile(archive) as opened:
        for entry in opened.infolist():
            packed[_part(entry.filename)] += entry.compress_size
            unpacked[_part(entry.filename)] += entry.file_size
    largest = [_row(packed[name], unpacked[name], name) for name, _ in packed.most_common(_SHOWN)]
    total = _row(archive.stat().st_size, unpacked.total(), f"total of {archive.name}")
    return "".join(["  packed unpacked\n", *largest, total])


def _part(name: str) -> str:
    """Where an entry counts: its library, and botocore's data by itself."""
    top, _, rest = name.partition("/")
    return f"{top}/data" if rest.startswith("data/") else top


def _row(packed: int, unpacked: int, name: str) -> str:
    return f"{packed / 1000:5,.0f} kB {unpacked / 1000:5,.0f} kB  {name}\n"


if __name__ == "__main__":
    main()
