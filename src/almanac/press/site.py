"""The public log as a static site: plain HTML that needs no script, feeds, a calendar, a map.

Pages are made from entries alone; writing them down is for the verb.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from almanac.core.vocabulary import Format, Kind
from almanac.press import documents, xml
from almanac.press import review as review_press
from almanac.press.tags import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from almanac.answers.review.publication import PublicEntry, Site

LATEST = 40
FEED = 50
NEVER = "1970-01-01T00:00:00+00:00"


def kind_of(content: Mapping[str, Any]) -> str:
    """A public entry's kind, as it begins a line."""
    label = Kind(content["kind"]).label
    return f"{label[:1].upper()}{label[1:]}"


def pages(site: Site) -> dict[str, bytes]:
    """Every file of the site by its path, but for the log of what was published."""
    made: dict[str, bytes] = {"style.css": documents.style().encode()}
    by_month: dict[str, list[PublicEntry]] = defaultdict(list)
    for entry in site.done:
        by_month[_month(entry)].append(entry)
    for month, entries in by_month.items():
        title = f"{date.fromisoformat(f'{month}-01'):%B %Y}"
        made[f"log/{month}.html"] = _page(site, title, _list(entries), "../")
    made["index.html"] = _page(site, site.title, _front(site, sorted(by_month, reverse=True)), "")
    for kind, name, title in (("talk", "talks", "Talks"), ("post", "posts", "Posts")):
        found = [entry for entry in site.done if entry.content["kind"] == kind]
        if found:
            made[f"{name}.html"] = _page(site, title, _list(found), "")
    for program in site.programs:
        slug = str(program.content["slug"])
        mine = [e for e in (*site.coming, *site.done) if e.content["program"] == slug]
        made[f"programs/{slug}.html"] = _page(
            site,
            str(program.content["title"]),
            markdown(str(program.content["purpose"])) + _list(mine),
            "../",
        )
    for _, made_review, done in site.reviews:
        body = review_press.body(made_review, done, None)
        made[f"reviews/{made_review.slug}.html"] = _bare(site, made_review.title, body, "../")
    if site.targets:
        items = "".join(
            f"<dt>{escape(aim.target.metric.name)}</dt><dd>{escape(aim.sentence)}</dd>"
            for _, aim in site.targets
        )
        made["targets.html"] = _page(site, "Targets", f'<dl class="parts">{items}</dl>', "")
    if site.quotes:
        made["voices.html"] = _page(site, "What people said", _quotes(site.quotes), "")
    if site.record is not None:
        made["track-record.html"] = _page(site, "How right were the forecasts?", _record(site), "")
    made["atom.xml"] = _atom(site).encode()
    made["feed.json"] = _json_feed(site).encode()
    made["coming.ics"] = _calendar(site).encode()
    if site.address:
        made["sitemap.xml"] = _sitemap(site, made).encode()
    return made


def _month(entry: PublicEntry) -> str:
    return str(entry.day)[:7]


def _navigation(site: Site, up: str) -> str:
    places = [("index.html", "Latest")]
    if any(entry.content["kind"] == "talk" for entry in site.done):
        places.append(("talks.html", "Talks"))
    if any(entry.content["kind"] == "post" for entry in site.done):
        places.append(("posts.html", "Posts"))
    if site.targets:
        places.append(("targets.html", "Targets"))
    if site.quotes:
        places.append(("voices.html", "What people said"))
    if site.record is not None:
        places.append(("track-record.html", "Track record"))
    links = "".join(f'<a href="{up}{place}">{name}</a>' for place, name in places)
    return f'<nav class="facts" aria-label="Pages">{links}</nav>'


def _page(site: Site, title: str, body: str, up: str) -> bytes:
    return _bare(site, title, f"<h1>{escape(title)}</h1>{body}", up)


def _bare(site: Site, title: str, body: str, up: str) -> bytes:
    head = title if title == site.title else f"{title} · {site.title}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(head)}</title>\n"
        f'<link rel="stylesheet" href="{up}style.css">\n'
        f'<link rel="alternate" type="application/atom+xml" title="{escape(site.title)}" '
        f'href="{up}atom.xml">\n'
        f'<link rel="alternate" type="application/feed+json" title="{escape(site.title)}" '
        f'href="{up}feed.json">\n</head>\n<body>\n<main>\n'
        f'<header class="site"><p class="small"><a href="{up}index.html">{escape(site.title)}</a>'
        f"</p>{_navigation(site, up)}</header>\n{body}\n"
        f'<footer class="small gap">Feeds: <a href="{up}atom.xml">Atom</a>, '
        f'<a href="{up}feed.json">JSON</a>, <a href="{up}coming.ics">calendar</a>.</footer>\n'
        "</main>\n</body>\n</html>\n"
    ).encode()


