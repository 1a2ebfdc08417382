"""The log, programs, the calendar and the year."""
