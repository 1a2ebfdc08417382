"""Which program a line belongs to, where it does not say: by the words of names, and of lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.record import rules
from almanac.record.models import Activity, Program
from almanac.record.models.programs import UNSORTED
from almanac.record.queries import activities as queries
from almanac.record.queries.pages import cut

if TYPE_CHECKING:
    from almanac.record.rules import Actor

LATEST = 400
"""Earlier activities looked at."""
ALIKE, ALIKE_OF_KIND = 0.5, 0.35
"""Share of words two lines must have in common; less where they are of one kind."""
A_PAGE = 50
_SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "of",
        "at",
        "in",
        "on",
        "for",
        "with",
        "to",
        "from",
        "by",
        "about",
        "our",
        "my",
        "we",
        "i",
        "this",
        "that",
        "gave",
        "ran",
        "wrote",
        "held",
        "hosted",
        "met",
        "spoke",
        "talk",
        "talks",
        "meetup",
        "meetups",
        "event",
        "events",
        "workshop",
        "workshops",
        "post",
        "posts",
    ]
)


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of what is unsorted, newest first, each with a program it may belong to."""

    rows: tuple[tuple[Activity, str], ...]
    total: int
    page: int
    more: bool


def inbox(actor: Actor, page: int = 1) -> Inbox:
    rules.require(rules.may_read_record, actor)
    rows, more = cut(queries.unsorted(), page, A_PAGE)
    likeness = _Likeness()
    shown = tuple((row, likeness.program_of(row.title, row.kind)) for row in rows)
    return Inbox(shown, queries.unsorted().count(), page, more)


def suggested_program(actor: Actor, title: str, kind: str) -> str:
    """The name of a program this may belong to, to be confirmed; empty where none is likely."""
    rules.require(rules.may_read_record, actor)
    return _Likeness().program_of(title, kind)


class _Likeness:
    """Open programs by the words of their names and of what was filed under them lately."""

    def __init__(self) -> None:
        names = Program.objects.filter(closed=False).exclude(name=UNSORTED)
        self.names = [
            (name, _words(name, frozenset()))
            for name in sorted(names.values_list("name", flat=True), key=len, reverse=True)
        ]
        rows = Activity.objects.exclude(program__name=UNSORTED).filter(program__closed=False)
        columns = rows.order_by("-id").values_list("title", "kind", "program__name")
        self.filed = [(_words(title, _SMALL), kind, name) for title, kind, name in columns[:LATEST]]

    def program_of(self, title: str, kind: str) -> str:
        said = _words(title, frozenset())
        named = next((name for name, own in self.names if own and own <= said), "")
        return named or self._by_lines(_words(title, _SMALL), kind)

    def _by_lines(self, said: frozenset[str], kind: str) -> str:
        """Where most lines alike were filed."""
        votes: Counter[str] = Counter()
        for its, its_kind, name in self.filed:
            common = len(said & its)
            needed = ALIKE_OF_KIND if its_kind == kind else ALIKE
            if common and common / len(said | its) >= needed:
                votes[name] += 1
        return votes.most_common(1)[0][0] if votes else ""


def _words(text: str, without: frozenset[str]) -> frozenset[str]:
    """Words in lower case, plurals as singulars."""
    words = re.findall(r"[^\W\d_]{2,}", text.lower())
    return frozenset(word.removesuffix("s") for word in words if word not in without)
