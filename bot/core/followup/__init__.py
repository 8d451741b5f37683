"""What production made of a decision."""
