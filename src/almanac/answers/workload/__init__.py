"""Commitments against available hours, the board, time off, and “Can I take this on?”."""
