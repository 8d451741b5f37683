"""
What each Lambda function is composed of: here the ports get their adapters.

Each file imports at its top what its functions use, so that all of it is loaded while Lambda
initialises, with a full processor; `slack_request` so does without boto3. Making a bot reads and
calls nothing; its parts are made on first use, or by `prepared`, and kept. Nothing is shared
between two bots but `TLS`.
"""
