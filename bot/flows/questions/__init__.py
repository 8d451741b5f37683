"""Answer what people ask."""
