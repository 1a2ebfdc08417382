"""The example's numbers: metrics that count themselves, one kept by hand, a series with its views."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from almanac.actions import metrics
from almanac.actions.activities import change_activity
from almanac.actions.content import count_views, set_post
from almanac.core.vocabulary import GATHERINGS, Kind, Status
from almanac.record.models import Activity

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor

SWITCHED_ON = ("attendees", "talks-given", "kind-words", "show-rate", "hours")
TARGETS = (
    ("posts-published", 12, "Writing series", ""),
    ("talk-audiences", 450, "Talks", "As many as a year before."),
    ("projects-handed-in", 30, "Hackathons", "Ten for each of three hackathons."),
)
"""Of a year that is nearly over, with the program they are for."""
READERS = (212, 230, 244, 251, 290, 302, 341, 356, 352, 398, 421, 437, 448)
"""Newsletter readers every four weeks; one in between was never looked up."""
NEVER_LOOKED = 6
SERIES = "Docs that people finish"
VIEWS = (310, 420, 380, 900, 640, 720, 1150, 980)
"""What dev.to had counted of each part thirty days after it came out."""


def count(actor: Actor, today: date) -> None:
    """Play in the numbers of the year, each by the verb a person uses."""
    for key in SWITCHED_ON:
        metrics.switch_on(actor, key)
    readers = metrics.begin_metric(
        actor,
        "Newsletter readers",
        definition="Addresses that get the newsletter.",
        measure="stock",
        unit="readers",
        sort="outcome",
        stage="retention",
        cares=True,
    )
    for place, number in enumerate(reversed(READERS)):
        if place != NEVER_LOOKED:
            metrics.measure(actor, readers, number, today - timedelta(weeks=4 * place, days=2))
    metrics.aim(actor, readers, 600, today + timedelta(days=150), why="Enough to ask them things.")
    first, last = today - timedelta(days=332), today + timedelta(days=32)
    for key, value, program, why in TARGETS:
        metric = metrics.switch_on(actor, key)
        metrics.aim(actor, metric, value, last, since=first, program=program, why=why)
    _write_series(actor, today)
    # A call for proposals or a meeting is nobody else's business; what was public then is now.
    shown = Activity.objects.filter(kind__in=(Kind.TALK, Kind.POST), status=Status.DONE)
    for activity in [*shown, *Activity.objects.filter(kind__in=GATHERINGS, status=Status.PLANNED)]:
        change_activity(actor, activity, visibility="public")


def _write_series(actor: Actor, today: date) -> None:
    parts = Activity.objects.filter(
        kind=Kind.POST, status=Status.DONE, title__contains="part", day__isnull=False
    ).order_by("day")
    for post, views in zip(parts, VIEWS, strict=False):
        set_post(actor, post, series=SERIES)
        for age, share in ((3, 0.35), (7, 0.55), (30, 1.0), (90, 1.4)):
            day = post.day + timedelta(days=age - 1) if post.day else today
            if day < today:
                count_views(actor, post, "dev.to", round(views * share), day)
