"""`almanac metric` and `almanac target`."""
