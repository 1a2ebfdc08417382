"""People, what they said, how they heard, and peers."""
