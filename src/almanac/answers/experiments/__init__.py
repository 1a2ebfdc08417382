"""What is tried on purpose, how it will be judged, and what came out."""
