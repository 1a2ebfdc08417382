"""Reach: how many came because of the work, as far as that is shown, likely or unknown; never with views."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.core.community.channels import Channel
from almanac.core.community.reach import ReachRange, reach_of
from almanac.record import rules
from almanac.record.models import Quote, Referral

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor


@dataclass(frozen=True, slots=True)
class Reach:
    """answers: of those who were asked how they heard, None where nobody was; marked: quotes of people who
    would not have known otherwise."""

    answers: ReachRange | None
    marked: tuple[Quote, ...]

    @property
    def sentence(self) -> str:
        """“Of 120 people who were asked, 30 to 52 came because of your work.”"""
        found = self.answers
        if found is None or not found.answered:
            return "Can’t say yet how many came because of your work: nobody has said how they heard of you."
        people = words.counted(found.asked, "person who was asked", "people who were asked")
        if not found.is_known:
            return (
                f"Of {people}, at least {found.low:,} came because of your work. How many more can’t be "
                f"known: {found.asked - found.answered:,} did not say."
            )
        if found.low == found.high:
            return f"Of {people}, {found.low:,} came because of your work."
        return f"Of {people}, {found.low:,} to {found.high:,} came because of your work."

    @property
    def parts(self) -> list[tuple[str, int, str]]:
        """Shown, unknown and elsewhere: (what, people, what it rests on)."""
        found = self.answers
        if found is None:
            return []
        silent = found.asked - found.answered
        elsewhere = found.answered - found.shown - found.unclear
        return [
            (
                "Shown",
                found.shown,
                "named an event, an article, a video, a podcast or a newsletter",
            ),
            (
                "Unknown",
                found.unclear,
                "named a friend, a forum or social media, where it may be you or not",
            ),
            ("Unknown", silent, "gave no answer"),
            ("Elsewhere", elsewhere, "named search, work or school, or were users already"),
        ]

    @property
    def likely(self) -> str:
        found = self.answers
        if found is None or found.likely is None or found.answered == found.asked:
            return ""
        return f"If the others are like those who answered, it is about {round(found.likely):,}."


def reach(actor: Actor, since: date | None = None, until: date | None = None) -> Reach:
    """Of a time, or of all of it. A person who named several channels counts once."""
    rules.require(rules.may_read_record, actor)
    rows, quotes = Referral.objects.all(), Quote.objects.filter(would_not_have_known=True)
    if since:
        rows, quotes = rows.filter(day__gte=since), quotes.filter(day__gte=since)
    if until:
        rows, quotes = rows.filter(day__lte=until), quotes.filter(day__lte=until)
    by_person: dict[str, set[Channel]] = defaultdict(set)
    for origin, channel in rows.values_list("origin", "channel"):
        by_person[origin].add(Channel(channel) if channel in set(Channel) else Channel.OTHER)
    answers = reach_of(len(by_person), list(by_person.values())) if by_person else None
    return Reach(answers, tuple(quotes.select_related("program")[:50]))
