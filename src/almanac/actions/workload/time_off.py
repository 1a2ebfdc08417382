"""Private to the practitioner: settings, calendars, breaks, check-ins, a shared workload.

All of it is written to the private file, with a line in the private log.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import OperationalError

from almanac.actions.errors import CannotError
from almanac.answers import words
from almanac.answers.log import change_lines
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.workload.capacity import Logged
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.infra.seals import of_token
from almanac.record.models import (
    Break,
    Busy,
    CalendarFeed,
    CheckIn,
    PrivateSetting,
    ShownPlate,
)
from almanac.record.queries import preferences, private
from almanac.sources.base import fetching
from almanac.sources.base.documents import Document
from almanac.sources.base.rows import UnreadableError
from almanac.sources.calendars import busy

if TYPE_CHECKING:
    from almanac.record.rules import Actor

logger = logging.getLogger("django.almanac")
MOST_WEEKLY = 100
LONGEST_BREAK = 400
LONGEST_SHOWN = 90
SCALE = (1, 5)
BATCH = 2000
PAST, AHEAD = timedelta(days=5 * 366), timedelta(days=366)
REFETCH = timedelta(hours=6)


REMINDERS = frozenset({"due", "outcome", "mail"})


def settle_workload(actor: Actor, **values: Any) -> None:
    """Set hours a week, what share of the work is logged, days and hours of work, nudges, check-ins."""
    rules.require(rules.may_read_private, actor)
    for key, value in values.items():
        _check(key, value)
    begins = values.get("day_starts", private.value("day_starts"))
    ends = values.get("day_ends", private.value("day_ends"))
    if time.fromisoformat(begins) >= time.fromisoformat(ends):
        raise CannotError("A working day ends after it begins.")
    with verb(actor, "settle_plate", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.SETTINGS(fields=change_lines.fields(values))
        for key, value in values.items():
            PrivateSetting.objects.update_or_create(key=key, defaults={"value": value})


def _check(key: str, value: Any) -> None:
    if key not in private.DEFAULTS:
        raise CannotError(f"There is no setting called {key}.")
    if value is None and key == "weekly_hours":
        return
    if key == "weekly_hours" and not (isinstance(value, int | float) and 1 <= value <= MOST_WEEKLY):
        raise CannotError(f"Enter from 1 to {MOST_WEEKLY} hours.")
    if key == "logged" and value not in set(Logged):
        raise CannotError(f"Say {', '.join(each for each in Logged if each)}.")
    if key == "reminders" and not set(value) <= REMINDERS:
        raise CannotError(f"Reminders are for {', '.join(sorted(REMINDERS))}.")
    if key == "work_days" and (not value or not set(value) <= set(range(7))):
        raise CannotError("A week has at least one working day, from 0 (Monday) to 6 (Sunday).")
    if key in {"day_starts", "day_ends"}:
        try:
            if time.fromisoformat(value).tzinfo is not None:
                raise ValueError("has an offset")
        except (TypeError, ValueError) as error:
            raise CannotError(f"“{value}” is not a time; use one such as 09:00.") from error


def silence(actor: Actor, nudge: str) -> None:
    """Never say this again. What was said at all is one's own, so it is kept in the private file."""
    rules.require(rules.may_read_private, actor)
    known = private.value("silenced")
    if nudge[:40] not in known:
        with verb(actor, "silence", private=True) as line:
            line.undoable = False
            line.summary = ChangeLine.SUGGESTION()
            PrivateSetting.objects.update_or_create(
                key="silenced", defaults={"value": [*known, nudge[:40]]}
            )


# Breaks and check-ins


