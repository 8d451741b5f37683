"""
Stories in which the bot broke a promise once, as short as they could be told.

    python -m tests.simulation --seeds 0-9999 --tell

finds such a story and prints its lines; with a name and a sentence, they are a test from then on.
"""

from __future__ import annotations

from typing import Final

STORIES: Final = {
    "two workers announce one version": """
        at reconcile pair/1, chat.post (1): out of order, another worker takes reconcile pair/1
    """,
    "an endpoint serves another version, and its event is lost": """
        a version of pair is registered
        pair-prod begins to deploy pair/1
        pair-prod serves pair/2, event lost
    """,
    "the bot is not in a channel when a decision is told there": """
        ana opens and submits approve of pair/1
        the bot is removed from the other channel
        chloe opens and submits approve of pair/1
    """,
    "the bot is not in the channel of the card when its decision is told": """
        the bot is removed from the channel of the cards
        ana opens and submits approve of fraud/1
    """,
    "a card was posted unnoticed, and the bot is removed before it is looked for": """
        at reconcile pair/1, chat.post (1): the worker dies after it
        between jobs (1): the bot is removed from the channel of the cards
    """,
    "a version is replaced while Slack takes no edits": """
        between jobs (1): Ana registers a version of pair
        between jobs (1): Slack takes no messages in the channel of the cards
        between jobs (2): pair/2 is deleted, event lost
        between jobs (1): pair/2 is registered again as PendingManualApproval
    """,
    "the bot is removed before the ledger knows where a card is, and its version is decided": """
        Ana registers a version of fraud
        between jobs (1): chloe withdraws from fraud/1
        at reconcile fraud/2, ledger.save (2): it is throttled
        between jobs (3): the bot is removed from the channel of the cards
        ben opens reject of fraud/2
        between jobs (1): ben's form reject of fraud/2 is submitted
    """,
    "the card of a deleted version cannot be edited at first": """
        a version of fraud is registered
        a version of fraud is registered as Approved
        a version of fraud is registered
        fraud/4 is deleted
        at reconcile fraud/4, chat.update (1): it is refused
    """,
    "somebody rejects a version right before it is approved, and the event comes at once": """
        ana opens and submits approve of fraud/1
        at submit fraud/1 by ana, registry.apply (1): fraud/1 is set to Rejected outside
    """,
    "somebody rejects a version right before it is approved, and the event comes late": """
        ana opens and submits approve of fraud/1
        at submit fraud/1 by ana, registry.apply (1): fraud/1 is set to Rejected outside, event late
    """,
    "two newer versions are approved before the bot looks at either": """
        a version of fraud is registered
        a version of fraud is registered
        fraud/1 is set to Approved outside
        fraud/2 is set to Approved outside
        between jobs (1): fraud/3 is set to Approved outside
    """,
    "a version is replaced before its decision is told below its card": """
        a version of fraud is registered
        ben opens approve of fraud/2
        ben's form approve of fraud/2 is submitted
        at submit fraud/2 by ben, chat.update (1): it fails
        between jobs (1): fraud/2 is deleted
        between jobs (1): fraud/2 is registered again as PendingManualApproval
    """,
    "an endpoint is deleted while the registry may not be read": """
        a version of fraud is registered
        fraud/1 is set to Approved outside
        fraud-prod serves fraud/1
        the registry may not be read for twenty minutes
        fraud-prod is deleted
    """,
    "the registry does not know a new version yet, after it was approved": """
        between jobs (3): ana opens and submits approve of fraud/1
        at submit fraud/1 by ana, registry.describe (2): its answer is some seconds old
    """,
}
