"""Trying things, protocols and trials."""
