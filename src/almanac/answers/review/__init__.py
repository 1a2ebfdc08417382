"""A period written up for one audience, and what the public log holds."""
