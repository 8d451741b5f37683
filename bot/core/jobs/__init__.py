"""Queue messages, and the payloads that lead to them."""
