"""What to expect of one event, on a page: to send to whoever asks, before it happens.

It rests on the frozen forecast alone. The practitioner's own guess is private and stays out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from almanac.answers import words
from almanac.press import documents

if TYPE_CHECKING:
    from almanac.answers.turnout.expectation import FrozenForecast, Prospect
    from almanac.core.scoring import HitRate
    from almanac.record.models import Activity


@dataclass(frozen=True, slots=True)
class Expectation:
    """body: the page without what stands around it, as HTML."""

    title: str
    body: str

    @property
    def html(self) -> bytes:
        """A document of its own, which opens anywhere."""
        return documents.html(self.title, self.body)


def expectation(prospect: Prospect, record: HitRate | None = None) -> Expectation | None:
    """record: how often past forecasts' ranges held. None where nothing has been forecast yet."""
    latest = prospect.latest
    if latest is None:
        return None
    hoped = prospect.turnout.hoped if prospect.turnout else None
    context = {
        "activity": prospect.activity,
        "latest": latest,
        "turnout": prospect.turnout,
        "reaching": latest.main.reaching(hoped) if hoped is not None else "",
        "record": record,
        "facts": _facts(prospect.activity, latest),
        "stale": bool(prospect.changes),
        "over": prospect.has_begun,
        "edges": latest.main.counts is not None and latest.main.low != latest.main.counts.first,
    }
    title = f"What to expect: {prospect.activity.title}"
    return Expectation(title, render_to_string("press/expectation.html", context))


def _facts(activity: Activity, latest: FrozenForecast) -> list[str]:
    facts = [activity.get_kind_display()]
    if activity.local_start:
        facts.append(f"{activity.local_start:%A, %-d %B %Y, %H:%M} {activity.zone}")
    elif activity.day:
        facts.append(f"{activity.day:%A, %-d %B %Y}")
    if activity.format:
        facts.append(activity.get_format_display())
    if activity.place:
        facts.append(activity.place)
    if latest.known.get("seats") is not None:
        facts.append(words.counted(latest.known["seats"], "seat", "seats"))
    return facts
