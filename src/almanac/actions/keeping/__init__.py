"""Keeping the logbook: backups, exports, the off-site copy, erasing, undo."""
