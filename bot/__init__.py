"""The bot: a pure core, the jobs that use it, and the adapters to the world."""
