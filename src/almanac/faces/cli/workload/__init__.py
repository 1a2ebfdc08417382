"""`almanac load`, `board` and `can-i`."""
