"""
Pure code: values in, values out. No clock, no random numbers, no input or output.

Only `wire` imports msgspec, and only `cards.blocks` Slack's block models.
"""
