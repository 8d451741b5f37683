"""Every situation in which people see something of ours: each has a golden file of its name."""

from typing import Any

from tests.core.reading import as_sent
from tests.core.situations import answers, cards, deployments, forms, headlines, histories, notices


def rendered() -> dict[str, Any]:
    """All situations, rendered in the current language."""
    return {
        name: as_sent(situation)
        for room in (cards, headlines, forms, notices, answers, histories, deployments)
        for name, situation in room.situations().items()
    }


ALL = rendered()
