"""Requests, votes and decisions."""