def plan_break(actor: Actor, first: date, last: date, words: str = "") -> Break:
    """Days off, planned or taken; both ends are off."""
    rules.require(rules.may_read_private, actor)
    if last < first:
        raise CannotError("A break ends after it begins.")
    if (last - first).days > LONGEST_BREAK:
        raise CannotError(f"A break of more than {LONGEST_BREAK} days is a way of life; split it.")
    with verb(actor, "plan_break", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.BREAK(first=first, last=last)
        return Break.objects.create(
            first=first, last=last, words=words.strip()[:200], noted_at=clock.now()
        )


def cancel_break(actor: Actor, taken: Break) -> None:
    rules.require(rules.may_read_private, actor)
    with verb(actor, "cancel_break", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.BREAK_CANCELLED(first=taken.first, last=taken.last)
        taken.delete()


def check_in(
    actor: Actor, load: int, recovery: int, say_no: int, words: str = "", day: date | None = None
) -> CheckIn:
    """Three answers from 1 to 5 for a week; said again they replace the earlier ones."""
    rules.require(rules.may_read_private, actor)
    for value in (load, recovery, say_no):
        if not SCALE[0] <= value <= SCALE[1]:
            raise CannotError("Answer each question from 1 to 5.")
    day = day or preferences.today()
    with verb(actor, "check_in", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.CHECKED_IN()
        made, _ = CheckIn.objects.update_or_create(
            week=clock.monday_of(day),
            defaults={
                "load": load, "recovery": recovery, "say_no": say_no,
                "words": words.strip()[:2000], "noted_at": clock.now(),
            },
        )  # fmt: skip
    return made


def forget_check_ins(actor: Actor) -> int:
    """Delete every check-in, for good."""
    rules.require(rules.may_read_private, actor)
    with verb(actor, "forget_check_ins", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.CHECKINS_DELETED()
        number, _ = CheckIn.objects.all().delete()
    return number


# Calendars


def add_calendar(
    actor: Actor, name: str, *, address: str = "", keeps_titles: bool = False
) -> CalendarFeed:
    """A calendar to say when one is busy. With an address it is fetched now and again."""
    rules.require(rules.may_read_private, actor)
    name = " ".join(name.split())[:120]
    if address:
        try:
            address = fetching.checked(address)
        except fetching.UnreachableError as error:
            raise CannotError(str(error)) from error
        known = CalendarFeed.objects.filter(address=address).first()
        if known is not None:
            return known
        name = name or fetching.host_of(address)
    if not name:
        raise CannotError("A calendar needs a name.")
    with verb(actor, "add_calendar", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.CALENDAR(name=name)
        return CalendarFeed.objects.create(
            name=name, address=address, keeps_titles=keeps_titles, added_at=clock.now()
        )


def remove_calendar(actor: Actor, feed: CalendarFeed) -> None:
    """The calendar and every block that came from it."""
    rules.require(rules.may_read_private, actor)
    with verb(actor, "remove_calendar", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.CALENDAR_REMOVED(name=feed.name)
        feed.delete()


def subscribe_calendar(
    actor: Actor, name: str, address: str, *, keeps_titles: bool = False
) -> CalendarFeed:
    """Add a calendar by its address and fetch it; one that never could be fetched is not kept."""
    feed = add_calendar(actor, name, address=address, keeps_titles=keeps_titles)
    try:
        fetch_calendar(actor, feed)
    finally:
        if feed.fetched_at is None:
            remove_calendar(actor, feed)
    if feed.problem:
        raise CannotError(feed.problem)
    return feed


def read_new_calendar(
    actor: Actor, name: str, document: Document, *, keeps_titles: bool = False
) -> tuple[CalendarFeed, busy.Blocks]:
    """Add a calendar out of a file; one that cannot be read is not kept."""
    feed = add_calendar(actor, name, keeps_titles=keeps_titles)
    found: busy.Blocks | None = None
    try:
        found = read_calendar(actor, feed, document)
    finally:
        if found is None:
            remove_calendar(actor, feed)
    return feed, found


def read_calendar(actor: Actor, feed: CalendarFeed, document: Document) -> busy.Blocks:
    """Put the busy blocks of a calendar file in the place of those it had: all or nothing."""
    rules.require(rules.may_read_private, actor)
    now = clock.now()
    found = busy.read(document, preferences.zone(), now - PAST, now + AHEAD)
    with verb(actor, "read_calendar", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.CALENDAR_READ(
            blocks=words.counted(len(found.rows), "busy block", "busy blocks"), name=feed.name
        )
        feed.blocks.all().delete()
        Busy.objects.bulk_create(
            (
                Busy(
                    feed=feed, starts_at=row.starts_at, ends_at=row.ends_at, kind=row.kind,
                    title=row.title[:200] if feed.keeps_titles else "",
                )
                for row in found.rows
            ),
            batch_size=BATCH,
        )  # fmt: skip
        feed.fetched_at, feed.problem = now, ""
        feed.save(update_fields=["fetched_at", "problem", "keeps_titles"])
    return found


def fetch_calendar(actor: Actor, feed: CalendarFeed) -> bool:
    """Fetch a subscribed calendar; whether it had changed. A problem is kept beside it and what
    was known stays."""
    rules.require(rules.may_read_private, actor)
    if not feed.address:
        raise CannotError(f"{feed.name} is a file; read it again from where it is.")
    try:
        got = fetching.fetch(feed.address, etag=feed.etag, modified=feed.modified)
        if got is not None:
            read_calendar(actor, feed, Document(f"{feed.name}.ics", got.data))
    except (fetching.UnreachableError, UnreadableError) as error:
        feed.problem = str(error)[:300]
        feed.save(update_fields=["problem"])
        return False
    feed.fetched_at, feed.problem = clock.now(), ""
    if got is not None:
        feed.etag, feed.modified = got.etag, got.modified
    feed.save(update_fields=["fetched_at", "problem", "etag", "modified"])
    return got is not None


def fetch_due(actor: Actor) -> int:
    """Fetch every subscribed calendar that was not looked at for six hours; how many had changed."""
    rules.require(rules.may_read_private, actor)
    since = clock.now() - REFETCH
    due = [f for f in CalendarFeed.objects.exclude(address="")
           if f.fetched_at is None or f.fetched_at < since]  # fmt: skip
    return sum(_fetched(actor, feed) for feed in due)


def _fetched(actor: Actor, feed: CalendarFeed) -> bool:
    """Whether it had changed; whatever goes wrong with one calendar leaves the others their turn."""
    try:
        return fetch_calendar(actor, feed)
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("calendar %s", feed.pk)
        feed.problem = f"It could not be read ({type(error).__name__}); what was known stays."
        feed.save(update_fields=["problem"])
        return False


# Showing it


@dataclass(frozen=True, slots=True)
class Shown:
    """What was given away, and the one time its token is known."""

    row: ShownPlate
    token: str


def share_workload(actor: Actor, title: str, content: dict[str, Any], days: int) -> Shown:
    """Store a composed picture of the workload behind a link that expires and can be revoked."""
    rules.require(rules.may_read_private, actor)
    if not 1 <= days <= LONGEST_SHOWN:
        raise CannotError(f"A link lasts from 1 to {LONGEST_SHOWN} days.")
    token = secrets.token_urlsafe(24)
    now: datetime = clock.now()
    with verb(actor, "show_plate", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.SHARED()
        row = ShownPlate.objects.create(
            fingerprint=of_token(token),
            title=" ".join(title.split())[:200] or "My plate",
            content=content,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
    return Shown(row, token)


def revoke_share(actor: Actor, row: ShownPlate) -> None:
    """Its link shows nothing from now on, and what it showed is forgotten."""
    rules.require(rules.may_read_private, actor)
    with verb(actor, "revoke_plate", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.UNSHARED()
        row.revoked_at, row.content = clock.now(), {}
        row.save(update_fields=["revoked_at", "content"])
