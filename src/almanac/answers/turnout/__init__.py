"""How many people to expect at one event, and why."""
