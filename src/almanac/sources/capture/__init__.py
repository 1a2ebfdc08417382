"""One line as a person types it, read into facts: when, what kind, how many, how long, how much."""
