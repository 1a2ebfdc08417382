"""What comes in: files that are imported, and the inbox."""
