"""The TLS context for all calls that boto3 does not make."""

from __future__ import annotations

import ssl
from typing import Final

TLS: Final = ssl.create_default_context()
"""
One context for the process, with the system's CA certificates. Without it, Slack's client makes a
new one for each call, and reads the file of certificates again.
"""
