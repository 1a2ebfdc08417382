"""The public log as a static site: plain HTML that needs no script, feeds, a calendar, a map.

Pages are made from entries alone; writing them down is for the verb.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed

from almanac.core.vocabulary import Format, Kind, Status
from almanac.press import documents, xml
from almanac.press import review as review_press
from almanac.press.tags import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from almanac.answers.review.publication import PublicEntry, Site

LATEST = 40
FEED = 50


@dataclass(frozen=True, slots=True)
class LogLine:
    """A public entry as a page shows it, in microformats2: done is an h-entry, to come an h-event."""

    key: str
    title: str
    microformat: str
    stamp: str
    when: str
    day: str
    facts: tuple[str, ...]
    place: str
    links: tuple[str, ...]


def pages(site: Site) -> dict[str, bytes]:
    """Every file of the site by its path, but for the log of what was published."""
    made: dict[str, bytes] = {"style.css": documents.style().encode()}
    by_month: dict[str, list[PublicEntry]] = defaultdict(list)
    for entry in site.done:
        by_month[_month(entry)].append(entry)
    for month, entries in by_month.items():
        made[f"log/{month}.html"] = _page(
            site, "entries", _month_name(month), up="../", entries=_lines(entries)
        )
    made["index.html"] = _front(site, sorted(by_month, reverse=True))
    for kind, name, title in ((Kind.TALK, "talks", "Talks"), (Kind.POST, "posts", "Posts")):
        found = [entry for entry in site.done if entry.content["kind"] == kind]
        if found:
            made[f"{name}.html"] = _page(site, "entries", title, entries=_lines(found))
    for program in site.programs:
        slug = str(program.content["slug"])
        mine = [e for e in (*site.coming, *site.done) if e.content["program"] == slug]
        made[f"programs/{slug}.html"] = _page(
            site,
            "entries",
            str(program.content["title"]),
            up="../",
            body=markdown(str(program.content["purpose"])),
            entries=_lines(mine),
        )
    for _, made_review, done in site.reviews:
        body = review_press.body(made_review, done, None)
        made[f"reviews/{made_review.slug}.html"] = _page(
            site, "bare", made_review.title, up="../", body=body
        )
    if site.targets:
        made["targets.html"] = _page(site, "targets", "Targets")
    if site.quotes:
        made["voices.html"] = _page(site, "quotes", "Quotes")
    if site.files:
        made["take-over.html"] = _page(site, "files", "To take over")
        made |= {f"shared/{entry.key}.md": entry.content["file"].encode() for entry in site.files}
    if site.record is not None:
        forecast = next((g for g in site.record.by_who if g.name == "the forecast"), None)
        coverage = forecast.coverage if forecast else ()
        made["track-record.html"] = _page(
            site, "accuracy", "How right were the forecasts?", coverage=coverage
        )
    made["atom.xml"] = _atom(site).encode()
    made["feed.json"] = _json_feed(site).encode()
    made["coming.ics"] = _calendar(site).encode()
    if site.address:
        made["sitemap.xml"] = _sitemap(site, made).encode()
    return made


def _page(site: Site, name: str, title: str, *, up: str = "", **more: Any) -> bytes:
    """One page by its template; up: the way back to the site's own folder."""
    context = {"site": site, "title": title, "up": up, "navigation": _navigation(site), **more}
    return render_to_string(f"press/site/{name}.html", context).encode()


def _front(site: Site, months: Sequence[str]) -> bytes:
    programs = [(f"programs/{p.content['slug']}.html", p.title) for p in site.programs]
    reviews = [(f"reviews/{r.slug}.html", r.title) for _, r, _ in site.reviews]
    by_month = [(f"log/{month}.html", _month_name(month)) for month in months]
    return _page(
        site,
        "front",
        site.title,
        coming=_lines(site.coming),
        latest=_lines(site.done[:LATEST]),
        lists=[("Programs", programs), ("In review", reviews), ("By month", by_month)],
    )


def _navigation(site: Site) -> list[tuple[str, str]]:
    kinds = {entry.content["kind"] for entry in site.done}
    places = [
        (True, "index.html", "Latest"),
        (Kind.TALK in kinds, "talks.html", "Talks"),
        (Kind.POST in kinds, "posts.html", "Posts"),
        (bool(site.targets), "targets.html", "Targets"),
        (bool(site.quotes), "voices.html", "Quotes"),
        (bool(site.files), "take-over.html", "To take over"),
        (site.record is not None, "track-record.html", "Forecast accuracy"),
    ]
    return [(place, name) for shown, place, name in places if shown]


