"""`almanac reach`: how people heard of the work."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.answers import words
from almanac.answers.community.quotes import heard_about
from almanac.answers.community.reach import reach as reach_answer
from almanac.core.community.channels import channel_of
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import open_logbook
from almanac.record.infra import clock
from almanac.record.rules import OWNER
from almanac.sources.base.cells import column_key
from almanac.sources.base.formulas import neutral
from almanac.sources.base.reading import documents_at
from almanac.sources.base.rows import UnreadableError
from almanac.sources.base.source import Opened
from almanac.sources.tables.quotes_table import HEARD


def reach(
    *,
    classify: Path | None = None,
    column: str = "",
    to: Annotated[Path | None, Parameter(name="--out")] = None,
    as_json: JsonFlag = False,
) -> int:
    """How people heard of you: answers by channel, each with the range its share may have.

    Parameters
    ----------
    classify
        A table with answers to “how did you hear about us”; nothing of it is stored.
    column
        The column with the answers; the one that asks how they heard, if you do not say.
    to
        Where to write each answer with its channel, in the same order.
    as_json
        Print JSON.
    """
    if classify is not None:
        return _classified(classify, column, to, as_json=as_json)
    open_logbook()
    rows = heard_about(OWNER)
    if as_json:
        out.data(
            [{"channel": row.name, "answers": row.answers, "share": row.share} for row in rows]
        )
        return 0
    found = reach_answer(OWNER)
    out.say(f"{found.sentence} {found.likely}".strip())
    if found.marked:
        out.say(
            f"{words.counted(len(found.marked), 'quote says', 'quotes say')} that they would not have known otherwise."
        )
    if rows:
        out.rows(
            ["channel", "answers", "share"],
            [
                [row.name, str(row.answers), f"{words.share(row.low)} to {words.share(row.high)}"]
                for row in rows
            ],
        )
    return 0


def _classified(file: Path, column: str, to: Path | None, *, as_json: bool) -> int:
    answers = [(answer, str(channel_of(answer))) for answer in _answers(file, column)]
    if to is not None:
        with to.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["answer", "channel"])
            writer.writerows((neutral(answer), channel) for answer, channel in answers)
    if as_json or to is None:
        out.data([{"answer": answer, "channel": channel} for answer, channel in answers])
    else:
        out.say(f"Wrote {len(answers):,} answers with their channels to {to}")
    return 0


def _only_column(text: str, name: str, column: str) -> list[str]:
    """A file of one column: a header, and an answer a line, blank ones too."""
    lines = [cell[0].strip() if cell else "" for cell in csv.reader(text.splitlines())]
    if not lines or (column and lines[0].lower() != column.strip().lower()):
        raise CannotError(f"{name} has no column “{column}”.")
    return lines[1:]


def _answers(file: Path, column: str) -> list[str]:
    document = next(documents_at(file), None)
    if document is None or isinstance(document, UnreadableError):
        raise CannotError(str(document or f"{file.name} holds nothing."))
    opened = Opened(document, clock.now())
    table = opened.table
    if table is None:
        return _only_column(opened.text, file.name, column)
    wanted = column_key(column)
    key = wanted if wanted in table.keys else next((k for k in table.keys if HEARD.search(k)), "")
    if not key or (wanted and wanted not in table.keys):
        raise CannotError(
            f"{file.name} has no column “{column or 'how did you hear'}”; it has {', '.join(table.header[:12])}."
        )
    return [record.get(key, "").strip() for _, record, _ in table.records()]
