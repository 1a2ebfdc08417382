"""Metrics over time: what change is detectable, whether a target will be reached, growth."""
