"""Metrics, their values, targets and content."""
