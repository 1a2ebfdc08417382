"""Pages of a hackathon."""
