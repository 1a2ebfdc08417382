"""Posts, measurements, quotes, answers and counts of links of a file against the record: what of them is new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from almanac.answers.community.links import link_names, links_by_name, open_counts
from almanac.answers.imports.import_plan import (
    Content,
    PlannedLinkCount,
    PlannedNumbers,
    PlannedPost,
)
from almanac.core.vocabulary import Kind
from almanac.record.models import Activity, Measurement, Metric, Post, PostCount, Quote, Referral
from almanac.record.queries import preferences
from almanac.sources.base.rows import PostReading, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from almanac.answers.imports.import_plan import ImportPlan
    from almanac.sources.base.rows import (
        LinkCountRow,
        MeasurementRow,
        PostRow,
        QuoteRow,
        ReferralRow,
    )


def plan_posts(empty: ImportPlan, rows: Iterable[PostRow], program: str) -> ImportPlan:
    """Posts are the same by their address, else by key, else by title and day."""
    known = _known_posts()
    today = preferences.today()
    planned: list[PlannedPost] = []
    unchanged = 0
    seen: dict[str, PostRow] = {}
    for row in rows:
        names = _names(row)
        if any(n in seen and not _is_another(_urls(seen[n]), row, n) for n in names):
            unchanged += 1
            continue
        for name in names:
            seen.setdefault(name, row)
        existing = next(
            (
                known[name]
                for name in names
                if name in known and not _is_another(_held(known[name]), row, name)
            ),
            None,
        )
        readings = row.readings or tuple(
            PostReading(today, what, count) for what, count in row.counts
        )
        if existing is None:
            belongs = program or row.series or "Writing"
            planned.append(PlannedPost(row, belongs, None, readings, row.elsewhere))
            continue
        fresh = _fresh(existing, row, readings)
        elsewhere = _fresh_addresses(existing, row)
        if fresh or elsewhere:
            planned.append(PlannedPost(row, "", existing, fresh, elsewhere))
        else:
            unchanged += 1
    return replace(empty, content=Content(posts=tuple(planned)), unchanged={"posts": unchanged})


def _names(row: PostRow) -> list[str]:
    names = [_address(url) for url in _urls(row)]
    if row.key:
        names.append(f"key:{row.key.lower()}")
    if row.day is not None:
        names.append(f"{row.title.casefold()}|{row.day}")
    return names or [f"{row.title.casefold()}|"]


def _is_another(urls: Sequence[str], row: PostRow, name: str) -> bool:
    """Alike by title and day alone, at the same site under another address: another post."""
    if "|" not in name or not row.url:
        return False
    site = urlsplit(row.url).netloc
    there = {_address(url) for url in urls if urlsplit(url).netloc == site}
    return bool(there) and _address(row.url) not in there


def _urls(row: PostRow) -> list[str]:
    return [url for url in (row.url, *row.elsewhere) if url]


def _held(activity: Activity) -> list[str]:
    """Every address a post is known by."""
    post = getattr(activity, "post", None)
    urls = [link.url for link in activity.links.all()]
    if post is not None:
        urls += [post.canonical, *post.elsewhere]
    return [url for url in urls if url]


def _address(url: str) -> str:
    """An address without what does not tell pages apart."""
    return url.split("#", 1)[0].removeprefix("https://").removeprefix("http://").rstrip("/").lower()


def _known_posts() -> dict[str, Activity]:
    found: dict[str, Activity] = {}
    rows = Activity.objects.filter(kind=Kind.POST).select_related("post").prefetch_related("links")
    for activity in rows:
        for url in _held(activity):
            found.setdefault(_address(url), activity)
        if activity.event_id.startswith("post:"):
            found.setdefault(f"key:{activity.event_id.removeprefix('post:').lower()}", activity)
        if activity.day is not None:
            found.setdefault(f"{activity.title.casefold()}|{activity.day}", activity)
    return found


def _fresh(
    existing: Activity, row: PostRow, readings: tuple[PostReading, ...]
) -> tuple[PostReading, ...]:
    post = Post.objects.filter(activity=existing).first()
    if post is None:
        return readings
    current = {
        (day, what): count
        for day, what, count in PostCount.objects.filter(
            post=post, platform=row.platform, replaced_at__isnull=True
        ).values_list("day", "what", "count")
    }
    return tuple(r for r in readings if current.get((r.day, r.what)) != r.count)


def _fresh_addresses(existing: Activity, row: PostRow) -> tuple[str, ...]:
    """Where else it stands by now."""
    held = {_address(url) for url in _held(existing)}
    return tuple(url for url in _urls(row) if _address(url) not in held)


def plan_measurements(empty: ImportPlan, rows: Iterable[MeasurementRow]) -> ImportPlan:
    """Values by metric name; a metric nobody has begun is begun. Of two values for one day in one
    file the later row stands, and the earlier is turned away."""
    groups: dict[tuple[str, str], dict[date, MeasurementRow]] = {}
    rejected = list(empty.rejected)
    unchanged = 0
    for row in rows:
        days = groups.setdefault((row.metric, row.label), {})
        before = days.get(row.day)
        if before is not None and before.value != row.value:
            reason = f"gives another value for {row.day} than row {row.row}, which is used"
            rejected.append(Rejected(before.row, reason, (row.metric, f"{before.value:g}")))
        elif before is not None:
            unchanged += 1
        days[row.day] = row
    metrics = {metric.name.casefold(): metric for metric in Metric.objects.all()}
    planned = []
    for (name, label), days in groups.items():
        metric = metrics.get(name.casefold())
        if metric is not None and metric.feed:
            reason = f"is of {metric.name}, which is counted from your logbook"
            rejected += [Rejected(row.row, reason) for row in days.values()]
            continue
        current = _current(metric, label)
        fresh = tuple(
            (day, row.value) for day, row in sorted(days.items()) if current.get(day) != row.value
        )
        unchanged += len(days) - len(fresh)
        if fresh:
            corrections = sum(day in current for day, _ in fresh)
            planned.append(PlannedNumbers(name, label, fresh, corrections))
    names = dict.fromkeys(numbers.metric for numbers in planned)
    new = tuple(name for name in names if name.casefold() not in metrics)
    return replace(
        empty,
        content=Content(numbers=tuple(planned), new_metrics=new),
        unchanged={"measurements": unchanged},
        rejected=tuple(rejected),
    )


def _current(metric: Metric | None, label: str) -> dict[date, float]:
    if metric is None:
        return {}
    rows = Measurement.objects.filter(metric=metric, label=label, replaced_at__isnull=True)
    return dict(rows.values_list("day", "value"))


def plan_quotes(empty: ImportPlan, rows: Iterable[QuoteRow]) -> ImportPlan:
    known = {" ".join(text.split()) for text in Quote.objects.values_list("text", flat=True)}
    fresh: list[QuoteRow] = []
    unchanged = 0
    for row in rows:
        words = " ".join(row.text.split())
        if words in known:
            unchanged += 1
            continue
        known.add(words)
        fresh.append(row)
    return replace(empty, content=Content(quotes=tuple(fresh)), unchanged={"quotes": unchanged})


def plan_referrals(empty: ImportPlan, rows: Iterable[ReferralRow]) -> ImportPlan:
    """The same answer may be given often, so a file is told by its name and its rows' places."""
    today = preferences.today()
    held = set(
        Referral.objects.filter(origin__startswith=empty.origin).values_list("origin", flat=True)
    )
    fresh = []
    unchanged = 0
    for row in rows:
        if f"{empty.origin}, row {row.row}"[:200] in held:
            unchanged += 1
        else:
            fresh.append(replace(row, day=row.day or today))
    return replace(
        empty, content=Content(referrals=tuple(fresh)), unchanged={"referrals": unchanged}
    )


