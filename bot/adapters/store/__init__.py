"""What the bot remembers, in DynamoDB."""
