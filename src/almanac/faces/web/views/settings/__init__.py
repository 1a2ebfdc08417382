"""Settings, and what goes out."""
