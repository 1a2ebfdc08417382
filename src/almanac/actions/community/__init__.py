"""People, and what they said."""
