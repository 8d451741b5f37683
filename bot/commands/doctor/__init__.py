"""`python -m bot doctor`: one file for each thing that is checked; `command` is the entry."""
