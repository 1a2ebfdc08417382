"""Hackathons: is one worth it, who came, what became of it, and who won."""
