"""The state of the stand-in: people, channels, messages, open forms. No HTTP here."""

import time
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from infra.local.slack.changes import Changes
from infra.local.slack.interactions import ResponseUrls, Triggers
from infra.local.slack.messages import Messages
from infra.local.slack.model import Channel, Message, SlackError, User, Usergroup
from infra.local.slack.rates import Rates
from infra.local.slack.sockets import Sockets
from infra.local.slack.views import Views

__all__ = ["Channel", "Message", "SlackError", "User", "Usergroup", "Workspace"]


class Workspace:
    """One Slack workspace with one app in it."""

    def __init__(  # noqa: PLR0913 - what a workspace starts with, all named
        self,
        *,
        users: Iterable[User],
        channels: Iterable[Channel],
        bot_token: str,
        signing_secret: str,
        app_token: str = "xapp-local",  # noqa: S107 - of the stand-in
        scopes: AbstractSet[str] | None = None,
        usergroups: Iterable[Usergroup] = (),
        url: str = "http://127.0.0.1",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.users = {user.id: user for user in users}
        self.usergroups = {group.id: group for group in usergroups}
        self.channels = {channel.id: channel for channel in channels}
        self.bot_token = bot_token
        self.signing_secret = signing_secret
        self.app_token = app_token
        self.scopes = scopes
        """What the bot's token was granted; None means all scopes."""
        self.url = url
        self.clock = clock
        self.changes = Changes()
        self.messages = Messages(self.changes, clock)
        self.views = Views(self.changes, clock)
        self.triggers = Triggers(clock)
        self.response_urls = ResponseUrls(clock)
        self.sockets = Sockets()
        self.rates = Rates(clock)

    @property
    def revision(self) -> int:
        return self.changes.revision

    def wait(self, after: int, seconds: float) -> int:
        """Wait for a change since revision *after*, but not longer than *seconds*."""
        return self.changes.wait(after, seconds)

    def user(self, user_id: str) -> User | None:
        """Return a person, None if there is none or they were deactivated."""
        user = self.users.get(user_id)
        return None if user is None or user.deleted else user

    def channel(self, channel_id: str) -> Channel:
        """
        Return a channel. Raises SlackError.

        A private one without the bot is not there either, as far as the bot can see
        (docs.slack.dev/reference/methods/conversations.info, "channel_not_found").
        """
        channel = self.channels.get(channel_id)
        if channel is None or (channel.private and not channel.bot_is_member):
            raise SlackError("channel_not_found")
        return channel

    def channel_to_post_in(self, name: str) -> Channel:
        """Return a channel by id or name or, for a person's id, the bot's messages with them."""
        person = self.user(name)
        if person is not None:
            return self._direct_messages(person)
        ids = (each.id for each in self.channels.values() if each.name == name.removeprefix("#"))
        return self.channel(next(ids, name))

    def _direct_messages(self, user: User) -> Channel:
        channel_id = dm_id(user)
        if channel_id not in self.channels:
            with self.changes.one():
                self.channels[channel_id] = Channel(
                    channel_id, f"dm-{user.name}", members=(user.id,)
                )
        return self.channels[channel_id]


def dm_id(user: User) -> str:
    return f"D{user.id[1:]}"
