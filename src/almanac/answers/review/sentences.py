"""Sentences whose numbers know the rows they came from, and those that say what was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.core.vocabulary import Kind
from almanac.record.queries.attendance import attendance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.answers.review.evidence import ByProgram, Found
    from almanac.record.models import Activity

MOST_ROWS = 6
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A row behind a number: an activity by its key, title and day."""

    key: int
    title: str
    day: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A number in a sentence, with every row it came from."""

    text: str
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, text: str, activities: Sequence[Activity]) -> Fact:
        return cls(
            text,
            tuple(Row(a.pk, a.title, f"{a.day:%-d %b %Y}" if a.day else "") for a in activities),
        )

    @property
    def shown(self) -> tuple[Row, ...]:
        """The first few, for a footnote."""
        return self.rows[:MOST_ROWS]

    @property
    def more(self) -> int:
        return len(self.rows) - len(self.shown)


Sentence = tuple["str | Fact", ...]


def plain(sentence: Sentence) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in sentence)


def named(rows: Sequence[Activity]) -> str:
    """“Night of Rust”, “Intro to R” and 3 more, each in its quotes."""
    titles = list(dict.fromkeys(f"“{row.title}”" for row in rows))
    shown = titles[:MOST_NAMED]
    rest = len(titles) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return words.joined(shown)


# What was done


def kinds_sentence(found: Found) -> Sentence:
    numbers = Counter(activity.kind for activity in found.done)
    parts: list[str | Fact] = []
    kinds = [kind for kind in Kind if numbers[kind]]
    for place, kind in enumerate(kinds):
        if place:
            parts.append(" and " if place == len(kinds) - 1 else ", ")
        rows = [activity for activity in found.done if activity.kind == kind]
        parts.append(Fact.of(words.counted(numbers[kind], *kind.noun), rows))
    return (*parts, ".")


def people_sentence(found: Found) -> Sentence | None:
    who = attendance(found.done)
    parts: list[str | Fact] = []
    if who.people is not None:
        parts += [
            Fact.of(words.counted(who.people, "attendance", "attendances"), who.events),
            f" at {words.counted(len(who.events), 'event', 'events')} with a count.",
        ]
    if who.audience is not None:
        parts += [
            " " if parts else "",
            Fact.of(words.counted(who.audience, "person", "people"), who.talks),
            f" in the audience of {words.counted(len(who.talks), 'talk', 'talks')}.",
        ]
    if who.uncounted:
        parts += [
            " At " if parts else "At ",
            Fact.of(words.counted(len(who.uncounted), "event", "events"), who.uncounted),
            " nobody counted.",
        ]
    return tuple(part for part in parts if part) or None


def effort_sentence(found: Found) -> Sentence | None:
    noted = [a for a in found.done if a.hours_spent is not None]
    costed = [a for a in found.done if a.cost is not None]
    parts: list[str | Fact] = []
    if noted:
        total = sum(float(a.hours_spent or 0) for a in noted)
        parts += [
            Fact.of(f"{total:,.6g} h", noted),
            f" logged, on {len(noted)} of {words.counted(len(found.done), 'activity', 'activities')}",
        ]
    if costed:
        by: Counter[str] = Counter()
        for activity in costed:
            by[activity.currency] += float(activity.cost or 0)  # type: ignore[assignment]
        money = words.joined([f"{cost:,.0f} {currency}".strip() for currency, cost in by.items()])
        parts += ["; " if parts else "", Fact.of(money, costed), " spent"]
    return (*parts, ".") if parts else None


def program_sentence(mine: ByProgram) -> Sentence:
    """“3 hackathons, 41 h; 12 took part of 61 who had signed up.”"""
    numbers = Counter(activity.kind for activity in mine.done)
    parts: list[str | Fact] = []
    for kind in Kind:
        if numbers[kind]:
            rows = [activity for activity in mine.done if activity.kind == kind]
            if parts:
                parts.append(", ")
            parts.append(Fact.of(words.counted(numbers[kind], *kind.noun), rows))
    if mine.hours is not None:
        noted = [a for a in mine.done if a.hours_spent is not None]
        parts += ["; ", Fact.of(f"{float(mine.hours):,.6g} h", noted)]
    who = attendance(mine.done)
    if who.audience is not None:
        parts += ["; ", Fact.of(f"{words.number(who.audience)} listened", who.talks)]
    counted = who.events
    if who.people is not None:
        parts += ["; ", Fact.of(f"{words.number(who.people)} came", counted)]
        both = [a for a in counted if a.turnout.signups]
        signed = f"{words.number(sum(a.turnout.signups or 0 for a in both))} signed up"
        if both and len(both) == len(counted):
            parts.append(f" of {signed}")
        elif both:
            parts += [
                ", ",
                Fact.of(signed, both),
                f" (known for {len(both)} of {len(counted)})",
            ]
        part = [a for a in counted if a.turnout.took_part is not None]
        if part:
            took = sum(a.turnout.took_part or 0 for a in part)
            parts += [", ", Fact.of(f"{words.number(took)} took part", part)]
    return (*parts, ".")
