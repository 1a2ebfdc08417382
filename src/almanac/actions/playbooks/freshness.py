"""Who is gone, and which links still lead somewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

from almanac.actions.errors import CannotError
from almanac.answers.log.change_lines import ChangeLine
from almanac.answers.playbooks.freshness import CONFIRMED, links_in
from almanac.core.vocabulary import Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Activity, CheckedLink, Departure, Program
from almanac.record.queries import preferences
from almanac.sources.base import fetching

if TYPE_CHECKING:
    from datetime import date, datetime

    from almanac.record.rules import Actor

LOOK_AHEAD = timedelta(days=60)
RECHECK = timedelta(days=7)
AT_ONCE = 10


def say_left(actor: Actor, name: str, day: date | None = None) -> Departure:
    """Somebody named in playbooks is not there any more; what they hold is asked about from now on."""
    rules.require(rules.may_change_record, actor)
    name = _plain(name)
    if not name:
        raise CannotError("Who has left? Say the name as the playbook does.")
    if "@" in name:
        raise CannotError(
            f"{name} is a handle of another server; say the name as the playbook does."
        )
    wanted = day or preferences.today()
    known = _known(name)
    if known is not None and (known.left_on == wanted or (known.left_on and day is None)):
        return known
    with verb(actor, "say_left") as line:
        line.summary = ChangeLine.LEFT(person=name, day=wanted)
        if known is None:
            known = Departure.objects.create(name=name, left_on=wanted)
            line.create(known)
        else:
            line.keep(known, "left_on")
            known.left_on = wanted
            known.save(update_fields=["left_on"])
    return known


def _known(name: str) -> Departure | None:
    wanted = name.casefold()
    return next((row for row in Departure.objects.all() if row.name.casefold() == wanted), None)


def _plain(name: str) -> str:
    """As one types it, with or without its @."""
    return " ".join(normalize("NFC", name).strip().removeprefix("@").split())[:80]


def say_back(actor: Actor, name: str) -> None:
    """They are there again."""
    rules.require(rules.may_change_record, actor)
    known = _known(_plain(name))
    if known is None or known.left_on is None:
        raise CannotError(f"Nobody called {name} has been marked as gone.")
    with verb(actor, "say_back") as line:
        line.keep(known, "left_on")
        line.summary = ChangeLine.RETURNED(person=known.name)
        known.left_on = None
        known.save(update_fields=["left_on"])


def check_links(actor: Actor, program: Program) -> list[CheckedLink]:
    """Look whether every link of its playbook leads somewhere; those that do not."""
    rules.require(rules.may_change_record, actor)
    latest = program.playbook_versions.last()
    if latest is None:
        raise CannotError(f"{program.name} has no playbook yet.")
    rows = [_check(actor, url) for url in links_in(latest.text)]
    return [row for row in rows if row.dead_since is not None]


def check_links_due(actor: Actor) -> int:
    """Links of playbooks of programs with something planned in the next weeks, a few at a time: once a
    week, and a dead one again after some hours. How many were looked at."""
    rules.require(rules.may_change_record, actor)
    today, now = preferences.today(), clock.now()
    coming = Activity.objects.filter(
        status=Status.PLANNED, day__gte=today, day__lte=today + LOOK_AHEAD
    )
    programs = Program.objects.filter(pk__in=coming.values("program"))
    urls = [
        url for program in programs
        if (latest := program.playbook_versions.last()) for url in links_in(latest.text)
    ]  # fmt: skip
    known = {row.url: row for row in CheckedLink.objects.filter(url__in=urls)}
    due = [url for url in dict.fromkeys(urls) if url not in known or _is_due(known[url], now)]
    for url in due[:AT_ONCE]:
        _check(actor, url)
    return len(due[:AT_ONCE])


def _is_due(row: CheckedLink, now: datetime) -> bool:
    is_new = row.dead_since is not None and row.dead_since == row.checked_at
    return row.checked_at + (CONFIRMED if is_new else RECHECK) <= now


def _check(actor: Actor, url: str) -> CheckedLink:
    says = fetching.is_gone(url)
    now = clock.now()
    with verb(actor, "check_link") as line:
        row = CheckedLink.objects.filter(url=url).first() or CheckedLink(url=url)
        was_dead = row.dead_since is not None
        row.checked_at, row.says = now, says[:200]
        row.dead_since = (row.dead_since or now) if says else None
        row.save()
        if was_dead != bool(says):
            line.undoable = False
            line.summary = (ChangeLine.LINK_BROKEN if says else ChangeLine.LINK_WORKS)(
                address=url[:100]
            )
    return row
