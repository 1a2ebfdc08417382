"""Posts and series: what each platform counted, compared at the same age, and which series landed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import slugify

from almanac.answers import words
from almanac.core.metrics import growth
from almanac.core.metrics.growth import AGES, AtAge, Landed, Reading
from almanac.core.refusals import Refusal
from almanac.core.vocabulary import AHEAD, Kind, Status
from almanac.record import rules
from almanac.record.models import Activity, Post, PostCount, Series
from almanac.sources.text.front_matter import skeleton

if TYPE_CHECKING:
    from almanac.record.rules import Actor

VIEWS = "views"
MOST_OTHERS = 60
MOST_POSTS = 300
PAGE = 40


@dataclass(frozen=True, slots=True)
class PlatformViews:
    """One platform's views of a post: readings by age, and what they come to at each of AGES."""

    platform: str
    readings: tuple[Reading, ...]
    at: tuple[tuple[int, AtAge | Refusal], ...]

    @property
    def latest(self) -> Reading | None:
        return self.readings[-1] if self.readings else None


@dataclass(frozen=True, slots=True)
class PostView:
    """A post with its series and what was counted of it, platform by platform."""

    activity: Activity
    series: Series | None
    position: int | None
    canonical: str
    elsewhere: tuple[str, ...]
    seen: tuple[PlatformViews, ...]


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series, its posts in order, and by platform and age how they did against the rest."""

    series: Series
    posts: tuple[PostView, ...]
    landed: tuple[tuple[str, Landed, str], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """The posts: what is under way by status, what came out lately, and the series."""

    pipeline: tuple[tuple[str, tuple[Activity, ...]], ...]
    posts: tuple[PostView, ...]
    series: tuple[Series, ...]


def _readings() -> dict[int, dict[str, list[Reading]]]:
    """Views by post and platform, as ages in days; one pass over all that stands."""
    found: dict[int, dict[str, list[Reading]]] = {}
    rows = PostCount.objects.filter(
        what=VIEWS, replaced_at__isnull=True, post__activity__day__isnull=False
    ).order_by("day")
    columns = ("post__activity_id", "platform", "day", "count", "post__activity__day")
    for key, platform, day, count, published in rows.values_list(*columns):
        # A day's count is read at its end.
        age = (day - published).days + 1
        if age > 0:
            found.setdefault(key, {}).setdefault(platform, []).append(Reading(age, float(count)))
    return found


def _view(
    activity: Activity, readings: dict[int, dict[str, list[Reading]]], ages: tuple[int, ...] = AGES
) -> PostView:
    post: Post | None = getattr(activity, "post", None)
    seen = []
    for platform, mine in sorted(readings.get(activity.pk, {}).items()):
        others = [
            by_platform[platform]
            for key, by_platform in readings.items()
            if key != activity.pk and platform in by_platform
        ][-MOST_OTHERS:]
        at = tuple((age, growth.at_age(mine, others, age)) for age in ages)
        seen.append(PlatformViews(platform, tuple(mine), at))
    return PostView(
        activity,
        post.series if post else None,
        post.position if post else None,
        post.canonical if post else "",
        tuple(post.elsewhere) if post else (),
        tuple(seen),
    )


def desk(actor: Actor) -> Desk:
    """Everything about posts on one page."""
    rules.require(rules.may_read_record, actor)
    rows = Activity.objects.filter(kind=Kind.POST).select_related("program", "post__series")
    ahead = list(rows.filter(status__in=AHEAD).order_by("day", "id")[:MOST_POSTS])
    pipeline = tuple(
        (Status(status).label, tuple(row for row in ahead if row.status == status))
        for status in AHEAD
    )
    readings = _readings()
    done = rows.filter(status=Status.DONE).order_by("-day", "-id")[:PAGE]
    return Desk(
        pipeline,
        tuple(_view(activity, readings) for activity in done),
        tuple(Series.objects.select_related("program")),
    )


def post_view(actor: Actor, activity: Activity) -> PostView:
    """One post, as its page shows it."""
    rules.require(rules.may_read_record, actor)
    return _view(activity, _readings())


def series_page(actor: Actor, slug: str) -> SeriesView | None:
    rules.require(rules.may_read_record, actor)
    series = Series.objects.select_related("program").filter(slug=slug).first()
    if series is None:
        return None
    readings = _readings()
    rows = (
        Activity.objects.filter(post__series=series)
        .select_related("program", "post__series")
        .order_by("post__position", "day", "id")
    )
    posts = tuple(_view(activity, readings) for activity in rows[:MOST_POSTS])
    return SeriesView(series, posts, tuple(_landed(posts, readings)))


def _landed(
    posts: tuple[PostView, ...], readings: dict[int, dict[str, list[Reading]]]
) -> list[tuple[str, Landed, str]]:
    mine = {post.activity.pk for post in posts}
    platforms = sorted({seen.platform for post in posts for seen in post.seen})
    found = []
    for platform in platforms:
        for age in AGES:
            inside: list[float] = []
            outside: list[float] = []
            for key, by_platform in readings.items():
                views = growth.read_at(by_platform.get(platform, []), age)
                if views is not None:
                    (inside if key in mine else outside).append(views)
            landed = growth.landed(inside, outside, age)
            found.append((platform, landed, _landed_sentence(platform, landed)))
    return found


def _landed_sentence(platform: str, landed: Landed) -> str:
    if landed.refusal is not None or landed.ratio is None:
        return (
            f"Can’t compare yet on {platform} at {landed.age} days: it needs three posts in the series "
            f"and three others (you have {landed.posts} and {landed.against})."
        )
    low, high = landed.low or 0.0, landed.high or 0.0
    ratio = f"{landed.ratio:.1f} times"
    if low > 1:
        verdict = f"landed: about {ratio} the views of other posts"
    elif high < 1:
        verdict = f"got less: about {ratio} the views of other posts"
    else:
        verdict = f"is not clearly different from other posts ({ratio})"
    return f"At {landed.age} days on {platform} it {verdict} ({low:.1f} to {high:.1f})."


def at_age_words(found: AtAge | Refusal) -> str:
    """“1,204”, or “expect 900 to 1,600”, or why there is neither."""
    if isinstance(found, Refusal):
        return "not measured then" if found is Refusal.NOT_MEASURED else "–"
    if found.exact:
        return words.number(round(found.views))
    return f"expect {words.span(round(found.low), round(found.high))}"


def skeleton_of(actor: Actor, activity: Activity) -> tuple[str, str]:
    """A post as a Markdown file to go on writing: the file's name, as Jekyll wants it, and text."""
    rules.require(rules.may_read_record, actor)
    post: Post | None = getattr(activity, "post", None)
    stamp = f"{activity.day:%Y-%m-%d}-" if activity.day else ""
    name = slugify(activity.title)[:80].strip("-") or f"post-{activity.pk}"
    return f"{stamp}{name}.md", skeleton(
        activity.title,
        activity.day,
        list(activity.tags.values_list("name", flat=True)),
        post.series.name if post and post.series else "",
        post.canonical if post else "",
        activity.notes,
    )
