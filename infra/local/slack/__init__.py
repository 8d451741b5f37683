"""
A stand-in for Slack: the Web API for the bot, a page for people, and signed requests between them.

It follows Slack's rules (limits, error names, shapes of payloads) and does not depend on the bot.
"""
