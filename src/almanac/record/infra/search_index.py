"""The index of words: SQLite's FTS5, or PostgreSQL's text search, over activities and quotes.

It is derived from the record: built when it is missing, kept by triggers, never backed up or exported.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import DatabaseError, connections

from almanac.record.infra.routing import RECORD

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

NAME = "record_search"
TABLES = {
    "activity": ("record_activity", "title place notes"),
    "quote": ("record_voice", "text who via place"),
}
"""What is indexed: the table, and its columns."""
CODES = {"activity": 0, "quote": 1}
_TOKEN = re.compile(r"\w+")


def build() -> None:
    """Make the index anew, with the triggers that keep it. Nothing where the database has no such thing."""
    connection = connections[RECORD]
    with suppress(DatabaseError), connection.cursor() as cursor:
        for statement in drop_statements(connection) + _make_statements(connection):
            cursor.execute(statement)


def is_there() -> bool:
    """Whether the index and its triggers are: a table that was made anew has lost them."""
    connection = connections[RECORD]
    if connection.vendor == "sqlite":
        places, names = "sqlite_master WHERE name", [NAME, *_triggers()]
    else:
        places, names = "pg_indexes WHERE indexname", [f"{NAME}_{name}" for name in TABLES]
    marks = ", ".join(["%s"] * len(names))
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {places} IN ({marks})", names)  # noqa: S608 - names of this module
            return bool(cursor.fetchone()[0] == len(names))
    except DatabaseError:
        return False


def _triggers() -> list[str]:
    return [f"{NAME}_{name}_{when}" for name in TABLES for when in ("ai", "au", "ad")]


def drop_statements(connection: BaseDatabaseWrapper | None = None) -> list[str]:
    """What takes the index away, with everything it holds."""
    if connection is not None and connection.vendor != "sqlite":
        return [f"DROP INDEX IF EXISTS {NAME}_{name}" for name in TABLES]
    return [
        *(f"DROP TRIGGER IF EXISTS {name}" for name in _triggers()),
        f"DROP TABLE IF EXISTS {NAME}",
    ]


def _make_statements(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor != "sqlite":
        return [
            f"CREATE INDEX {NAME}_{name} ON {table} USING gin ({_vector(columns)})"
            for name, (table, columns) in TABLES.items()
        ]
    made = [
        f"CREATE VIRTUAL TABLE {NAME} USING fts5(body, tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')"
    ]
    for name, (table, columns) in TABLES.items():
        code, body = CODES[name], _body(columns, "")
        made.append(f"INSERT INTO {NAME}(rowid, body) SELECT id * 2 + {code}, {body} FROM {table}")  # noqa: S608 - names of this module
        new, old = _body(columns, "new."), f"DELETE FROM {NAME} WHERE rowid = old.id * 2 + {code};"  # noqa: S608
        insert = f"INSERT INTO {NAME}(rowid, body) VALUES (new.id * 2 + {code}, {new});"  # noqa: S608
        listed = ", ".join(columns.split())
        made += [
            f"CREATE TRIGGER {NAME}_{name}_ai AFTER INSERT ON {table} BEGIN {insert} END",
            f"CREATE TRIGGER {NAME}_{name}_ad AFTER DELETE ON {table} BEGIN {old} END",
            f"CREATE TRIGGER {NAME}_{name}_au AFTER UPDATE OF {listed} ON {table} BEGIN {old} {insert} END",
        ]
    return made


def _body(columns: str, prefix: str) -> str:
    return " || ' ' || ".join(f"{prefix}{column}" for column in columns.split())


def _vector(columns: str) -> str:
    return f"to_tsvector('english', {_body(columns, '')})"


def keys_with(name: str, words: list[str], most: int) -> list[int] | None:
    """Keys of rows that hold every word, in another form or case too, the last one also as a beginning;
    at most so many, the newest rows first. None where there is no index, or nothing to look for."""
    tokens = [_TOKEN.findall(word) for word in words]
    if not tokens or not all(tokens) or not is_there():
        return None
    connection = connections[RECORD]
    if connection.vendor == "sqlite":
        phrases = [f'"{" ".join(found)}"' for found in tokens]
        # The last bit of a row's number says the table.
        question = (
            f"SELECT rowid / 2 FROM {NAME} WHERE {NAME} MATCH %s AND rowid %% 2 = {CODES[name]} "  # noqa: S608
            "ORDER BY rowid DESC LIMIT %s"
        )
        wanted = " AND ".join(phrases) + " *"
    else:
        table, columns = TABLES[name]
        question = f"SELECT id FROM {table} WHERE {_vector(columns)} @@ to_tsquery('english', %s) ORDER BY id DESC LIMIT %s"  # noqa: S608
        wanted = " & ".join(" <-> ".join(found) for found in tokens) + ":*"
    with connection.cursor() as cursor:
        cursor.execute(question, [wanted, most])
        return [key for (key,) in cursor.fetchall()]


def forget_deleted() -> None:
    """Write the index anew without what was deleted from it."""
    connection = connections[RECORD]
    if connection.vendor == "sqlite" and is_there():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {NAME}({NAME}) VALUES ('optimize')")  # noqa: S608
