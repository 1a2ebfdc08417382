"""Writing what a file brings."""
