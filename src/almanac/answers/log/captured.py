"""What was understood of a line, in a few words: the terminal's line and the page's summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.log.recurring import rule_said
from almanac.core.vocabulary import Kind, Status

if TYPE_CHECKING:
    from datetime import date

    from almanac.sources.capture.line import Captured

COUNT_WORDS = {
    "interested": "interested", "signups": "signed up", "attended": "came",
    "took_part": "took part", "submissions": "submissions", "seats": "seats", "hoped": "expected",
}  # fmt: skip
"""What a number of people is called beside it."""
REACH_WORDS = {
    "views": "views", "readers": "readers", "subscribers": "subscribers", "contacts": "people reached",
}  # fmt: skip


def understood(item: Captured) -> list[str]:
    """Each fact of a line as one says it."""
    parts = [Kind(item.kind).label, Status(item.status).label]
    if item.starts_at:
        parts.append(f"{item.starts_at:%a %-d %b %Y, %H:%M}")
    elif item.day:
        parts.append(day_words(item.day, item.period))
    if item.repeats:
        parts.append(rule_said(item.repeats.recurrence))
    if item.due:
        parts.append(f"due {item.due:%a %-d %b %Y}")
    if item.talk and item.talk.again:
        parts.append(f"follow up with {item.talk.who} {item.talk.again:%a %-d %b %Y}")
    return [*parts, *counts_said(item), *other_facts(item)]


def counts_said(item: Captured) -> list[str]:
    """“about 70 came”, “31 signed up”."""
    return [
        f"{'about ' if name in item.approximate else ''}{number:,} {COUNT_WORDS[name]}"
        for name, number in item.counts.items()
    ]


def other_facts(item: Captured) -> list[str]:
    """Its end, hours, cost, reach, tags and links: what has no column of its own."""
    parts = []
    if item.ends_at and item.day and item.ends_at.date() != item.day:
        parts.append(f"to {item.ends_at:%a %-d %b}")
    if item.hours is not None:
        travel = f", {item.travel:g} h of them travel" if item.travel else ""
        parts.append(f"{item.hours:g} h{travel}")
    if item.cost is not None:
        parts.append(f"{item.cost:,.2f} {item.currency}".strip())
    parts += [f"{number:,} {REACH_WORDS[name]}" for name, number in item.reach.items()]
    return parts + [f"#{tag}" for tag in item.tags] + list(item.links)


def day_words(day: date, period: str) -> str:
    """“Thu 26 Nov 2026”; “October 2026” or “Q3 2026” where only that is known."""
    return words.period_of(day, period) if period else f"{day:%a %-d %b %Y}"
