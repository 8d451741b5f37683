"""Which rules file a command is about: the one that is given, else that of the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

_SHIPPED: Final = "infra/approvals.yml"


def add_to(parser: Any, name: str, **more: Any) -> None:
    """Let *parser* take the path of a rules file as *name*."""
    help_ = f"the rules file (default: $APPROVALS_FILE or {_SHIPPED})"
    default = Path(os.environ.get("APPROVALS_FILE") or _SHIPPED)
    parser.add_argument(name, type=Path, default=default, help=help_, **more)
