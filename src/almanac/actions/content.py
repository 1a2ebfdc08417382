"""Posts and series: write down, order, count by platform; and what a file brings of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.actions.activities import note_move, safe_url
from almanac.actions.community.quotes import quote_from
from almanac.actions.community.reach import write_link_counts
from almanac.actions.errors import CannotError
from almanac.actions.metrics import new_metric, note
from almanac.actions.programs import program_for
from almanac.answers.community.quotes import corrected_channels
from almanac.answers.log.change_lines import ChangeLine
from almanac.answers.metrics.content import skeleton_of
from almanac.core.vocabulary import AHEAD, Kind, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Link,
    Metric,
    Post,
    PostCount,
    Program,
    Referral,
    Series,
    Tag,
)
from almanac.record.queries import preferences
from almanac.record.queries.names import called
from almanac.record.queries.slugs import free_slug
from almanac.sources.base.rows import PostReading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from almanac.answers.imports.import_plan import Content, PlannedPost
    from almanac.record.changelog import Line
    from almanac.record.rules import Actor

LARGEST = 10**15


def series_for(name: str, line: Line) -> Series:
    """The series of that name, begun where there is none."""
    name = " ".join(name.split())[:200]
    if not name:
        raise CannotError("A series needs a name.")
    known = called(Series.objects.all(), name)
    if known is not None:
        return known
    slug = free_slug(Series, name, otherwise="series", most=200)
    now = clock.now()
    series = Series.objects.create(name=name, slug=slug, created_at=now, updated_at=now)
    line.create(series)
    return series


def set_post(
    actor: Actor,
    activity: Activity,
    *,
    series: str | None = None,
    position: int | None = None,
    canonical: str | None = None,
    elsewhere: Iterable[str] | None = None,
) -> Post:
    """Say of a post which series it belongs to, its own address and where else it stands."""
    rules.require(rules.may_change_record, actor)
    if activity.kind != Kind.POST:
        raise CannotError("Only a post belongs to a series; change its kind first.")
    with verb(actor, "set_post") as line:
        post = _post_of(activity, line)
        changed: dict[str, Any] = {}
        if series is not None:
            changed["series"] = series_for(series, line) if series.strip() else None
        if position is not None:
            changed["position"] = position
        if canonical is not None:
            changed["canonical"] = safe_url(canonical) if canonical else ""
        if elsewhere is not None:
            changed["elsewhere"] = [safe_url(url) for url in elsewhere]
        if changed.get("series") and post.position is None and position is None:
            changed["position"] = _next_place(changed["series"])
        line.keep(post, *(f"{n}_id" if n == "series" else n for n in changed))
        for name, value in changed.items():
            setattr(post, name, value)
        post.save()
        line.summary = ChangeLine.POST(title=activity.title)
    return post


def _next_place(series: Series) -> int:
    last = Post.objects.filter(series=series).order_by("-position").first()
    return (last.position or 0) + 1 if last else 1


def _post_of(activity: Activity, line: Line) -> Post:
    post = Post.objects.filter(activity=activity).first()
    if post is None:
        post = Post.objects.create(activity=activity)
        line.create(post)
    return post


def count_views(
    actor: Actor,
    activity: Activity,
    platform: str,
    count: int,
    day: date | None = None,
    *,
    what: str = "views",
    origin: str = "you said",
) -> Post:
    """What a platform counts of a post by a day, since it was published. Never summed over
    platforms."""
    rules.require(rules.may_change_record, actor)
    if activity.kind != Kind.POST:
        raise CannotError("Views are counted of posts.")
    if not platform.strip():
        raise CannotError("Which platform counted them?")
    if not 0 <= count <= LARGEST:
        raise CannotError("Views are a whole number, 0 or more.")
    day = day or preferences.today()
    with verb(actor, "count_views") as line:
        post = _post_of(activity, line)
        _count(post, platform.strip()[:40], [PostReading(day, what, count)], origin, line)
        line.summary = ChangeLine.VIEWS(
            title=activity.title, count=count, what=what, platform=platform, day=day
        )
    return post


def _count(
    post: Post, platform: str, readings: Sequence[PostReading], origin: str, line: Line
) -> None:
    """Write readings; what they correct is kept as replaced."""
    now = clock.now()
    current = {
        (row.day, row.what): row
        for row in PostCount.objects.filter(post=post, platform=platform, replaced_at__isnull=True)
    }
    new = []
    for reading in readings:
        before = current.get((reading.day, reading.what))
        if before is not None and before.count == reading.count:
            continue
        if before is not None:
            line.keep(before, "replaced_at")
            before.replaced_at = now
            before.save(update_fields=["replaced_at"])
        new.append(
            PostCount(
                post=post,
                platform=platform,
                what=reading.what,
                day=reading.day,
                count=reading.count,
                origin=origin[:200],
                noted_at=now,
            )
        )
    line.create(*PostCount.objects.bulk_create(new, batch_size=500))


# What a file brings


def write_content(content: Content, origin: str, line: Line) -> list[int]:
    """Write everything a file holds beside events, within one verb; the posts touched."""
    touched = [_write_post(planned, origin, line) for planned in content.posts]
    for numbers in content.numbers:
        metric = called(Metric.objects.all(), numbers.metric)
        if metric is None:
            metric = new_metric(line, numbers.metric, f"As imported: {origin}.")
        note(line, metric, numbers.values, numbers.label, origin)
    _write_quotes(content, line)
    write_link_counts(line, content.link_counts, origin)
    now = clock.now()
    corrected = corrected_channels() if content.referrals else {}
    line.create(
        *Referral.objects.bulk_create(
            Referral(
                answer=row.answer,
                channel=corrected.get(row.answer.casefold(), row.channel),
                is_corrected=row.answer.casefold() in corrected,
                day=row.day or now.date(),
                origin=f"{origin}, row {row.row}"[:200],
                noted_at=now,
            )
            for row in content.referrals
        )
    )
    return touched


def _write_post(planned: PlannedPost, origin: str, line: Line) -> int:
    row, activity = planned.row, planned.existing
    if activity is None:
        activity = _new_post(planned, line)
    post = _post_of(activity, line)
    before = {"series_id": post.series_id, "canonical": post.canonical, "elsewhere": post.elsewhere}
    if row.series and post.series_id is None:
        post.series = series_for(row.series, line)
        post.position = _next_place(post.series)
    addresses = [url for url in planned.elsewhere if _is_address(url)]
    if not post.canonical and row.url and _is_address(row.url):
        post.canonical = row.url
    extra = [url for url in addresses if url != post.canonical and url not in post.elsewhere]
    if extra:
        post.elsewhere = [*post.elsewhere, *extra]
    if before != {
        "series_id": post.series_id,
        "canonical": post.canonical,
        "elsewhere": post.elsewhere,
    }:
        stored = Post.objects.get(pk=post.pk)
        line.keep(stored, "series_id", "position", "canonical", "elsewhere")
        post.save()
    _count(post, row.platform or "own site", planned.readings, origin, line)
    return activity.pk


def _new_post(planned: PlannedPost, line: Line) -> Activity:
    row, now = planned.row, clock.now()
    zone = preferences.value("zone")
    today = preferences.today()
    over = row.day is not None and row.day <= today
    program = called(Program.objects.all(), planned.program)
    activity = Activity.objects.create(
        program=program or program_for(planned.program, line),
        kind=Kind.POST,
        title=row.title,
        status=row.status or (Status.DONE if over else Status.PLANNED),
        day=row.day,
        zone=zone,
        notes=row.notes,
        event_id=f"post:{row.key}"[:200] if row.key else "",
        source="content",
        created_at=now,
        updated_at=now,
    )
    line.create(activity)
    if activity.status in AHEAD:
        note_move(activity, "", line)
    for name in row.tags:
        clean = name.strip("# ")[:60]
        if clean:
            tag, fresh = Tag.objects.get_or_create(name=clean)
            if fresh:
                line.create(tag)
            activity.tags.add(tag)
    if row.url and _is_address(row.url):
        line.create(Link.objects.create(activity=activity, url=row.url))
    return activity


def _is_address(url: str) -> bool:
    try:
        return bool(safe_url(url))
    except CannotError:
        return False


def _write_quotes(content: Content, line: Line) -> None:
    for row in content.quotes:
        quote_from(row, line)


def begin_file(actor: Actor, activity: Activity, folder: Path) -> Path:
    """A post's front matter as a Markdown file in a site's folder; an existing file is not replaced."""
    name, text = skeleton_of(actor, activity)
    if activity.kind != Kind.POST:
        raise CannotError(f"{activity.title} is not a post.")
    file = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise CannotError(f"{file} is there already and was left as it is.") from error
    except OSError as error:
        raise CannotError(f"{file} cannot be written: {error.strerror}.") from error
    return file
