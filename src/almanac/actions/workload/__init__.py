"""The board, time off and calendars."""
