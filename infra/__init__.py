"""What is deployed, and an embedded world to run the bot on one machine."""
