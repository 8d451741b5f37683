"""Fetch what a job needs."""
