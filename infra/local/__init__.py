"""
The embedded world: AWS and Slack on one machine, with the real handlers between them.

It knows the bot only by what is deployed: `serverless.yml`, `infra/*.yml`, the handlers' names.
The bot knows nothing of it.
"""
