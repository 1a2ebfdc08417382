"""A table of the record as Parquet, with the types of its columns."""

from __future__ import annotations

import csv
import json
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from almanac.record.infra.routing import RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BATCH = 2000
PARQUET_TYPES = (
    (models.BooleanField, "BOOLEAN"),
    (models.DateTimeField, "TIMESTAMPTZ"),
    (models.DateField, "DATE"),
    (models.DecimalField, "DECIMAL(12, 2)"),
    (models.FloatField, "DOUBLE"),
    ((models.IntegerField, models.ForeignKey, models.BigAutoField), "BIGINT"),
)


def write_parquet(
    model: type[models.Model],
    fields: Mapping[str, models.Field[Any, Any]],
    file: Path,
    room: Path,
) -> None:
    """Write every row of a table, in order of key; fields: by the name of their column; room: a folder for
    what is made on the way."""
    # Imported here because only an export needs the engine.
    import duckdb  # noqa: PLC0415

    plain = room / f"{file.stem}.csv"
    missing = f"missing-{secrets.token_hex(8)}"  # no text can be mistaken for it
    rows = (
        model._default_manager.using(RECORD)
        .order_by("pk")
        .values_list(*(field.attname for field in fields.values()))
    )
    with plain.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(fields)
        for row in rows.iterator(BATCH):
            writer.writerow(
                [
                    missing if value is None else _plain_cell(field, value)
                    for field, value in zip(fields.values(), row, strict=True)
                ]
            )
    types = {name: _parquet_type(field) for name, field in fields.items()}
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        told = engine.read_csv(
            str(plain),
            header=True,
            columns=types,
            na_values=missing,
            quotechar='"',
            escapechar='"',
            auto_detect=False,
            max_line_size=20_000_000,
        )
        told.write_parquet(str(file))


def _plain_cell(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(field, models.JSONField):
        return as_json(value)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def _parquet_type(field: models.Field[Any, Any]) -> str:
    return next((name for kinds, name in PARQUET_TYPES if isinstance(field, kinds)), "VARCHAR")


def as_json(value: Any) -> str:
    """A value of a JSON field as every export writes it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
