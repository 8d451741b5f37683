"""Where the bot lives: what is deployed, and a world on one machine to try it in."""
