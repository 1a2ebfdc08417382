"""Judging: scores, comparisons and votes of several judges, and what they can tell apart."""
