"""Capture: one line, or twenty, into activities."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.workload.repeating import repeat
from almanac.core.vocabulary import AHEAD, PEOPLE_COUNTS, Evidence, Kind, Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.infra.zones import zone_of
from almanac.record.models import Program
from almanac.record.queries import preferences
from almanac.sources.base.cells import BadCellError
from almanac.sources.capture import line as reader
from almanac.sources.capture.recurring import repeats_said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from almanac.record.models import Activity
    from almanac.record.rules import Actor
    from almanac.sources.capture.line import Captured
    from almanac.sources.capture.recurring import Repeats

MOST_LINES = 500
REPEATS_EXAMPLE = "every Tuesday and Thursday until June"


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, with the reason."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says a line means; None and what is absent stay as they were read.

    meanings: for a count by the name it was read as, the name it has, or "" for no count at all.
    extra: counts the line did not give, such as a number that was not understood.
    """

    kind: str | None = None
    status: str | None = None
    day: date | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, int] = field(default_factory=dict)


def understand(
    actor: Actor, text: str, day_words: str = "", now: datetime | None = None
) -> tuple[list[Captured], list[Unread]]:
    """What each line would be written down as; nothing is written. now: when it is read."""
    rules.require(rules.may_read_record, actor)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise CannotError("Nothing to log. Try: Gave a talk at PyTexas, 80 people, 6h")
    if len(lines) > MOST_LINES:
        raise CannotError(f"Paste at most {MOST_LINES} lines at once; this has {len(lines):,}.")
    chosen = preferences.everything()
    settings = reader.Settings(
        month_first=preferences.DATE_ORDERS.get(chosen["date_order"]),
        hours_a_day=float(chosen["hours_a_day"]),
        programs={
            name.lower(): name
            for name in Program.objects.filter(closed=False).values_list("name", flat=True)
        },
    )
    zone, now = zone_of(chosen["zone"]), now or clock.now()
    read: list[Captured] = []
    unread: list[Unread] = []
    for number, line in enumerate(lines, start=1):
        try:
            read.append(reader.read(line, now, zone, day_words, settings))
        except BadCellError as error:
            unread.append(Unread(number, line.strip(), str(error)))
    return read, unread


def understand_repeats(actor: Actor, text: str, day: date | None = None) -> Repeats:
    """What a text such as “every Tuesday until June” says, from a day on, or from today."""
    rules.require(rules.may_read_record, actor)
    order = preferences.DATE_ORDERS.get(preferences.value("date_order"))
    found = repeats_said(text[:200], day or preferences.today(), month_first=order)
    if found is None or found.then:
        raise CannotError(f"“{text[:60]}” can’t be read as days. Try “{REPEATS_EXAMPLE}”.")
    return found


def understand_new_rule(actor: Actor, activity: Activity, text: str) -> Repeats:
    """What such a text says for an occurrence and those after it: from the week or month that it is in,
    as far as that is still to come."""
    rules.require(rules.may_read_record, actor)
    day = activity.slot or preferences.today()
    found = understand_repeats(actor, text, day)
    monthly = found.recurrence["FREQ"] == "MONTHLY"
    begins = day.replace(day=1) if monthly else day - timedelta(days=day.weekday())
    return understand_repeats(actor, text, max(begins, preferences.today()))


def corrected(item: Captured, correction: Correction) -> Captured:
    """The same line as the person says it is meant. Raises CannotError for what cannot be."""
    kind = Kind(correction.kind) if correction.kind else item.kind
    status = Status(correction.status) if correction.status else item.status
    counts: dict[str, int] = {}
    for name, number in [*item.counts.items(), *correction.extra.items()]:
        meant = correction.meanings.get(name, name)
        if meant and meant not in PEOPLE_COUNTS:
            raise CannotError(f"There is no count called {meant}.")
        if meant in counts:
            raise CannotError(f"Two numbers cannot both be “{meant.replace('_', ' ')}”.")
        if meant:
            counts[meant] = number
    approximate = {correction.meanings.get(name, name) for name in item.approximate}
    found = replace(
        item, kind=kind, status=status, counts=counts, approximate=frozenset(approximate)
    )
    if correction.day is not None and correction.day != item.day:
        starts = item.starts_at
        moved = starts.replace(
            year=correction.day.year, month=correction.day.month, day=correction.day.day
        ) if starts else None  # fmt: skip
        found = replace(found, day=correction.day, period="", starts_at=moved, ends_at=None)
    return found


def capture(
    actor: Actor, captured: list[Captured], program: str = "", held: str = ""
) -> list[Activity]:
    """Write down what was understood. program, held: of every line, where it is said apart; else each
    line's own program and format."""
    rules.require(rules.may_change_record, actor)
    once = [item for item in captured if item.repeats is None]
    made = write_down(actor, [new_activity(item, program, held) for item in once]) if once else []
    for item in captured:
        if (repeats := item.repeats) is not None:
            new = new_activity(item, program, held)
            then = following(actor, item, new)
            made += repeat(actor, new, repeats.recurrence, skipped=repeats.skipped, then=then)
    return made


def following(actor: Actor, item: Captured, new: NewActivity) -> NewActivity | None:
    """The activity after the last occurrence: on the rule's next day and at its time where the line names
    none; None where nothing follows."""
    rules.require(rules.may_read_record, actor)
    repeats = item.repeats
    if repeats is None or not repeats.then:
        return None
    (read, *_), _ = understand(actor, repeats.then)
    last = repeats.recurrence.last
    after = repeats.recurrence.bounded.having(UNTIL="").following(last) if last else None
    if after is None:
        raise CannotError("Say until when it repeats, so that something can follow it.")
    found = new_activity(read, new.program, "")
    kind = found.kind if found.kind != Kind.TASK else item.kind
    if any(fact.field == "day" for fact in read.facts):
        return replace(found, kind=kind, status=Status.PLANNED)
    starts = read.starts_at or item.starts_at
    moment = datetime.combine(after, starts.timetz()) if starts else None
    return replace(
        found, kind=kind, status=Status.PLANNED, day=after, starts_at=moment, ends_at=None
    )


def new_activity(item: Captured, program: str, held: str) -> NewActivity:
    """What a line says, as it is to be written down."""
    currency = preferences.value("currency")
    return NewActivity(
        title=item.title,
        kind=item.kind,
        status=item.status,
        program=program or item.program,
        day=item.day,
        period=item.period,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        zone=preferences.value("zone"),
        hours=item.hours,
        cost=item.cost,
        currency=item.currency or (currency if item.cost else ""),
        counts=item.counts,
        evidence=_evidence(item),
        links=item.links,
        tags=item.tags,
        line=item.text,
        not_understood=item.not_understood,
        reach=item.reach,
        talk=item.talk,
        fields=_fields(item, held),
    )


def _fields(item: Captured, held: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"due": item.due} if item.due else {}
    form = held or item.format
    return fields | ({"format": form} if form else {})


def _evidence(item: Captured) -> str:
    """Saying “80 people” says that they were counted; “about 80” does not."""
    if "attended" not in item.counts or item.status in AHEAD:
        return Evidence.UNDECLARED
    return Evidence.APPROXIMATE if "attended" in item.approximate else Evidence.COUNTED
