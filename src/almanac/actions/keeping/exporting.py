"""Export: every table as CSV and Parquet, which a fresh logbook can read in again."""

from __future__ import annotations

import csv
import json
import sys
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connections, models, transaction

from almanac import __version__
from almanac.actions.activities import safe_url
from almanac.actions.errors import CannotError
from almanac.actions.keeping.parquet import BATCH, as_json, write_parquet
from almanac.answers import words
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.infra.ready import newest_migration
from almanac.record.infra.routing import RECORD
from almanac.record.infra.scratch import scratch
from almanac.record.models import (
    Activity,
    Change,
    Preference,
    PrivateSetting,
    Program,
    Quote,
    QuotePicture,
    SignupObservation,
)
from almanac.record.queries import private
from almanac.record.tables import record_tables, stored_name
from almanac.sources.base import pictures
from almanac.sources.base.formulas import neutral, whole
from almanac.sources.tables.events_table import COLUMNS, PACE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from almanac.record.rules import Actor

BEGUN = ".almanac-export-begun"
MANIFEST = "almanac-export.json"
EXPORTED_STATUS = {"done": "past", "dropped": "cancelled", "declined": "cancelled"}


@dataclass(frozen=True, slots=True)
class Exported:
    folder: Path
    rows: dict[str, int]


def export(actor: Actor, folder: Path) -> Exported:
    """Write every table of the record, and the events and pace tables, into an empty folder.

    Nothing private is among them. Texts that a spreadsheet would run are made harmless in the
    CSV files; the Parquet files hold them as they are.
    """
    rules.require(rules.may_keep_logbook, actor)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        begun = folder / BEGUN
        # What a killed export has left is gone over again.
        taken = any(folder.iterdir()) and not begun.exists()
    except OSError as error:
        raise CannotError(f"{folder} cannot hold an export: {error.strerror}.") from error
    if taken:
        raise CannotError(f"{folder} is not empty; name a new folder for the export.")
    begun.touch()
    rows: dict[str, int] = {}
    with transaction.atomic(using=RECORD), scratch() as room:
        for model in record_tables():
            name = stored_name(model)
            rows[name] = _write_table(model, folder / f"{name}.csv")
            fields = {_column(field): field for field in _columns(model)}
            write_parquet(model, fields, folder / f"{name}.parquet", room)
        rows["events"] = _write_events(folder / "events.csv")
        rows["pace"] = _write_pace(folder / "pace.csv")
    manifest = {
        "almanac": __version__,
        "schema": newest_migration(),
        "at": clock.now().isoformat(),
        "rows": rows,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    begun.unlink(missing_ok=True)
    _remember(actor, folder)
    return Exported(folder, rows)


def _remember(actor: Actor, folder: Path) -> None:
    """Where exports lie is noted in the private file, so that erasing a person reaches them."""
    known, place = exports_known(), str(folder.resolve())
    if place not in known:
        with verb(actor, "export", private=True) as line:
            line.undoable = False
            line.summary = ChangeLine.EXPORTED(folder=place)
            PrivateSetting.objects.update_or_create(
                key="exports", defaults={"value": [*known, place]}
            )


def exports_known() -> list[str]:
    """Folders that exports were written into and that hold one still."""
    return [place for place in private.value("exports") if is_export(Path(place))]


def export_anew(actor: Actor, folder: str) -> Exported:
    """Write an export once more over the one that lies there."""
    rules.require(rules.may_keep_logbook, actor)
    (Path(folder) / BEGUN).touch()
    return export(actor, Path(folder))


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.Field)]


def _column(field: models.Field[Any, Any]) -> str:
    """A field's name in exports: that of its column, which outlives a renaming in code."""
    return field.column or field.attname


