"""
A stand-in for Slack: the Web API for the bot, a page for people, and signed requests between them.

It keeps Slack's rules (limits, error names, shapes of payloads) and knows nothing of the bot that
lives in it.
"""
