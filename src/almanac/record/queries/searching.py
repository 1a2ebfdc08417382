"""Rows that hold words, by LIKE: every word, in any of a row's texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Q

from almanac.record.infra.search_index import keys_with

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_WORDS = 8
MOST_ROWS = 5000
"""Rows that are looked at further, the newest ones; a word in more of them tells nothing."""
_QUOTED = re.compile(r"[\"“”„]([^\"“”„]+)[\"“”„]|(\S+)")


def words_of(text: str) -> list[str]:
    """The words of a search; what stands in quotation marks is one."""
    found = [phrase or word for phrase, word in _QUOTED.findall(text)]
    return [word.strip() for word in found if word.strip()][:MOST_WORDS]


def searched(table: str, text: str, fields: Iterable[str]) -> Q:
    """The same by the index of words where there is one: in any form and case, accents aside."""
    found = keys_with(table, words_of(text), MOST_ROWS)
    return holding(text, fields) if found is None else Q(pk__in=found)


def holding(text: str, fields: Iterable[str]) -> Q:
    """Rows in which every word stands in one of these fields, in any case."""
    names = list(fields)
    every = Q()
    for word in words_of(text):
        # SQLite compares letters beyond ASCII as they are, so their other cases are asked for too.
        cases = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
        any_field = Q()
        for case in cases:
            for name in names:
                any_field |= Q((f"{name}__icontains", case))
        every &= any_field
    return every