def _front(site: Site, months: Sequence[str]) -> str:
    parts = []
    if site.coming:
        parts.append(f'<section class="section"><h2>Coming</h2>{_list(site.coming)}</section>')
    if site.done:
        latest = _list(site.done[:LATEST])
        parts.append(f'<section class="section"><h2>Latest</h2>{latest}</section>')
    else:
        parts.append("<p>Nothing is public yet.</p>")
    if site.programs:
        items = "".join(
            f'<li><a href="programs/{p.content["slug"]}.html">{escape(p.title)}</a></li>'
            for p in site.programs
        )
        parts.append(f'<section class="section"><h2>Programs</h2><ul>{items}</ul></section>')
    if site.reviews:
        items = "".join(
            f'<li><a href="reviews/{r.slug}.html">{escape(r.title)}</a></li>'
            for _, r, _ in site.reviews
        )
        parts.append(f'<section class="section"><h2>In review</h2><ul>{items}</ul></section>')
    if months:
        items = "".join(
            f'<li><a href="log/{m}.html">{date.fromisoformat(f"{m}-01"):%B %Y}</a></li>'
            for m in months
        )
        parts.append(f'<section class="section"><h2>By month</h2><ul>{items}</ul></section>')
    return f'<div class="h-feed">{"".join(parts)}</div>'


def _list(entries: Iterable[PublicEntry]) -> str:
    return "".join(map(_entry, entries))


def _entry(entry: PublicEntry) -> str:
    """One h-entry (microformats2); what is to come is an h-event."""
    content = entry.content
    coming = content["status"] != "done"
    when = content["starts_at"] or content["day"]
    links = content["links"]
    title = escape(content["title"])
    if links:
        title = f'<a class="u-url" href="{escape(links[0])}" rel="noopener">{title}</a>'
    facts = [kind_of(content)]
    facts += [Format(content["format"]).label] if content["format"] else []
    facts += (
        [f'<span class="p-location">{escape(content["place"])}</span>'] if content["place"] else []
    )
    if content.get("came") is not None:
        facts.append(f"{content['came']:,} came")
    more = "".join(f' <a href="{escape(url)}" rel="noopener">also here</a>' for url in links[1:6])
    stamp = "dt-start" if coming else "dt-published"
    return (
        f'<article class="{"h-event" if coming else "h-entry"} line" id="{entry.key}">'
        f'<h3 class="p-name">{title}</h3><p class="small">'
        f'<time class="{stamp}" datetime="{escape(when or "")}">{_day(entry.day)}</time> · '
        f"{' · '.join(facts)}{more}</p></article>"
    )


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""


def _quotes(entries: Iterable[PublicEntry]) -> str:
    return "".join(
        f'<blockquote id="{e.key}"><p>“{escape(e.content["text"])}”</p>'
        + (f'<p class="small">{escape(e.content["who"])}</p>' if e.content["who"] else "")
        + "</blockquote>"
        for e in entries
    )


def _record(site: Site) -> str:
    """Coverage of the forecasts alone: no guess and no event is named."""
    if site.record is None:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{share.share:.0%}</th><td class="n">{share.inside} of {share.of}</td>'
        f'<td class="n">{share.expected:.0%}</td></tr>'
        for group in site.record.by_who
        if group.name == "the forecast"
        for share in group.coverage
    )
    if not rows:
        return "<p>No forecast has been scored yet.</p>"
    return (
        "<p>How often the outcome fell inside the range that was frozen before the event.</p>"
        '<table><thead><tr><th scope="col">Range</th><th scope="col" class="n">Inside</th>'
        f'<th scope="col" class="n">Should be</th></tr></thead><tbody>{rows}</tbody></table>'
    )


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
    updated = max(map(_stamp, latest), key=datetime.fromisoformat, default=NEVER)
    name = site.address or f"urn:almanac:{quote(site.title, safe='')}"
    items = "".join(
        f"<entry><id>{xml.escaped(name)}#{entry.key}</id><title>{xml.escaped(entry.title)}</title>"
        f'<updated>{escape(_stamp(entry))}</updated><link href="{xml.escaped(_link_of(site, entry))}"/>'
        f"<summary>{xml.escaped(_summary(entry))}</summary></entry>"
        for entry in latest
    )
    own = f'<link rel="self" href="{escape(_address(site, "atom.xml"))}"/>' if site.address else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{xml.escaped(name)}</id><title>{xml.escaped(site.title)}</title><updated>{escape(updated)}"
        f"</updated><author><name>{xml.escaped(site.title)}</name></author>{own}{items}</feed>\n"
    )


def _summary(entry: PublicEntry) -> str:
    content = entry.content
    parts = [kind_of(content), _day(entry.day)]
    parts += [content["place"]] if content["place"] else []
    if content.get("came") is not None:
        parts.append(f"{content['came']:,} came")
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
    urls = "".join(
        f"<url><loc>{escape(_address(site, path))}</loc></url>"
        for path in sorted(made)
        if path.endswith(".html")
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'
    )
