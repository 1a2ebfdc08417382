"""The ways one person's name or address is written, found in a text and taken out of it.

Found whatever the case, accents, invisible letters and kinds of space; with titles, initials and
pronouns beside it; family name first; joined by hyphens, dots or underscores, as in an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, combining, normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TITLES = frozenset({
    "dr", "prof", "professor", "mr", "mrs", "ms", "mx", "miss", "sir", "dame", "lord", "lady",
    "rev", "ing", "mag", "dipl", "phd", "msc", "bsc", "herr", "frau", "hr", "fr", "m", "mme",
    "mlle", "sr", "sra", "srta", "don", "doña", "sig", "dott", "dra",
})  # fmt: skip
BESIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\|.*|\b\w+(?:/\w+)+\b")
"""What stands beside a name and is none of it: pronouns, an employer."""
SEPARATOR = r"[\W_]{1,8}"
WRITTEN_SPACES = re.compile(r"%20|&nbsp;|&#160;")
INITIAL = rf"(?:[^\W\d_]\.?{SEPARATOR})?"
DOMAIN = r"(?:@[\w-]+(?:\.[\w-]+)+)?"
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LEAST_JOINED = 8
"""Letters of a name that is also looked for as one word, as in zeldaquimby."""
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
VOICED = "\u3099\u309a"
"""Marks that make another letter of a Japanese one; those of Latin letters are left out."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name, @handle or e-mail address of one person.

    pattern: over folded text. is_joined: in a script that writes no spaces between words, or joins
    others to a name, so that it is found inside words too. is_sure: nothing but this person is
    called so; a single common word, such as Max or May, is not.
    """

    pattern: re.Pattern[str]
    is_joined: bool
    is_sure: bool

    @classmethod
    def of(cls, who: str) -> PersonName:
        """The name as somebody typed it; raises ValueError where nothing of it can be looked for."""
        who = " ".join(normalize("NFC", who).split())
        if ADDRESS.fullmatch(who):
            return cls(_address_pattern(_folded(who)[0]), is_joined=False, is_sure=True)
        words = _words(who)
        letters = "".join(words)
        is_joined = any(letter.isalpha() and not _is_cased(letter) for letter in letters)
        if len(letters) < (2 if is_joined else 3):
            raise ValueError(who)
        is_sure = len(words) > 1 or (is_joined and len(letters) > 2)
        return cls(_name_pattern(words, is_joined), is_joined, is_sure)

    def is_in(self, text: str) -> bool:
        return next(self._places(normalize("NFC", text)), None) is not None

    def out_of(self, text: str, instead: str, in_address: str) -> str:
        """The text with `instead` wherever the name stood; `in_address` inside a web address."""
        composed = normalize("NFC", text)
        parts, done = [], 0
        for begins, ends in self._places(composed):
            word = in_address if _is_in_address(composed, begins) else instead
            parts += [composed[done:begins], word]
            done = ends
        return "".join([*parts, composed[done:]]) if parts else text

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        spaced = WRITTEN_SPACES.sub(lambda written: " " * len(written[0]), text)
        folded, index = _folded(spaced)
        position = 0
        while (match := self.pattern.search(folded, position)) is not None:
            begins, ends = match.span()
            around = folded[begins - 1 : begins] if begins else "", folded[ends : ends + 1]
            is_whole = self.is_joined or not any(map(self._goes_on, around))
            position = ends if is_whole else begins + 1
            if is_whole:
                yield index[begins], _past_marks(text, index[ends - 1] + 1)

    def _goes_on(self, letter: str) -> bool:
        """Whether a letter beside the name makes it part of a longer word."""
        return letter.isdigit() or _is_cased(letter) or (letter == "_" and not self.is_sure)


def _is_cased(letter: str) -> bool:
    return letter.lower() != letter.upper()


def _past_marks(text: str, end: int) -> int:
    while end < len(text) and combining(text[end]):
        end += 1
    return end


def _is_in_address(text: str, position: int) -> bool:
    run = text[max(0, position - 300) : position].split()
    return bool(run) and not text[position - 1].isspace() and "://" in run[-1]


def _address_pattern(folded: str) -> re.Pattern[str]:
    """Not inside a longer address, with or without a tag such as +list."""
    before, _, host = folded.rpartition("@")
    account = re.escape(before.partition("+")[0])
    return re.compile(
        rf"(?<![\w.+-]){account}(?:\+[^@\s]*)?@{re.escape(host)}(?![\w-])(?!\.[^\W\d_])"
    )


def _name_pattern(words: list[str], is_joined: bool) -> re.Pattern[str]:
    between = r"[\W_]*" if is_joined else SEPARATOR + INITIAL
    orders = dict.fromkeys([(*words,), (words[-1], *words[:-1]), (*words[1:], words[0])])
    ways = [between.join(map(re.escape, order)) for order in orders]
    if len(words) > 1 and sum(map(len, words)) >= LEAST_JOINED:
        ways += [re.escape("".join(order)) for order in orders]
    return re.compile(rf"@?(?:{'|'.join(ways)}){DOMAIN}")


def _words(who: str) -> list[str]:
    """The words of a name, folded, without titles and what stands beside it."""
    plain = BESIDE.sub(" ", who)
    folded = _folded(plain if len(plain.split()) > 1 else who)[0]
    words = re.findall(r"[^\W_]+", folded)
    while len(words) > 2 and words[0] in TITLES:
        words = words[1:]
    while len(words) > 2 and words[-1] in TITLES:
        words = words[:-1]
    return words


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text in small letters without accents and invisible letters, and where each letter of it
    stood. Text is composed (NFC)."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    index: list[int] = []
    for position, letter in enumerate(text):
        folded = _folded_letter(letter)
        letters.append(folded)
        index += [position] * len(folded)
    return "".join(letters), index


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    if category(letter) == "Cf" or (combining(letter) and letter not in VOICED):
        return ""
    plain = "".join(
        "".join(part for part in normalize("NFD", each) if not combining(part))
        if _is_cased(each)
        else each
        for each in normalize("NFKC", letter).casefold()
    )
    return "".join(part for part in plain if not combining(part)).translate(PLAIN_LETTERS)
