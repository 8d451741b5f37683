"""Tell people in Slack."""
