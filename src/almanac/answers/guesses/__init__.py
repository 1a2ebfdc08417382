"""How forecasts and guesses have done, and how to read a person's next guess."""
