"""
Run the bot on this machine, with no account anywhere.

Prints one line of JSON on standard output when it is ready; all else goes to standard error.
Ends with Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from argparse import ArgumentParser, FileType
from threading import Event

from bot.core.errors import Misconfigured
from infra.local import example
from infra.local.world import World


def main() -> None:
    """Start the world and keep it running until it is interrupted."""
    arguments = _parser().parse_args()
    output, sys.stdout = sys.stdout, arguments.logs
    gc.disable()
    world = World(arguments.port)
    world.slack.rates.on = arguments.slack_rates
    try:
        world.start()
    except Misconfigured as error:
        sys.exit(f"The rules are broken, so the bot does not start.\n{error}")
    if arguments.registry == "example":
        example.fill(world.addresses["aws"])
    world.settle()
    if arguments.registry == "example":
        world.deploy_decisions()
    _collect_from_now_on()
    print(json.dumps(world.addresses), file=output, flush=True)
    _print_guide(world.addresses)
    _wait()
    world.stop()


def _collect_from_now_on() -> None:
    """Start the garbage collector; what was loaded stays to the end, so it need not look there."""
    gc.freeze()
    gc.enable()


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--port", type=int, default=8580, help="of the page; 0 takes a free one")
    parser.add_argument("--registry", choices=("example", "empty"), default="example")
    parser.add_argument("--slack-rates", action="store_true", help="limit calls as Slack does")
    parser.add_argument(
        "--logs", type=FileType("w", 1), default=sys.stderr, help="where the functions log"
    )
    return parser


def _print_guide(addresses: dict[str, str]) -> None:
    """Tell the person at the terminal what they can do now."""
    register = f"{sys.executable} -m infra.local.example {addresses['aws']} fraud-detector"
    guide = f"""
    Slack, with the bot in it:     {addresses["slack"]}
    Register another version:      {register}
    Stop:                          Ctrl-C
    """
    sys.stderr.write(guide)


def _wait() -> None:
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    # In pieces: a signal that comes just before an endless wait is noticed when that wait ends.
    while not stopped.wait(0.5):
        pass


if __name__ == "__main__":
    main()
