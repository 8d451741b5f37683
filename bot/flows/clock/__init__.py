"""What is done because time passes."""
