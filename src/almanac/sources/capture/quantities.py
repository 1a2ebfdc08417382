"""Numbers as people write them: 1,240 · 1.2k · ~120 · 50+ · 30-40 · two dozen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.sources.base.cells import BadCellError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 10_000_000
WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "half a dozen": 6, "a dozen": 12, "two dozen": 24, "three dozen": 36,
    "a hundred": 100, "one hundred": 100, "two hundred": 200, "three hundred": 300,
}  # fmt: skip
ROUND = frozenset({"half a dozen", "a dozen", "two dozen", "three dozen", "a hundred"})
NUMERAL = r"\d{1,2}(?:,\d\d)+,\d{3}(?!\d)|\d{1,3}(?:[,.\u00a0']\d{3})+(?![\d])|\d+(?:[.,]\d{1,2})?"
ABOUT = (
    r"(?:~|≈|±|\bc\.|\b(?:ca\.?|circa|about|abt\.?|arnd|aprox\.?|around|roughly|approx(?:\.|imately)?|nearly|almost|maybe|"
    r"perhaps|probably|over|more than|at least|less than|under|close to|some|up to|as many as))"
)
_QUANTITY = re.compile(
    rf"(?P<about>{ABOUT}\s*(?:~|about\s+|around\s+)?)?"
    rf"(?:(?<![\w.,/#$€£¥₹-])(?P<low>\d{{1,5}})\s?(?:-|–|\bto\b)\s?(?P<high>\d{{1,5}})(?![\w/-])"
    rf"|(?<![\w/#$€£¥₹])(?<!\d[.,:])(?P<number>{NUMERAL})(?P<thousand>\s?k\b)?(?P<more>\s?\+)?"
    r"(?![\d/:%°])(?!\.\d)"
    rf"|\b(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})\b(?!-))"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a line. worded: written in letters; whole: a count is possible."""

    value: float
    start: int
    end: int
    approximate: bool
    worded: bool = False

    @property
    def whole(self) -> bool:
        return self.value == int(self.value) and self.value <= LARGEST


def quantities(text: str) -> Iterator[Quantity]:
    """Every number of a text in lower case, from left to right."""
    for found in _QUANTITY.finditer(text):
        about = bool(found["about"])
        if found["word"]:
            word = found["word"]
            yield Quantity(WORDS[word], found.start(), found.end(), about or word in ROUND, True)
        elif found["low"]:
            low, high = int(found["low"]), int(found["high"])
            if low < high:
                yield Quantity((low + high) // 2, found.start(), found.end(), approximate=True)
        else:
            value = numeral(found["number"]) * (1000 if found["thousand"] else 1)
            loose = about or bool(found["thousand"]) or bool(found["more"])
            yield Quantity(value, found.start(), found.end(), loose)


def numeral(text: str) -> float:
    """1,240 and 1.240 are thousands; 4.5 and 4,5 are fractions."""
    if re.fullmatch(r"\d{1,3}(?:[,.\u00a0']\d{2,3})*[,.\u00a0']\d{3}", text):
        return float(re.sub(r"\D", "", text))
    return float(text[:18].replace(",", "."))


def count_said(text: str) -> tuple[int, bool]:
    """A count as somebody says it, and whether it is a rough one: 38, ~70, about 70, 50+.

    Raises BadCellError with a sentence.
    """
    found = list(quantities(text.strip().lower()))
    if (
        len(found) != 1
        or not found[0].whole
        or (found[0].start, found[0].end) != (0, len(text.strip()))
    ):
        raise BadCellError(f"“{text.strip()[:40]}” is not a number of people; write 38, ~70 or 0.")
    return int(found[0].value), found[0].approximate
