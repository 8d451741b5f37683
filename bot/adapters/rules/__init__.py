"""The rules file: read for the bot, and looked through for mistakes at a terminal."""

from bot.adapters.rules.loader import load, read, text_of

__all__ = ["load", "read", "text_of"]