def _write_table(model: type[models.Model], file: Path) -> int:
    fields = _columns(model)
    rows = (
        model._default_manager.using(RECORD)
        .order_by("pk")
        .values_list(*(field.attname for field in fields))
    )
    header = [_column(field) for field in fields]
    return _write_csv(
        file,
        header,
        (
            [_cell(field, value) for field, value in zip(fields, row, strict=True)]
            for row in rows.iterator(BATCH)
        ),
    )


def _write_csv(file: Path, header: Iterable[str], rows: Iterator[list[str]]) -> int:
    number = 0
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            number += 1
    return number


def _cell(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(field, models.JSONField) and value is not None:
        return neutral(as_json(value))
    return _told(value)


def _told(value: Any) -> str:
    """A value as a cell: empty for missing, quoted "" kept apart by the column's own type."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Decimal | int | float):
        return str(value)
    return neutral(str(value))


def _write_events(file: Path) -> int:
    """The events table of docs/reference/events-table.md, as any other tool may read it."""
    found = (
        Activity.objects.filter(turnout__isnull=False)
        .select_related("program", "turnout")
        .order_by("day", "id")
    )
    return _write_csv(file, COLUMNS, (_event_cells(row) for row in found.iterator(BATCH)))


def _event_cells(activity: Activity) -> list[str]:
    turnout = activity.turnout_if_any
    local, announced = activity.local_start, activity.announced_at
    starts = local.isoformat() if local else (activity.day.isoformat() if activity.day else "")
    counts = {
        name: getattr(turnout, name)
        for name in COLUMNS
        if turnout is not None and hasattr(turnout, name)
    }
    values: dict[str, Any] = {
        "program": activity.program.name,
        "event_id": activity.event_id or f"almanac-{activity.pk}",
        "title": activity.title,
        "starts_at": starts,
        "announced_at": announced.astimezone(activity.tzinfo).isoformat() if announced else "",
        "status": EXPORTED_STATUS.get(activity.status, "planned"),
        "format": activity.format,
        "price": activity.price,
    } | counts
    return [_told(values[name]) for name in COLUMNS]


def _write_pace(file: Path) -> int:
    rows = SignupObservation.objects.select_related("activity__program").order_by(
        "activity_id", "observed_at"
    )
    return _write_csv(
        file,
        PACE_COLUMNS,
        (
            [
                neutral(row.activity.program.name),
                neutral(row.activity.event_id or f"almanac-{row.activity_id}"),
                _told(row.activity.starts_at),
                row.observed_at.isoformat(),
                str(row.signups),
            ]
            for row in rows.iterator(BATCH)
        ),
    )


def is_export(folder: Path) -> bool:
    try:
        return (folder / MANIFEST).is_file()
    except OSError:
        return False


class _OnlyLookingError(Exception):
    """Takes back what a dry run has written."""


def read_in(actor: Actor, folder: Path, *, dry_run: bool = False) -> dict[str, dict[str, int]]:
    """Read an export into this logbook: all of it, or nothing.

    Rows that stand there already, value for value, are unchanged; one that differs refuses the
    whole export, because two histories cannot be told apart by their numbers.
    """
    rules.require(rules.may_keep_logbook, actor)
    manifest = _manifest(folder)
    counts: dict[str, dict[str, int]] = {"created": {}, "unchanged": {}}
    try:
        with verb(actor, "read_in") as line:
            _read_tables(folder, manifest, counts)
            new = sum(counts["created"].values())
            line.undoable = not new
            line.summary = ChangeLine.RESTORED(rows=words.counted(new, "row", "rows"))
            if dry_run:
                raise _OnlyLookingError
    except _OnlyLookingError:
        return counts
    except (IntegrityError, OverflowError, DataError) as error:
        raise CannotError(
            f"The export in {folder} contradicts itself, so nothing of it was read; export again."
        ) from error
    if new:
        _restart_sequences()
    return counts


def _read_tables(folder: Path, manifest: dict[str, Any], counts: dict[str, dict[str, int]]) -> None:
    if not any(model.objects.exists() for model in (Activity, Program, Quote)):
        # A logbook just begun holds nothing but its time zone; the export brings its own.
        for fresh in (Preference, Change):
            fresh.objects.all().delete()
    for model in record_tables():
        name = stored_name(model)
        expected = manifest["rows"].get(name)
        new, same = _read_table(model, folder / f"{name}.csv", expected)
        counts["created"][name], counts["unchanged"][name] = new, same
    connections[RECORD].check_constraints()


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        manifest["rows"] = dict(manifest["rows"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CannotError(f"{folder} is not a whole export: {MANIFEST} cannot be read.") from error
    if manifest.get("schema") != newest_migration():
        raise CannotError(
            f"The export was written by Almanac {manifest.get('almanac')}; open it with that "
            "version, upgrade, and export again."
        )
    return dict(manifest)


def _read_table(model: type[models.Model], file: Path, expected: int | None) -> tuple[int, int]:
    fields = {_column(field): field for field in _columns(model)}
    present = {str(row.pk): row for row in model._default_manager.using(RECORD).all()}
    new: list[models.Model] = []
    same = 0
    # The log of a large import stands in one cell.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with file.open(newline="", encoding="utf-8") as stream:
            for number, record in enumerate(csv.DictReader(stream), start=2):
                row = _row(model, fields, record, file, number)
                before = present.get(str(row.pk))
                if before is None:
                    new.append(row)
                elif all(_same(before, row, field.attname) for field in fields.values()):
                    same += 1
                else:
                    raise CannotError(
                        f"{file.name} row {number} differs from what this logbook holds; "
                        "read the export into a logbook of its own."
                    )
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise CannotError(f"{file.name} of the export cannot be read; export again.") from error
    if expected is not None and len(new) + same != expected:
        raise CannotError(f"{file.name} has {len(new) + same} rows and should have {expected}.")
    model._default_manager.using(RECORD).bulk_create(new, batch_size=500)
    return len(new), same


def _same(before: models.Model, row: models.Model, name: str) -> bool:
    return bool(getattr(before, name) == getattr(row, name))


def _row(
    model: type[models.Model],
    fields: dict[str, models.Field[Any, Any]],
    record: dict[str, str],
    file: Path,
    number: int,
) -> models.Model:
    try:
        row = model(**{f.attname: _untold(f, record[name]) for name, f in fields.items()})
        empty = {f.attname for f in fields.values() if getattr(row, f.attname) in (None, "")}
        row.clean_fields(
            exclude=[f.name for f in fields.values() if _is_open(f) or f.attname in empty]
        )
        for field in fields.values():
            # As strict as where it was written, and no stricter: an intranet has addresses too.
            if isinstance(field, models.URLField) and getattr(row, field.attname):
                safe_url(getattr(row, field.attname))
        if isinstance(row, QuotePicture) and not pictures.is_picture(
            row.media_type, b64decode(row.content, validate=True)
        ):
            raise ValueError("is no picture")
    except (KeyError, ValueError, TypeError, AttributeError, ValidationError) as error:
        raise CannotError(f"{file.name} row {number} is damaged; export again.") from error
    return row


def _is_open(field: models.Field[Any, Any]) -> bool:
    """Fields whose values are checked elsewhere: keys by the database, JSON by being read, addresses by
    the rule for links."""
    return isinstance(
        field, models.ForeignKey | models.JSONField | models.BigAutoField | models.URLField
    )


def _untold(field: models.Field[Any, Any], cell: str) -> Any:
    if cell == "" and field.null:
        return None
    if isinstance(field, models.JSONField):
        return json.loads(whole(cell))
    if isinstance(field, models.CharField | models.TextField):
        return whole(cell)
    if isinstance(field, models.ForeignKey):
        return int(cell)
    return field.to_python(cell)


def _restart_sequences() -> None:
    """PostgreSQL counts ids apart from the rows; move its counters past what was read in."""
    connection = connections[RECORD]
    statements = connection.ops.sequence_reset_sql(no_style(), record_tables())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
