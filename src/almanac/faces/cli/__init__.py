"""The terminal: `almanac` and its commands. Each asks an answer or calls a verb, and prints."""

from almanac.faces.cli.app import run

__all__ = ["run"]
