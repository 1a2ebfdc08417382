"""Which numbers should I track? Two or three for a goal, with what each could show in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers.metrics import metric_pages
from almanac.answers.metrics.catalogue import ENTRIES
from almanac.record import rules
from almanac.record.models import Metric

if TYPE_CHECKING:
    from almanac.answers.metrics.catalogue import CatalogueEntry
    from almanac.record.rules import Actor

RISE, WEEKS = 0.3, 13
"""A rise that would matter to most, within a quarter."""


@dataclass(frozen=True, slots=True)
class TrackingGoal:
    """entries: keys of the catalogue, the most telling first; why: what they say together."""

    key: str
    title: str
    entries: tuple[str, ...]
    why: str


GOALS = (
    TrackingGoal(
        "known", "More people know about us", ("heard-about-us", "talk-audiences", "kind-words"),
        "Ask people how they heard of you. Audiences say how many could have.",
    ),
    TrackingGoal(
        "come", "More people come to our events", ("attendees", "show-rate", "interest-to-signup"),
        "How many come, and at which step the others are lost.",
    ),
    TrackingGoal(
        "use", "People build something with it", ("projects-handed-in", "downloads", "first-success"),
        "Submissions say who began; downloads are noisy, so read them beside something else.",
    ),
    TrackingGoal(
        "read", "People read what we write", ("posts-published", "downloads", "heard-about-us"),
        "Compare posts at the same age on the page Content; the number of posts is only what you did.",
    ),
    TrackingGoal(
        "worth", "The work is worth its cost", ("cost-per-attendee", "hours", "money-spent"),
        "What one person who came costs, beside all that goes in.",
    ),
    TrackingGoal(
        "kind", "People feel well with us", ("kind-words", "net-recommendability", "show-rate"),
        "What people say in their own words tells most; collect it as it comes.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AdvisedMetric:
    """A metric for a goal. metric: None while it is off; sentence: what it could show, or what it needs."""

    entry: CatalogueEntry
    metric: Metric | None
    sentence: str

    @property
    def can_be_on(self) -> bool:
        return self.metric is None and not self.entry.needs


def goal_called(key: str) -> TrackingGoal | None:
    return next((goal for goal in GOALS if goal.key == key), None)


def advice(actor: Actor, goal: TrackingGoal) -> list[AdvisedMetric]:
    """Two or three metrics for a goal."""
    rules.require(rules.may_read_record, actor)
    on = {metric.entry: metric for metric in Metric.objects.filter(closed=False).exclude(entry="")}
    shows = {
        choice.metric.pk: choice.sentence for choice in metric_pages.choose(actor, RISE, WEEKS)
    }
    found = []
    for key in goal.entries:
        entry = ENTRIES[key]
        metric = on.get(key)
        if metric is not None:
            sentence = shows.get(
                metric.pk, "It is a level, or better neither high nor low: read its page."
            )
        elif entry.needs:
            sentence = "Needs data from your community’s tools, which Almanac can’t read yet."
        elif entry.feed:
            sentence = "Counted from your log as soon as it is on."
        else:
            sentence = "Measured by hand, or from a file."
        found.append(AdvisedMetric(entry, metric, sentence))
    return found
