"""How many sign up, come, take part and submit: forecasts, their parts, and their replay."""
