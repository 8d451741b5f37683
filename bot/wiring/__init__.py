"""
What each Lambda function is composed of: the only folder that knows all adapters.

A file for each kind of function imports what that function uses, so that all of it is loaded while
Lambda initialises, with a full processor, and nothing that another function uses. Making a bot
reads and calls nothing; its parts are made on first use, or by `prepare`, and kept. Nothing is
shared between two bots but `TLS`, which never changes.
"""
