"""`almanac import`."""
