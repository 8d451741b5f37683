"""TLS for all calls that boto3 does not make: the authorities of the machine, read once."""

from __future__ import annotations

import ssl
from typing import Final

TLS: Final = ssl.create_default_context()
"""
One for the process. Slack's client would make another for each call, and each reads the file of
authorities: a few tens of milliseconds.
"""
