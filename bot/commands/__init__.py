"""What `python -m bot` can do: each command is a thin flow for somebody at a terminal."""
