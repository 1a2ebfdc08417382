"""`almanac quotes`, `reach` and `people`."""
