"""The content of the archive for Lambda, as `infra/package.py` builds it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from _imp import source_hash
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra import package
from infra.package_contents import SERVICES, library_files, own_files
from tests.infra.cloudformation import ROOT, service

if TYPE_CHECKING:
    from pathlib import Path

AT_MOST = 8_000_000
AARCH64 = 183
"""The code for arm64 in a compiled file."""
OF_3_13 = (3571).to_bytes(2, "little") + b"\r\n"
"""The magic number of bytecode for Python 3.13 (CPython's pycore_magic_number.h)."""
UNCHECKED = (1).to_bytes(4, "little")
THROUGH_POWERTOOLS = {"secretsmanager"}
HANDLERS = [raw["handler"].split(".")[1] for raw in service()["functions"].values()]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("lambda") / "bot.zip"
    package.build(archive)
    return archive


@pytest.fixture(scope="module")
def names(archive: Path) -> list[str]:
    with ZipFile(archive) as opened:
        return opened.namelist()


def test_the_same_files_give_the_same_archive_whoever_builds_it(
    archive: Path, tmp_path: Path
) -> None:
    rebuilt = tmp_path / "elsewhere" / "again.zip"
    subprocess.run(  # noqa: S603 - the interpreter that runs the tests
        [sys.executable, "-m", "infra.package", "--to", rebuilt],
        cwd=ROOT,
        check=True,
        umask=0o077,
        timeout=300,
    )

    assert rebuilt.read_bytes() == archive.read_bytes()


def test_the_archive_is_at_most_eight_megabytes_and_lists_its_largest_parts(archive: Path) -> None:
    *_, total = package.sizes(archive).splitlines()

    assert archive.stat().st_size <= AT_MOST
    assert total.startswith(f"{archive.stat().st_size / 1000:5,.0f} kB")
    assert "botocore/data" in package.sizes(archive)


def test_compiled_libraries_are_for_the_python_and_processor_of_serverless_yml(
    archive: Path,
) -> None:
    provider = service()["provider"]
    with ZipFile(archive) as opened:
        compiled = {name: opened.read(name) for name in opened.namelist() if name.endswith(".so")}

    assert (provider["runtime"], provider["architecture"]) == ("python3.13", "arm64")
    assert {name.partition("/")[0] for name in compiled} >= {"yaml", "msgspec"}
    assert all(".cpython-313-aarch64-" in name for name in compiled)
    assert {int.from_bytes(code[18:20], "little") for code in compiled.values()} == {AARCH64}


def test_every_source_has_its_bytecode_beside_it_for_the_python_of_serverless_yml(
    archive: Path,
) -> None:
    """PEP 552: the version of the bytecode, what is to be checked, and a hash of the source."""
    with ZipFile(archive) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    compiled = {name: code for name, code in files.items() if name.endswith(".pyc")}
    sources = {beside(name): source for name, source in files.items() if name.endswith(".py")}

    assert service()["provider"]["runtime"] == "python3.13"
    assert compiled.keys() == sources.keys()
    for name, source in sources.items():
        digest = source_hash(int.from_bytes(OF_3_13, "little"), source)
        assert compiled[name][:16] == OF_3_13 + UNCHECKED + digest


def beside(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/__pycache__/{file[:-3]}.cpython-313.pyc".removeprefix("/")


def test_bytecode_names_its_source_by_its_path_in_the_archive(archive: Path) -> None:
    """With a path of the machine that built it, each machine would build another archive."""
    with ZipFile(archive) as opened:
        code = opened.read("bot/__pycache__/settings.cpython-313.pyc")

    assert b"bot/settings.py" in code
    assert b"/bot/settings.py" not in code


def test_of_our_code_the_archive_has_what_the_functions_run(names: list[str]) -> None:
    bots = [name for name in names if name.partition("/")[0] in {"bot", "handlers", "infra"}]

    assert {f"handlers/{handler}.py" for handler in HANDLERS} < set(bots)
    assert [name for name in bots if name.startswith("infra/")] == ["infra/approvals.yml"]
    assert [name for name in bots if name.startswith(("bot/commands", "bot/__main__"))] == []


@pytest.mark.parametrize("stray", [".env", ".DS_Store", "core/policy.py.orig", "notes/todo.txt"])
def test_files_that_are_not_committed_are_not_in_the_archive(stray: str) -> None:
    """The archive depends on the commit alone, and a file with secrets is in no commit."""
    assert own_files(["bot/settings.py", f"bot/{stray}", f"handlers/{stray}"]) == [
        "bot/settings.py"
    ]


def test_nothing_in_the_archive_is_for_tests_tools_or_this_machine(names: list[str]) -> None:
    for_others = [
        name
        for name in names
        if {"tests", "bin"} & set(name.split("/"))
        or name.endswith((".pyi", ".js", "RECORD", "direct_url.json", "INSTALLER"))
    ]

    assert for_others == []
    assert not {"moto", "pytest", "pip"} & {name.partition("/")[0] for name in names}


def test_each_library_in_the_archive_states_its_version(names: list[str]) -> None:
    """Scanners of deployed functions read it to find known vulnerabilities."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line.split()[0].replace("==", "-") for line in lock if "==" in line]

    stated = {name.partition(".dist-info/")[0] for name in names if name.endswith("/METADATA")}
    assert stated == {name[: name.rindex("-")].replace("-", "_") + version(name) for name in pinned}


def version(name: str) -> str:
    return name[name.rindex("-") :]


def test_the_archive_has_botocores_data_of_only_the_services_that_are_called(
    names: list[str],
) -> None:
    data = [name.split("/")[2] for name in names if name.startswith("botocore/data/")]
    folders = {name for name in data if "." not in name}

    assert folders == SERVICES == clients_made() | THROUGH_POWERTOOLS


def clients_made() -> set[str]:
    """The services that the functions make clients for."""
    paths = [path for path in (ROOT / "bot").rglob("*.py") if "commands" not in path.parts]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    return {service for node in nodes for service in client_of(node)}


def client_of(node: ast.AST) -> list[str]:
    """The service that *node* makes a client for, if it makes one."""
    match node:
        case ast.Call(
            func=ast.Attribute(attr="client" | "client_for"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [name]
        case _:
            return []


@given(st.sets(st.dates(), min_size=1), st.sampled_from(sorted(SERVICES)), st.randoms())
def test_only_the_newest_api_version_of_a_service_is_in_the_archive(
    dates: set[Any], called: str, chance: Any
) -> None:
    names = [f"botocore/data/{called}/{date}/service-2.json.gz" for date in dates]
    others = [name.replace(called, f"{called}-not-called") for name in names]
    everything = [*names, *others, "botocore/data/endpoints.json", "botocore/client.py"]
    chance.shuffle(everything)

    assert library_files(everything) == sorted(
        [max(names), "botocore/data/endpoints.json", "botocore/client.py"]
    )


def test_the_lock_file_of_the_deploy_tool_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    named = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]

    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in named} == named
    assert [name for name, raw in lock["packages"].items() if "resolved" in raw] == []
    assert all("integrity" in raw for name, raw in lock["packages"].items() if name)
