"""`python -m bot doctor`."""
