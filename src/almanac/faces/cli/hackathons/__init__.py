"""`almanac judge`."""
