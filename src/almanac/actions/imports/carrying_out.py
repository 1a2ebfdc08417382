"""Import: carry out a plan as one transaction, undone as one."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError

from almanac.actions.activities import safe_url
from almanac.actions.content import write_content
from almanac.actions.errors import CannotError
from almanac.actions.experiments.scheduling import scheduled
from almanac.actions.imports.cards import write_cards
from almanac.actions.programs import new_program
from almanac.answers.imports.import_plan import rows_said
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import changelog, rules
from almanac.record.changelog import Line, verb
from almanac.record.infra import clock
from almanac.record.infra.inserting import insert
from almanac.record.models import (
    Activity,
    ColumnMapping,
    Guest,
    Link,
    Program,
    SeenGuest,
    SignupObservation,
    Turnout,
)
from almanac.record.queries import seen_guests
from almanac.sources.base.cells import column_key
from almanac.sources.base.formulas import neutral
from almanac.sources.tables import mapped_table
from almanac.sources.tables.mapped_table import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from almanac.answers.imports.import_plan import ImportPlan, PlannedEvent
    from almanac.record.models import Change
    from almanac.record.rules import Actor
    from almanac.sources.base.reading import Table

    Progress = Callable[[int, int], None]

BATCH = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What was done, by kind of row: events, programs, pace, guests."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    activities: tuple[int, ...] = ()
    rejected_file: str = ""


def count(plan: ImportPlan) -> Imported:
    """The counts of a plan, whether or not it is carried out."""
    created = {
        "events": len(plan.create),
        "programs": len(plan.new_programs),
        "pace": len(plan.pace),
        "guests": sum(len(listed.guests) for listed in plan.guests),
    }
    content = plan.content
    more = {
        "posts": len(content.new_posts),
        "measurements": content.values,
        "metrics": len(content.new_metrics),
        "quotes": len(content.quotes),
        "referrals": len(content.referrals),
        "link counts": len(content.link_counts),
    }
    for card in plan.cards:
        for kind, number in card.parts.items():
            more[kind] = more.get(kind, 0) + number
    more["cards"] = len(plan.new_cards)
    created |= {kind: number for kind, number in more.items() if number}
    changed = {"events": len(plan.change)}
    if content.changed_posts:
        changed["posts"] = len(content.changed_posts)
    if plan.changed_cards:
        changed["cards"] = len(plan.changed_cards)
    return Imported(
        created=created,
        changed=changed,
        unchanged=dict(plan.unchanged),
        rejected={plan.source.holds: len(plan.rejected)} if plan.rejected else {},
    )


def carry_out(actor: Actor, plan: ImportPlan, progress: Progress | None = None) -> Imported:
    """Do what the plan says, all of it or nothing, and put rejected rows into a file."""
    rules.require(rules.may_change_record, actor)
    counted = count(plan)
    touched: list[int] = []
    if not plan.does_nothing:
        try:
            with verb(actor, "import") as line:
                touched = _write(plan, line, progress or (lambda _done, _of: None))
                line.summary = ChangeLine.IMPORTED(
                    source=plan.title, file=plan.name, rows=_summary(counted)
                )
            _remember_guests(plan, touched, changelog.latest())
        except IntegrityError as error:
            raise CannotError(
                f"Some of {plan.name} has come in by another way meanwhile, so nothing of it was "
                "imported now; import it again."
            ) from error
    else:
        # Counts that a person said stay; who was on the list is known all the same.
        _remember_guests(plan, touched, None)
    file = _write_rejected(plan) if plan.rejected else ""
    return Imported(
        counted.created,
        counted.changed,
        counted.unchanged,
        counted.rejected,
        tuple(touched),
        str(file),
    )


def _remember_guests(plan: ImportPlan, touched: list[int], change: Change | None) -> None:
    """Keep by a keyed hash who was on each list, so that a newer one adds only who is new. change: with
    which they are taken back; None where there is none."""
    if not any(listed.seen for listed in plan.guests):
        return
    secret = seen_guests.key_made()
    for listed in plan.guests:
        if listed.target is None and listed.position >= len(touched):
            continue
        activity = listed.target.pk if listed.target else touched[listed.position]
        rows = {}
        for guest in listed.seen:
            digest = seen_guests.digest(secret, activity, guest.key)
            person = seen_guests.digest(secret, seen_guests.EVERYWHERE, guest.key)
            rows[digest] = SeenGuest(
                activity_id=activity, digest=digest, person=person, state=str(guest.state), number=guest.number,
                change=change.pk if change else 0,
            )  # fmt: skip
        SeenGuest.objects.bulk_create(
            rows.values(), batch_size=BATCH, update_conflicts=True,
            update_fields=["person", "state", "number", *(["change"] if change else [])], unique_fields=["activity_id", "digest"],
        )  # fmt: skip


def _summary(counted: Imported) -> str:
    parts = [
        f"{rows_said(kind, number)} {what}"
        for what, counts in (("created", counted.created), ("changed", counted.changed))
        for kind, number in counts.items()
        if number
    ]
    return ", ".join(parts) or "nothing new"


def _write(plan: ImportPlan, line: Line, progress: Progress) -> list[int]:
    total = len(plan.create) + len(plan.change) + len(plan.pace)
    programs = _programs(plan, line)
    touched: list[int] = []
    for start in range(0, len(plan.create), BATCH):
        touched += _create(plan, plan.create[start : start + BATCH], programs, line)
        progress(min(start + BATCH, len(plan.create)), total)
    for number, item in enumerate(plan.change, start=1):
        touched.append(_change(plan, item, line))
        if number % BATCH == 0:
            progress(len(plan.create) + number, total)
    line.create(*SignupObservation.objects.bulk_create(plan.pace, batch_size=BATCH))
    if not plan.content.is_empty:
        touched += write_content(plan.content, plan.origin, line)
    touched += write_cards(plan.cards, plan.source.key, line)
    for listed in plan.guests:
        if listed.guests and listed.target is None and listed.position >= len(touched):
            raise CannotError("The guests' event is gone; import the list again.")
        for guest in listed.guests:
            guest.activity_id = listed.target.pk if listed.target else touched[listed.position]
        line.create(*Guest.objects.bulk_create(listed.guests, batch_size=BATCH))
    progress(total, total)
    return touched


def _programs(plan: ImportPlan, line: Line) -> dict[str, Program]:
    found = {program.name.lower(): program for program in Program.objects.all()}
    for item in plan.create:
        if item.program.lower() not in found:
            program = new_program(item.program)
            line.create(program)
            found[item.program.lower()] = program
    return found


def _create(
    plan: ImportPlan, items: tuple[PlannedEvent, ...], programs: dict[str, Program], line: Line
) -> list[int]:
    now = clock.now()
    rows = [
        Activity(
            program=programs[item.program.lower()], created_at=now, updated_at=now, **item.activity
        )
        for item in items
    ]
    insert(rows)
    line.create(*rows)
    both = list(zip(rows, items, strict=True))
    turnouts = [_turnout(row, item.turnout, plan.origin) for row, item in both if item.turnout]
    insert(turnouts)
    line.create(*turnouts)
    links = [Link(activity=row, url=item.url) for row, item in both if _is_link(item.url)]
    line.create(*Link.objects.bulk_create(links))
    for row in sorted(rows, key=lambda row: (row.day or now.date(), row.pk)):
        if row.begins is not None and row.begins > now:
            scheduled(row, line)
    return [row.pk for row in rows]


def _turnout(activity: Activity, values: dict[str, Any], origin: str) -> Turnout:
    origins = {name: origin for name in values if name != "attended_evidence"}
    return Turnout(activity=activity, origins=origins, **values)


def _is_link(url: str) -> bool:
    try:
        return bool(url) and bool(safe_url(url))
    except CannotError:
        return False


def _change(plan: ImportPlan, item: PlannedEvent, line: Line) -> int:
    activity = item.existing
    if activity is None:
        raise CannotError("A changed row without the activity it changes cannot be imported.")
    if item.activity:
        line.keep(activity, *item.activity, "updated_at")
        for name, value in item.activity.items():
            setattr(activity, name, value)
        activity.updated_at = clock.now()
        activity.save(update_fields=[*item.activity, "updated_at"])
    turnout = activity.turnout_if_any
    if item.turnout and turnout is None:
        turnout = _turnout(activity, item.turnout, plan.origin)
        turnout.save()
        line.create(turnout)
    elif item.turnout and turnout is not None:
        line.keep(turnout, *item.turnout, "origins")
        for name, value in item.turnout.items():
            setattr(turnout, name, value)
        turnout.origins = turnout.origins | {
            name: plan.origin for name in item.turnout if name != "attended_evidence"
        }
        turnout.save()
    return activity.pk


def remember_mapping(actor: Actor, table: Table, mapping: dict[str, str]) -> None:
    """Keep how the columns of this shape of table are read, for the next one like it."""
    rules.require(rules.may_change_record, actor)
    unknown = set(mapping.values()) - set(mapped_table.FIELDS)
    absent = set(mapping) - set(table.keys)
    if unknown or absent:
        raise CannotError(
            f"The mapping names what is not there: {', '.join(sorted(unknown | absent))}."
        )
    if lacks := mapped_table.lacking(mapping):
        raise CannotError(f"Say which column of {table.name} holds the {lacks}.")
    if of_people := mapped_table.people_as_titles(table, mapping):
        raise CannotError(f"“{of_people[0]}” holds people, who become no title and no id.")
    if len(set(mapping.values())) < len(mapping):
        raise CannotError("Two columns cannot both be the same thing.")
    with verb(actor, "remember_mapping") as line:
        signature = mapped_table.signature(table)
        row = ColumnMapping.objects.filter(signature=signature).first()
        if row is None:
            line.create(
                ColumnMapping.objects.create(
                    signature=signature, mapping=mapping, saved_at=clock.now()
                )
            )
        elif row.mapping != mapping:
            line.keep(row, "mapping")
            row.mapping = mapping
            row.save()
        line.summary = ChangeLine.COLUMNS(file=table.name)


_PEOPLE = re.compile(
    r"name|owner|user|speaker|host|participant|attendee|guest|contact|member|assignee|reporter|creator|submitter|author|person|mail",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")


def _without_people(cell: str, people: list[bool], place: int) -> str:
    """A cell as it stood, without names and addresses: those are kept only when asked for."""
    if place < len(people) and people[place]:
        return ""
    return neutral(_ADDRESS.sub("…", cell))


def _write_rejected(plan: ImportPlan) -> Path:
    folder = settings.ALMANAC_HOME / "rejected"
    folder.mkdir(exist_ok=True)
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    people = [bool(_PEOPLE.search(column)) for column in plan.columns]
    if not any("mail" in column.lower() for column in plan.columns):
        # Without addresses a name is that of a thing.
        people = [column_key(column) in PEOPLE for column in plan.columns]
    writer.writerow(["row", "reason", *(neutral(cell) for cell in plan.columns)])
    for rejected in plan.rejected:
        kept = [_without_people(cell, people, place) for place, cell in enumerate(rejected.cells)]
        writer.writerow([rejected.row, _ADDRESS.sub("…", rejected.reason), *kept])
    content = held.getvalue().encode()
    stem = "".join(char if char.isalnum() or char in "-_." else "-" for char in plan.name)
    base = stem.rsplit(".", 1)[0][:80]
    for number in itertools.count(1):
        file: Path = folder / f"{base}-rejected{'' if number == 1 else f'-{number}'}.csv"
        # The same rows again need no second file; other rows must not overwrite the first.
        if not file.exists():
            file.write_bytes(content)
        if file.read_bytes() == content:
            break
    return file
