"""What people said before the fact, as distributions, and how guesses and forecasts combine."""
