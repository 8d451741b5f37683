"""The bot: a pure core, the errands that use it, and the adapters to the world."""
