"""
The bots that are compared, each unpacked where AWS's runtime finds it.

The textbook's libraries are the same versions as ours, from the same file of pins, but as pip
installs them: nothing is left out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile

from infra import package
from tests.bench.answers import TABLE, TOKEN
from tests.bench.events import SECRET
from tests.handlers import slack_requests
from tests.runtime.lambdas import Image, Lambda, image

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.stand_in import StandIn

OURS: Final = "ours"
TEXTBOOK: Final = "textbook"
OURS_PLAIN: Final = "ours, without bytecode"
TEXTBOOK_COMPILED: Final = "textbook, with bytecode"
_APP: Final = Path(__file__).parent / "textbook" / "app.py"
_NEEDED: Final = (
    *("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "slack-bolt"),
    *("slack-sdk", "urllib3"),
)
"""What the textbook's two libraries, slack-bolt and boto3, bring."""
_DEPLOYED: Final = {
    "LEDGER_TABLE": TABLE,
    "QUEUE_URL": "https://sqs.invalid/1/jobs.fifo",
    "SLACK_SECRET_ID": "slack",
    "APPROVALS_FILE": "infra/approvals.yml",
    "HOME_REGISTRY": "123456789012/us-east-1",
    "POWERTOOLS_SERVICE_NAME": "model-approvals",
}
"""The environment of each of our functions, as in serverless.yml, without its options."""
_PIN: Final = re.compile(r"^([a-z0-9-]+)==(?:.*\\\n)*.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Bot:
    """A bot that can be started as a function."""

    name: str
    image: Image
    handler: str
    environment: Mapping[str, str]
    """The part of its environment that only this bot needs."""

    def start(self, server: StandIn) -> Lambda:
        """A new process of it, for which *server* is AWS and Slack; its log is beside it."""
        url = server.url
        around = {**slack_requests.surroundings(url, url), **server.trust}
        environment = {**around, **self.environment}
        with self.image.task.with_name("log").open("a", encoding="utf-8") as log:
            return Lambda(self.image, self.handler, environment, log)


def four(emulator: Path, folder: Path) -> tuple[Bot, ...]:
    """
    Both bots as they are deployed, and with and without bytecode the other way round.

    Ours is deployed with bytecode; the textbook's without, as SAM and the Serverless Framework do.
    """
    deployed = ours(emulator, folder / "ours"), textbook(emulator, folder / "textbook")
    return (
        *deployed,
        plain(deployed[0], folder / "ours-plain"),
        compiled(deployed[1], folder / "textbook-compiled"),
    )


def ours(emulator: Path, folder: Path) -> Bot:
    """The Slack request function of the archive for this machine, which is left in *folder*."""
    package.build(archive(folder), here=True)
    with ZipFile(archive(folder)) as opened:
        opened.extractall(folder / "task")
    return slack_request(image(emulator, folder / "task", folder))


def slack_request(built: Image) -> Bot:
    """The Slack request function of our archive, which is unpacked in *built*."""
    environment = {**_DEPLOYED, "AWS_LAMBDA_FUNCTION_NAME": "slackRequest"}
    return Bot(OURS, built, "handlers.slack_request.lambda_handler", environment)


def worker(bot: Bot) -> Bot:
    """The worker out of the archive of *bot*, which is one of ours."""
    environment = {**_DEPLOYED, "AWS_LAMBDA_FUNCTION_NAME": "worker"}
    return replace(bot, handler="handlers.worker.lambda_handler", environment=environment)


def textbook(emulator: Path, folder: Path) -> Bot:
    """The textbook bot; its archive is left in *folder* as well."""
    task = folder / "task"
    pins = folder / "requirements.txt"
    folder.mkdir(parents=True, exist_ok=True)
    pins.write_text(_pins((package.ROOT / "requirements.txt").read_text()))
    _install(pins, task)
    shutil.copy(_APP, task)
    _pack(task, archive(folder))
    environment = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "AWS_LAMBDA_FUNCTION_NAME": "textbook",
    }
    return Bot(TEXTBOOK, image(emulator, task, folder), "app.lambda_handler", environment)


def archive(folder: Path) -> Path:
    """Where the archive of a bot in *folder* is."""
    return folder / "bot.zip"


def _pins(ours: str) -> str:
    """The pins, with their hashes, of what the textbook needs."""
    return "".join(pin[0] for pin in _PIN.finditer(ours) if pin[1] in _NEEDED)


def _install(pins: Path, task: Path) -> None:
    """As SAM and the Serverless Framework do it: into one folder, and without bytecode."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--no-deps")
    subprocess.run(  # noqa: S603 - the interpreter that runs this
        [
            *(sys.executable, "-m", "pip", "install", *quiet, "--only-binary=:all:"),
            *("--require-hashes", f"--target={task}", f"--requirement={pins}"),
        ],
        check=True,
    )


def _pack(task: Path, packed: Path) -> None:
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=9) as opened:
        for path in sorted(task.rglob("*")):
            opened.write(path, path.relative_to(task))


def compiled(bot: Bot, folder: Path) -> Bot:
    """The textbook's *bot* with bytecode for each file; its archive is left in *folder*."""
    shutil.copytree(bot.image.task, folder / "task")
    unchecked = ("-q", "-j0", "--invalidation-mode", "unchecked-hash")
    subprocess.run(  # noqa: S603 - the interpreter that runs this
        [sys.executable, "-m", "compileall", *unchecked, folder / "task"], check=True
    )
    return _repacked(bot, TEXTBOOK_COMPILED, folder)


def plain(bot: Bot, folder: Path) -> Bot:
    """Our *bot* without any bytecode; its archive is left in *folder*."""
    without = shutil.ignore_patterns("__pycache__")
    shutil.copytree(bot.image.task, folder / "task", ignore=without)
    return _repacked(bot, OURS_PLAIN, folder)


def _repacked(bot: Bot, name: str, folder: Path) -> Bot:
    """*bot* with the files in *folder*, where its archive is left as well."""
    _pack(folder / "task", archive(folder))
    built = image(bot.image.emulator, folder / "task", folder)
    return replace(bot, name=name, image=built)
