"""
The embedded world: AWS and Slack on one machine, with the real handlers between them.

It uses the bot only as deployed: `serverless.yml`, `infra/*.yml`, the names of the handlers.
The bot does not depend on it.
"""
