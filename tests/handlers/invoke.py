"""
A program: one Lambda function in a process of its own, called with one event after the other.

What it prints is all that CloudWatch would get to keep. Usage: HANDLER EVENTS-FILE
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from importlib import import_module
from pathlib import Path

from tests.handlers.slack_requests import context


def main() -> None:
    name, events = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    logging.basicConfig()  # Lambda's runtime has a handler at the root as well
    handler = import_module(f"handlers.{name}").lambda_handler
    for event in events:
        try:
            handler(event, context(name))
        except Exception:  # noqa: BLE001 - as the runtime: logged, and on to the next call
            traceback.print_exc()


if __name__ == "__main__":
    main()
