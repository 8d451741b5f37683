"""The past under other rules: past entries read back, clicked again, and what came of it."""
