"""People, what they said, and erasing somebody."""
