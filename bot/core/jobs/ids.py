"""Ids that Slack sends back: of forms, of their inputs, of buttons. Stable codes."""

from __future__ import annotations

from typing import Final

FORM: Final = "decide"
"""The form in which somebody decides."""
REFUSAL: Final = "refusal"
"""The form that says why nothing can be decided; it has nothing to submit."""
RECEIPT: Final = "receipt"
"""What a submitted form becomes; it has nothing to submit."""
COMMENT: Final = "comment"
"""The comment's block and input. While both ids stay, Slack keeps what somebody typed."""
WITHDRAW: Final = "withdraw"
"""The button that withdraws a vote. The buttons of moves have the keys of the moves."""
