"""Hackathons: who comes, and whether one is worth it."""
