"""The check of the channels that the rules name: the bot must be able to post in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.adapters.slack.errors import retryable_is_unavailable
from bot.commands.doctor.check import Failed

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.core.rules.rule import Rules


def channels_of(rules: Rules) -> list[str]:
    """Return the ids of all channels that *rules* name, each once."""
    ids = [rules.channel]
    for rule in rules.rules:
        ids += [rule.channel, *rule.notify]
    return sorted(set(ids))


def check_channel(client: WebClient, channel_id: str, install: str) -> str:
    """Check that the bot can post in a channel; *install* says how the app is installed again."""
    with retryable_is_unavailable():
        channel = _read_channel(client, channel_id, install)
    name = f"#{channel.get('name', channel_id)}"
    if channel.get("is_archived"):
        raise Failed(f"{name} is archived", "Open it again, or name another one in the rules.")
    # Whoever sees a private channel is in it.
    if not channel.get("is_member", channel.get("is_private")):
        raise Failed(f"the bot is not in {name}", f"Write /invite @ and its name in {name}.")
    return name


def _read_channel(client: WebClient, channel_id: str, install: str) -> Any:
    try:
        return client.conversations_info(channel=channel_id)["channel"]
    except SlackApiError as error:
        code = error.response["error"]
        if code == "channel_not_found":
            remedy = "If it is private, invite the bot to it; else correct the id in the rules."
            raise Failed("the bot sees no such channel", remedy) from error
        if code == "missing_scope":
            problem = f"it takes the scope {error.response.get('needed')} to look"
            raise Failed(problem, f"Add it to the app's bot scopes. {install}.") from error
        raise
