"""Playbooks, their upkeep and handovers."""
