"""Floor 2: what people wrote down. One Django app."""
