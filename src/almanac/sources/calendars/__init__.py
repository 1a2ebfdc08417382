"""Calendars, as events and as busy time."""
