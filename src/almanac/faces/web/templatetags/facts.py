"""The facts of an activity on its page: each can be changed where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from almanac.answers import words
from almanac.answers.log.captured import REACH_WORDS
from almanac.press.tags import hours, money

if TYPE_CHECKING:
    from decimal import Decimal

    from almanac.record.models import Activity

register = template.Library()

UNSAID = {
    "format": "Format", "place": "Place", "due": "Due date", "holder": "Owner",
    "hours_planned": "Hours planned", "hours_spent": "Hours spent", "cost": "Cost",
    "price": "Ticket price", "announced": "Announcement date", "tags": "Tags", "links": "Links",
    "notes": "Notes",
}  # fmt: skip
"""Fields of the form that may be empty, by what a link to them is called."""


@register.filter
def facts(activity: Activity) -> list[tuple[str, str]]:
    """(field, what it says) of everything an activity says of itself, in reading order."""
    said = {
        "kind": activity.get_kind_display(),
        "status": activity.get_status_display(),
        "program": activity.program.label,
        "day": _when(activity),
        "format": activity.get_format_display() if activity.format else "",
        "place": activity.place,
        "hours_planned": _hours(activity.hours_planned, "planned"),
        "hours_spent": _hours(activity.hours_spent, "spent"),
        "cost": _money("cost", activity.cost, activity.currency),
        "price": _money("ticket", activity.price, activity.currency),
        "due": f"due {activity.due:%-d %B %Y}" if activity.due else "",
        "holder": f"owner {activity.holder}" if activity.holder else "",
        "visibility": activity.get_visibility_display(),
    }
    return [(name, text) for name, text in said.items() if text]


@register.filter
def unsaid(activity: Activity) -> list[tuple[str, str]]:
    """(field, its name) of what has not been said."""
    known = {name for name, _ in facts(activity)}
    return [(name, text) for name, text in UNSAID.items() if name not in known]


@register.filter
def reach_word(name: str) -> str:
    return REACH_WORDS.get(name, name)


def _when(activity: Activity) -> str:
    if activity.day is None:
        return "no date yet"
    if activity.period:
        return words.period_of(activity.day, activity.period)
    start, end = activity.local_start, activity.ends_at
    text = f"{start:%A, %-d %B %Y, %H:%M}" if start else f"{activity.day:%A, %-d %B %Y}"
    if end:
        end = end.astimezone(activity.tzinfo)
        text += f" to {end:%-d %B}" if end.date() != activity.day else f" to {end:%H:%M}"
    return f"{text} ({activity.zone})" if start else text


def _hours(value: Decimal | None, word: str) -> str:
    return "" if value is None else f"{hours(value)} {word}"


def _money(word: str, value: Decimal | None, currency: str) -> str:
    return "" if value is None else f"{word} {money(value, currency)}"
