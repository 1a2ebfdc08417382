"""Floor 6: thin, and none knows another."""
