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

NAVIGATION = (
    ("/", "Today"),
    ("/plan/", "Plan"),
    ("/programs/", "Programs"),
    ("/people/", "People"),
    ("/numbers/", "Numbers"),
    ("/writeup/", "Write-up"),
)


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
        "navigation": NAVIGATION,
        "here": _here(request.path),
        "is_example": settings["example"],
    }


def _here(path: str) -> str:
    """The page of the navigation a path belongs to; an activity belongs to its programs."""
    if path.startswith(("/activities/", "/forecasts/")):
        return "/programs/"
    found = [place for place, _ in NAVIGATION if place != "/" and path.startswith(place)]
    return found[0] if found else path


def _masthead(today: date) -> str:
    left = (today.replace(month=12, day=31) - today).days
    days = {0: "the last day of the year", 1: "one day left in the year"}.get(
        left, f"{left} days left in the year"
    )
    return f"{today:%A, %-d %B %Y}; week {today.isocalendar().week}, {days}"
