"""Answers to the questions at sign-up, from the file of any form: who gave them, and what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.core.hackathons.audience import QUESTIONS, answer_of
from almanac.sources.base.cells import cell, clean
from almanac.sources.base.guests import name_in, person_key
from almanac.sources.base.rows import UnreadableError
from almanac.sources.tables.people_table import COLUMNS

if TYPE_CHECKING:
    from almanac.sources.base.reading import Table


@dataclass(frozen=True, slots=True)
class SignupAnswers:
    """answers: by who gave them (as guest lists tell people apart), each question's field with its answer.
    columns: which column was read for each field. nameless: rows without a name or an address."""

    answers: dict[str, dict[str, str]]
    columns: dict[str, str]
    nameless: int


def read_signup_answers(table: Table | None, name: str) -> SignupAnswers:
    """Raises UnreadableError where the file holds none of the questions."""
    columns = _columns(table) if table is not None else {}
    if table is None or not columns:
        raise UnreadableError(
            f"{name} holds none of the questions. Its columns should ask why people are here, how long they "
            "have been building, whether alone or in a team, or whether they would use the product."
        )
    found: dict[str, dict[str, str]] = {}
    nameless = 0
    for _, record, _ in table.records():
        if not any(cell.strip() for cell in record.values()):
            continue
        who = person_key(name_in(record, COLUMNS.name), clean(cell(record, COLUMNS.email)))
        if not who:
            nameless += 1
            continue
        # Whoever signs up twice has changed their mind.
        found[who] = {
            field: answer_of(field, clean(record.get(column, ""))).value
            for field, column in columns.items()
        }
    return SignupAnswers(found, columns, nameless)


def _columns(table: Table) -> dict[str, str]:
    """The first column that asks each question; none is read for two."""
    found: dict[str, str] = {}
    # “Would you use it, alone or in a team?” asks first whether they would use it.
    for question in sorted(QUESTIONS, key=lambda each: each.field != "would_use"):
        taken = set(found.values())
        column = next(
            (key for key in table.keys if key not in taken and question.column.search(key)), ""
        )
        if column:
            found[question.field] = column
    return found
