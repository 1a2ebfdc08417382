"""What stands around every page: the day, the navigation, whether it is an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac import __version__
from almanac.record.infra import clock
from almanac.record.infra.zones import zone_of
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

SECTIONS = {
    "Today": "today",
    "Plan": "plan board requests workload can-i time-off new-event",
    "Programs": (
        "programs unsorted program program-edit new-program playbook handover absence-check experiments "
        "experiment protocol activity activity-edit activity-field new-activity guess outcome counts provisions "
        "timing expectation"
    ),
    "Community": "community erase",
    "Metrics": (
        "year working metrics metric metric-edit new-metric catalogue choose-metric targets content series "
        "accuracy"
    ),
    "Reports": "log changes review review-show review-rows public",
}
"""The pages of each part of the navigation by the names of their addresses; the first is its own."""
SECTION_OF = {name: section for section, names in SECTIONS.items() for name in names.split()}


def surroundings(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    if actor is None or not actor.owner:
        return {"version": __version__}
    settings = preferences.everything()
    today = clock.now().astimezone(zone_of(settings["zone"])).date()
    return {
        "version": __version__,
        "today": today,
        "masthead_day": _masthead(today),
        "navigation": [(section, names.split()[0]) for section, names in SECTIONS.items()],
        "section": _section(request),
        "is_example": settings["example"],
        "theme": settings["theme"],
    }


def _section(request: HttpRequest) -> str:
    """The part of the navigation a page belongs to; empty where it belongs to none."""
    match = request.resolver_match
    return SECTION_OF.get(match.url_name or "", "") if match else ""


def _masthead(today: date) -> tuple[str, str]:
    left = (today.replace(month=12, day=31) - today).days
    days = {0: "the last day of the year", 1: "one day left in the year"}.get(
        left, f"{left} days left in the year"
    )
    return f"{today:%A, %-d %B %Y}", f"week {today.isocalendar().week}, {days}"