def plan_link_counts(empty: ImportPlan, rows: Iterable[LinkCountRow]) -> ImportPlan:
    """Counts of links that were handed out; those of other links are left out, and named. Where a file
    tells no day, it holds totals up to today."""
    today, known = preferences.today(), links_by_name()
    planned: dict[tuple[int, date, str, bool], PlannedLinkCount] = {}
    unknown: dict[str, None] = {}
    begun: dict[tuple[int, date, str, bool], date] = {}
    for row in rows:
        names = link_names(row.address, row.destination, row.campaign)
        link = next((known[name] for name in names if name in known), None)
        if link is None:
            unknown.setdefault(row.address or row.campaign)
            continue
        day, is_total = row.day or today, row.day is None
        key = (link.pk, day, row.what, is_total)
        before = planned.get(key)
        # One link in two rows of a day, as analytics part them by source.
        count = row.count + (before.count if before else 0)
        planned[key] = PlannedLinkCount(link, day, count, row.what, is_total)
        if row.since is not None:
            begun[key] = row.since
    there = open_counts({each.link.pk for each in planned.values()})
    fresh: list[PlannedLinkCount] = []
    fallen: list[str] = []
    for (link_key, day, what, is_total), each in planned.items():
        held = there.get((link_key, what, is_total), {})
        latest = held[max(held)].count if held and is_total else None
        current = held.get(day)
        if each.count == (current.count if current else latest):
            continue
        if current is None and latest is not None and each.count < latest:
            fallen.append(f"{each.link}: {each.count:,} is less than the {latest:,} of before")
            continue
        since = begun.get((link_key, day, what, is_total))
        if since is not None and any(since <= other <= day for other in held if other != day):
            fallen.append(f"{each.link}: days from {since} on are counted already")
            continue
        fresh.append(replace(each, replaces=current))
    remarks = [*empty.remarks]
    if unknown:
        named = ", ".join(list(unknown)[:3])
        more = f" and {len(unknown) - 3:,} more" if len(unknown) > 3 else ""
        remarks.append(
            f"{named}{more}: not handed out from here, so not counted; a link is noted with almanac reach link"
        )
    if fallen:
        remarks.append(
            f"{fallen[0]}{f' and {len(fallen) - 1:,} more like it' if fallen[1:] else ''}, so not counted; a file of "
            "one period needs a column with the day"
        )
    return replace(
        empty,
        content=Content(link_counts=tuple(fresh)),
        unchanged={"link counts": len(planned) - len(fresh) - len(fallen)},
        remarks=tuple(remarks),
    )
