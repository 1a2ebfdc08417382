"""How people came to hear of the work."""
