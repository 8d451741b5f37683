"""What a version is judged by: metrics read from files."""
