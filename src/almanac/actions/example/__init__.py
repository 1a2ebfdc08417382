"""The example: a year in DevRel, played in through the verbs a person uses."""

from almanac.actions.example.example_year import play

__all__ = ["play"]
