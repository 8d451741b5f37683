"""The rules file: loaded for the bot, and checked from a terminal."""

from bot.adapters.rules.loader import load, read, text_of

__all__ = ["load", "read", "text_of"]
