"""What people said, and how they heard."""
