"""The world: one file per service, each the twin of a port in `bot.flows.ports`."""
