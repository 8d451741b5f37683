"""
A program: lets a process have a share of the time. Usage: throttle.py PID SHARE.

Where no control group can be made, this replaces one. It stops the process for the rest of
every 20 ms. It counts time that passes, not time on the processor: who waits for the network uses
the share up as well. Ends with the process.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

PERIOD = 0.02


def is_running(pid: int) -> bool:
    """Whether there is something to stop: what has ended may still be listed."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return stat.rpartition(")")[2].split()[0] != "Z"


def throttle(pid: int, share: float) -> None:
    """Stop and continue *pid* until it has ended."""
    while is_running(pid):
        time.sleep(PERIOD * share)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(PERIOD * (1 - share))
        os.kill(pid, signal.SIGCONT)


if __name__ == "__main__":
    with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
        throttle(int(sys.argv[1]), float(sys.argv[2]))