def _lines(entries: Iterable[PublicEntry]) -> list[LogLine]:
    return [_line(entry) for entry in entries]


def _line(entry: PublicEntry) -> LogLine:
    content = entry.content
    coming = content["status"] != Status.DONE
    facts = [kind_of(content)]
    facts += [Format(content["format"]).label] if content["format"] else []
    facts += _came(content)
    return LogLine(
        key=entry.key,
        title=content["title"],
        microformat="h-event" if coming else "h-entry",
        stamp="dt-start" if coming else "dt-published",
        when=content["starts_at"] or content["day"] or "",
        day=_day(entry.day),
        facts=tuple(facts),
        place=content["place"],
        links=tuple(content["links"]),
    )


def kind_of(content: Mapping[str, Any]) -> str:
    """A public entry's kind, as it begins a line."""
    label = Kind(content["kind"]).label
    return f"{label[:1].upper()}{label[1:]}"


def _came(content: Mapping[str, Any]) -> list[str]:
    return [] if content.get("came") is None else [f"{content['came']:,} came"]


def _month(entry: PublicEntry) -> str:
    return str(entry.day)[:7]


def _month_name(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""


# Feeds


def _address(site: Site, path: str) -> str:
    return f"{site.address}/{path}" if site.address else path


def _link_of(site: Site, entry: PublicEntry) -> str:
    links = entry.content["links"]
    return str(links[0]) if links else _address(site, f"log/{_month(entry)}.html#{entry.key}")


def _stamp(entry: PublicEntry) -> str:
    """Midnight UTC where only the day is known."""
    text = entry.content["starts_at"]
    if text:
        return str(text)
    day = entry.day or date(1970, 1, 1)
    return f"{day.isoformat()}T00:00:00+00:00"


def _atom(site: Site) -> str:
    latest = site.done[:FEED]
    name = site.address or f"urn:almanac:{quote(site.title, safe='')}"
    feed = _Feed(
        title=xml.holdable(site.title),
        link=_address(site, "index.html"),
        description="",
        author_name=xml.holdable(site.title),
        feed_url=_address(site, "atom.xml") if site.address else None,
        feed_guid=name,
    )
    for entry in latest:
        feed.add_item(
            title=xml.holdable(entry.title),
            link=_link_of(site, entry),
            description=xml.holdable(_summary(entry)),
            updateddate=datetime.fromisoformat(_stamp(entry)),
            unique_id=f"{name}#{entry.key}",
        )
    return str(feed.writeString("utf-8"))


class _Feed(Atom1Feed):
    """Django's feed, but that an empty one was updated long ago: the same site is the same bytes."""

    def latest_post_date(self) -> datetime:
        moments = (item["updateddate"] for item in self.items)
        return max(moments, default=datetime(1970, 1, 1, tzinfo=UTC))


def _summary(entry: PublicEntry) -> str:
    content = entry.content
    parts = [kind_of(content), _day(entry.day)]
    parts += [content["place"]] if content["place"] else []
    parts += _came(content)
    return ", ".join(parts)


def _json_feed(site: Site) -> str:
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "items": [
            {
                "id": entry.key,
                "url": _link_of(site, entry),
                "title": entry.title,
                "content_text": _summary(entry),
                "date_published": _stamp(entry),
            }
            for entry in site.done[:FEED]
        ],
    }
    if site.address:
        feed |= {"home_page_url": site.address, "feed_url": _address(site, "feed.json")}
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _calendar(site: Site) -> str:
    """What is to come (RFC 5545)."""
    import icalendar  # noqa: PLC0415 - only publishing needs it here

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Almanac//public log//EN")
    calendar.add("version", "2.0")
    for entry in site.coming:
        content = entry.content
        event = icalendar.Event()
        event.add("uid", f"{entry.key}@almanac")
        event.add("summary", content["title"])
        event.add("dtstamp", datetime.combine(entry.day or site.today, time(0, 0)))
        if content["starts_at"]:
            start = datetime.fromisoformat(content["starts_at"])
            event.add("dtstart", start.astimezone(UTC))
            ends = content["ends_at"]
            end = datetime.fromisoformat(ends) if ends else start + timedelta(hours=1)
            event.add("dtend", end.astimezone(UTC))
        else:
            event.add("dtstart", entry.day)
        if content["place"]:
            event.add("location", content["place"])
        if content["links"]:
            event.add("url", content["links"][0])
        calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _sitemap(site: Site, made: dict[str, bytes]) -> str:
    urls = [{"location": _address(site, path)} for path in sorted(made) if path.endswith(".html")]
    return render_to_string("sitemap.xml", {"urlset": urls})
