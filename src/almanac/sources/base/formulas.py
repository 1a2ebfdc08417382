"""Cells a spreadsheet would run as a formula, made harmless on the way out and whole on the way in.

A text that begins like a formula gets an apostrophe before it, and so does one that begins with
apostrophes before a formula; taking one away is then exactly the way back.
"""

import re

_RUNS = re.compile(r"'*[=+\-@\t\r]")
_MADE_HARMLESS = re.compile(r"'+[=+\-@\t\r]")


def neutral(text: str) -> str:
    return f"'{text}" if _RUNS.match(text) else text


def whole(text: str) -> str:
    return text[1:] if _MADE_HARMLESS.match(text) else text
