"""Answers to the questions at sign-up, from the file of any form: who gave them, and what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.core.hackathons.audience import QUESTIONS, answer_of, reasons_of
from almanac.sources.base.cells import cell, clean
from almanac.sources.base.guests import name_in, person_key
from almanac.sources.base.rows import UnreadableError
from almanac.sources.tables.people_table import COLUMNS

if TYPE_CHECKING:
    from almanac.sources.base.reading import Table


BOTH = {"team", "would_use"}
TICKED = frozenset(["true", "yes", "1", "x", "checked", "ticked", "✓", "✔"])
CHOICE = re.compile(r"\((?P<choice>[^()]+)\)\s*$")
"""A column for each choice, as some forms export them: the question, and the choice in brackets."""


@dataclass(frozen=True, slots=True)
class SignupAnswers:
    """answers: by who gave them (as guest lists tell people apart), each question's field with its answer;
    several reasons stand with spaces between them. columns: which column was read for each field. nameless:
    of rows without a name or an address."""

    answers: dict[str, dict[str, str]]
    columns: dict[str, str]
    nameless: dict[int, dict[str, str]]


def read_signup_answers(table: Table | None, name: str) -> SignupAnswers:
    """Raises UnreadableError where the file holds none of the questions."""
    columns = _columns(table) if table is not None else {}
    if table is None or not columns:
        raise UnreadableError(
            f"{name} holds none of the questions. Its columns should ask why people are here, how long they "
            "have been building, whether alone or in a team, or whether they would use the product."
        )
    found: dict[str, dict[str, str]] = {}
    nameless: dict[int, dict[str, str]] = {}
    for line, record, _ in table.records():
        if not any(cell.strip() for cell in record.values()):
            continue
        told = {field: _answer(field, column, record) for field, column in columns.items()}
        who = person_key(name_in(record, COLUMNS.name), clean(cell(record, COLUMNS.email)))
        if who:
            # Whoever signs up twice has changed their mind.
            found[who] = told
        elif any(told.values()):
            nameless[line] = told
    return SignupAnswers(found, columns, nameless)


def _answer(field: str, column: str, record: dict[str, str]) -> str:
    asked = CHOICE.sub("", column).strip()
    keys = [key for key in record if key == asked or key.startswith(f"{asked} (")]
    text = "; ".join(filter(None, (_text(key, record) for key in keys)))
    if field == "why":
        return " ".join(reason.value for reason in reasons_of(text))
    return answer_of(field, text).value


def _text(column: str, record: dict[str, str]) -> str:
    """What a cell says; of a ticked choice, the choice."""
    text = clean(record.get(column, ""))
    choice = CHOICE.search(column)
    if choice is None or text.lower() not in TICKED | {"false", "no", "0", ""}:
        return text
    return choice["choice"] if text.lower() in TICKED else ""


def _columns(table: Table) -> dict[str, str]:
    """The first column that asks each question. One that asks whether they come alone and whether they
    would use it is read for both; no other is read twice."""
    found: dict[str, str] = {}
    for question in sorted(QUESTIONS, key=lambda each: each.field != "would_use"):
        taken = {column for field, column in found.items() if {field, question.field} != BOTH}
        column = next(
            (key for key in table.keys if key not in taken and question.column.search(key)), ""
        )
        if column:
            found[question.field] = column
    return found
