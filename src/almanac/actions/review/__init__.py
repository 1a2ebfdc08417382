"""Reviews, the public log, and what is mailed."""
