"""
What a schedule starts. It sends jobs and posts nothing itself.

A message that is due by time is a notice in the outbox of the version that its job decides on.
"""
