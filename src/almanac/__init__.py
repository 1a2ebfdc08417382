"""Almanac: the logbook of a developer-relations practitioner that also looks ahead."""

__version__ = "0.2.0"
