"""`almanac experiment` and its commands."""
