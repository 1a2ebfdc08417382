"""Links handed out, and how often each was followed. Clicks are not people, and are never added to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from almanac.core.vocabulary import Kind, Status
from almanac.record import rules
from almanac.record.models import Activity, HandedLink, LinkCount
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from almanac.record.rules import Actor

LATELY, MOST_LISTED = timedelta(days=120), 60
NEAREST_TO_PEOPLE = ("visitors", "clicks", "scans", "visits")


@dataclass(frozen=True, slots=True)
class LinkReach:
    """One link: how often it was followed, in what the tool counts; None where no tool told yet."""

    link: HandedLink
    count: int | None
    what: str
    until: date | None

    @property
    def address(self) -> str:
        return self.link.short or tagged(self.link)


def tagged(link: HandedLink) -> str:
    """Where it leads, with what web analytics need to tell it from other ways there."""
    parts = urlsplit(link.url)
    medium = link.activity.kind if link.activity else "link"
    query = [
        pair for pair in parts.query.split("&") if pair and not pair.lower().startswith("utm_")
    ]
    own = urlencode({"utm_source": "almanac", "utm_medium": medium, "utm_campaign": link.code})
    return urlunsplit(parts._replace(query="&".join([*query, own])))


def links(
    actor: Actor, since: date | None = None, until: date | None = None
) -> tuple[LinkReach, ...]:
    """Every link that was handed out, the latest first; followed within a time where one is given."""
    rules.require(rules.may_read_record, actor)
    rows = list(HandedLink.objects.select_related("activity__program"))
    counts = _counts(row.pk for row in rows)
    return tuple(_reach(row, counts.get(row.pk, []), since, until) for row in rows)


def _counts(keys: Iterable[int]) -> dict[int, list[LinkCount]]:
    found: dict[int, list[LinkCount]] = defaultdict(list)
    for row in LinkCount.objects.filter(link__in=list(keys), replaced_at__isnull=True):
        found[row.link_id].append(row)
    return found


def _reach(
    link: HandedLink, rows: list[LinkCount], since: date | None, until: date | None
) -> LinkReach:
    # What is counted since the link was handed out comes before what is counted of some days.
    there = {row.what for row in rows if row.is_total} or {row.what for row in rows}
    what = next((name for name in NEAREST_TO_PEOPLE if name in there), "")
    rows = [row for row in rows if row.what == what]
    # A total that was taken after the time holds what came later.
    up_to = [row for row in rows if until is None or row.day <= until]
    if not up_to:
        return LinkReach(link, None, "", None)
    count = _by(up_to)
    if since is not None:
        earlier = [row for row in up_to if row.day < since]
        if (
            not earlier
            and any(row.is_total for row in up_to)
            and preferences.day_of(link.created_at) < since
        ):
            # A first total holds what came before the time as well.
            return LinkReach(link, None, "", None)
        count -= _by(earlier)
    return LinkReach(link, max(count, 0), what, max(row.day for row in up_to))


def _by(rows: list[LinkCount]) -> int:
    """The latest total, and the days after it."""
    total = max((row for row in rows if row.is_total), key=lambda row: row.day, default=None)
    days = [row for row in rows if not row.is_total and (total is None or row.day > total.day)]
    return (total.count if total else 0) + sum(row.count for row in days)


def find_link(actor: Actor, key: int) -> HandedLink | None:
    rules.require(rules.may_read_record, actor)
    return HandedLink.objects.select_related("activity").filter(pk=key).first()


def linkable(actor: Actor) -> list[Activity]:
    """Activities in which one hands links out, ahead or lately, the latest first."""
    rules.require(rules.may_read_record, actor)
    since = preferences.today() - LATELY
    rows = Activity.objects.exclude(kind__in=(Kind.TASK, Kind.CFP, Kind.MEETING))
    shown = rows.exclude(status__in=(Status.DECLINED, Status.DROPPED)).filter(day__gte=since)
    return list(shown.order_by("-day", "-pk")[:MOST_LISTED])


# What a file calls them


def link_names(address: str, destination: str = "", campaign: str = "") -> list[str]:
    """The names by which a row of a link tool may be a link of ours."""
    found = [_plain(address)] if address else []
    for text in (address, destination):
        found += [f"campaign:{code.casefold()}" for code in _campaigns(text)]
    return [*found, f"campaign:{campaign.strip().casefold()}"] if campaign.strip() else found


def _plain(address: str) -> str:
    return address.strip().split("://", 1)[-1].split("#", 1)[0].rstrip("/").removeprefix("www.")


def _campaigns(address: str) -> list[str]:
    try:
        return parse_qs(urlsplit(address).query).get("utm_campaign", [])
    except ValueError:
        return []


def links_by_name() -> dict[str, HandedLink]:
    """Links that were handed out, by each name a file may call them."""
    found: dict[str, HandedLink] = {}
    for link in HandedLink.objects.select_related("activity"):
        names = [f"campaign:{link.code.casefold()}", *(link_names(link.short)[:1])]
        for name in (*names, _plain(tagged(link))):
            found.setdefault(name, link)
    return found


def open_counts(keys: Iterable[int]) -> dict[tuple[int, str, bool], dict[date, LinkCount]]:
    """What is counted already, by link, what is counted and whether in all; then by day."""
    found: dict[tuple[int, str, bool], dict[date, LinkCount]] = defaultdict(dict)
    for rows in _counts(keys).values():
        for row in rows:
            found[row.link_id, row.what, row.is_total][row.day] = row
    return found
