"""`almanac import`: bring in what there is."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out, count, remember_mapping
from almanac.actions.keeping.exporting import is_export, read_in
from almanac.answers.imports.import_plan import rows_said
from almanac.answers.imports.landing import landing
from almanac.answers.imports.reading_files import plan, read, remembered_mapping
from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import Evidence, values
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.imports.reports import numbers_of, show_read_in, totals
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.rules import OWNER
from almanac.sources.base.dates import ORDERS, day_of
from almanac.sources.base.reading import documents_at
from almanac.sources.base.rows import UnreadableError
from almanac.sources.recognise import UnmappedError, known
from almanac.sources.tables import mapped_table
from almanac.sources.tables.mapped_table import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from almanac.actions.imports.carrying_out import Imported
    from almanac.answers.imports.import_plan import ImportPlan
    from almanac.record.models import Activity
    from almanac.sources.base.documents import Document
    from almanac.sources.base.reading import Table
    from almanac.sources.base.source import Harvest

MOST_LISTED = 60
MANY_OBJECTS = 100_000
"""How many must be made before Python looks for cycles among them."""


def bring_in(
    *paths: Path,
    program: str = "",
    event: str = "",
    attendance: str = "",
    keep_names: Annotated[bool, Parameter(negative="")] = False,
    pick: str = "",
    columns: Annotated[list[str] | None, Parameter(name="--column")] = None,
    dates: Literal["day-first", "month-first"] | None = None,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """Import files: events, guest lists, posts, measurements, quotes, boards and calendars.

    Each file is recognised by its content. Read are FORMATS; and other tables with a title and a
    date. Importing the same file again changes nothing. Guest lists become counts; names and
    e-mails are kept only with --keep-names.

    Parameters
    ----------
    paths
        Files, folders or zip archives; or the folder of an export.
    program
        The program for rows that name none.
    event
        The event a guest list belongs to: its number or words of its title.
    attendance
        How attendance was known, if you want to say: counted, registered_only or not_measured.
    keep_names
        Keep the names and e-mails of guests too.
    pick
        From a calendar, only these: numbers and ranges such as 1,4,7-9, or words of the title.
    columns
        For a plain table, a column and what it holds: --column "Start=day". Repeat it; it is
        remembered for the next table with this header.
    dates
        How these files write 3/4/2026, where nothing in them says so.
    dry_run
        Only show what would change.
    as_json
        Print JSON.
    """
    open_logbook()

    if not paths:
        raise CannotError("Name a file to import, such as: almanac import events.csv")
    if attendance and attendance not in values(Evidence):
        raise CannotError("--attendance can be counted, registered_only or not_measured.")
    if len(paths) == 1 and is_export(paths[0]):
        show_read_in(read_in(OWNER, paths[0], dry_run=dry_run), as_json, dry_run)
        return 0
    target = one_activity(event) if event else None
    month_first = ORDERS.get(dates or "")
    work = _Work(
        program, target, attendance, keep_names, pick, _mapping(columns or []), month_first,
        dry_run, as_json,
    )  # fmt: skip
    with _few_collections():
        for path in paths:
            work.take(path)
    work.close()
    return 1 if work.failed or work.took_nothing else 0


assert bring_in.__doc__ is not None
bring_in.__doc__ = bring_in.__doc__.replace("FORMATS", known())


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for cycles seldom: rows have few, and looking takes a fifth of a large import's time."""
    usual = gc.get_threshold()
    gc.set_threshold(MANY_OBJECTS)
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


class _Work:
    """One run over several files, each imported whole or not at all."""

    def __init__(
        self,
        program: str,
        target: Activity | None,
        attendance: str,
        keep_names: bool,
        pick: str,
        columns: dict[str, str],
        month_first: bool | None,
        dry_run: bool,
        as_json: bool,
    ) -> None:
        self.program = program
        self.target = target
        self.attendance = attendance
        self.keep_names = keep_names
        self.pick = pick
        self.columns = columns
        self.month_first = month_first
        self.dry_run = dry_run
        self.as_json = as_json
        self.done: list[tuple[ImportPlan, Imported]] = []
        self.failed: list[str] = []

    def take(self, path: Path) -> None:

        name = path.name
        try:
            for document in documents_at(path):
                if isinstance(document, UnreadableError):
                    self._fail(str(document))
                    continue
                name = document.name
                try:
                    self._document(document)
                except AlmanacError as error:
                    self._fail(str(error))
        except KeyboardInterrupt:
            self._stopped(name)
            raise

    def _document(self, document: Document) -> None:

        planned = self._plan(document)
        if planned is None:
            return
        gc.freeze()
        if self.dry_run:
            self._report(planned, count(planned))
            return
        self._report(planned, self._with_progress(planned))

    def _plan(self, document: Document) -> ImportPlan | None:
        found = self._read(document)
        if found is None:
            return None
        return plan(
            OWNER,
            document.name,
            found,
            program=self.program,
            chosen=self._choose(found) if found.choosable else None,
            target=self.target,
            attendance=self.attendance,
            keep_names=self.keep_names,
        )

    def _with_progress(self, planned: ImportPlan) -> Imported:

        if self.as_json or not sys.stderr.isatty():
            return carry_out(OWNER, planned)
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(f"Writing {planned.name}", total=None)
            return carry_out(
                OWNER, planned, lambda done, of: bar.update(task, completed=done, total=of)
            )

    def _read(self, document: Document) -> Harvest | None:
        mapping = None
        try:
            found = read(OWNER, document, month_first=self.month_first)
        except UnmappedError as error:
            mapping = self._map(document, error.table, error.guess)
            if mapping is None:
                return None
            found = read(OWNER, document, mapping, self.month_first)
        else:
            if self.columns and found.table is not None:
                known = remembered_mapping(found.table) or {}
                mapping = self._map(document, found.table, known)
                if mapping is None:
                    return None
                found = read(OWNER, document, mapping, self.month_first)
            elif self.columns:
                source = found.source.title
                said = f"--column was not used, because Almanac knows {source} and reads its columns itself"
                found = replace(found, remarks=(*found.remarks, said))
        return self._dated(document, found, mapping)

    def _dated(self, document: Document, found: Harvest, mapping: dict[str, str] | None) -> Harvest:
        """Ask once for the file which way round its dates are, where nothing in it says so."""
        if not found.undecided:
            return found
        if out.is_terminal() and not self.as_json:
            days = {
                order: day_of(found.undecided, month_first=first) for order, first in ORDERS.items()
            }
            answer = out.ask(
                f"In {document.name}, is {found.undecided} {days['day-first']} (d) or "
                f"{days['month-first']} (m)? [d/m] "
            )
            if answer[:1].lower() in {"d", "m"}:
                return read(OWNER, document, mapping, answer[:1].lower() == "m")
        said = (
            f"{found.undecided} was taken for {day_of(found.undecided, month_first=True)}, as nothing in the file "
            "says which; import it again with --dates day-first if that is wrong (almanac undo first), "
            "or say it once for all: almanac init --dates day-first"
        )
        return replace(found, remarks=(*found.remarks, said))

    def _map(
        self, document: Document, table: Table, guess: dict[str, str]
    ) -> dict[str, str] | None:
        """Agree on the columns of a plain table, and remember them."""
        told = {c: f for c, f in self.columns.items() if c in table.keys}
        mapping = {
            c: f for c, f in guess.items() if f not in told.values() and c not in told
        } | told
        if lacks := mapped_table.lacking(mapping):
            columns = ", ".join([c for c in table.header if c.strip()][:12])
            raise UnreadableError(
                f"{table.name} is a table Almanac does not know, and it cannot tell which column is the "
                f"{lacks}. Say which is the title and which the day, as in "
                f'--column "COLUMN=title" --column "COLUMN=day"; there are {columns}.'
            )
        if out.is_terminal() and not self.as_json:
            out.say(
                f"{table.name} is a table Almanac has not seen before. Its columns would be read as:"
            )
            out.rows(
                ["column", "as"],
                [[name, FIELDS.get(mapping.get(name, ""), "left out")] for name in table.keys],
            )
            out.say("Its first rows would be saved as:")
            events = read(OWNER, document, mapping, self.month_first).events
            out.rows(*landing(events, mapping))
            if (
                not out.ask("Import it like that, and remember? [Y/n] ", "y")
                .lower()
                .startswith("y")
            ):
                self._fail(
                    f"{table.name} was not imported. Say what its columns hold: "
                    f'--column "{table.header[0]}=title"; they can be {", ".join(FIELDS)}.'
                )
                return None
        if not self.dry_run:
            remember_mapping(OWNER, table, mapping)
        return mapping

    def _choose(self, found: Harvest) -> set[int]:
        """Which of a calendar's events become activities; the rest is not stored."""
        every = {event.row for event in found.events}
        if self.pick:
            return _picked(self.pick, found)
        if not out.is_terminal() or self.as_json:
            return every
        out.rows(
            ["", "when", "what"],
            [
                [str(event.row), str(event.day or f"{event.starts_at:%Y-%m-%d %H:%M}"), event.title]
                for event in found.events[:MOST_LISTED]
            ],
        )
        if len(found.events) > MOST_LISTED:
            out.say(f"... and {len(found.events) - MOST_LISTED} more; choose them by words.")
        answer = out.ask("Which were work? Numbers, ranges, words, “all” or “none”: ", "none")
        if answer in {"all", "none"}:
            return every if answer == "all" else set()
        return _picked(answer, found)

    def _report(self, planned: ImportPlan, result: Imported) -> None:
        self.done.append((planned, result))
        if self.as_json:
            return
        tense = "would be " if self.dry_run else ""
        counts = [
            f"{rows_said(kind, number)} {tense}{what}"
            for what in ("created", "changed", "unchanged", "rejected")
            for kind, number in getattr(result, what).items()
            if number
        ]
        out.say(f"{planned.name} ({planned.title}): {', '.join(counts) or 'nothing in it'}")
        for event in (*planned.create, *planned.change)[:3]:
            out.say(f"  {event.title}{numbers_of(event.turnout)}")
        for remark in planned.remarks:
            out.say(f"  Note: {remark}.")
        for rejected in planned.rejected[:5]:
            out.say(f"  Row {rejected.row} {rejected.reason}.")
        if len(planned.rejected) > 5:
            out.say(f"  ... and {len(planned.rejected) - 5} more.")
        if result.rejected_file:
            out.say(f"  Rejected rows, each with its reason: {result.rejected_file}")

    def _fail(self, sentence: str) -> None:
        """Say what could not be read, and go on with the other files."""
        self.failed.append(sentence)
        if not self.as_json:
            out.complain(sentence)

    def _stopped(self, name: str) -> None:
        finished = ", ".join(planned.name for planned, _ in self.done) or "nothing"
        out.complain(f"Stopped at {name}. Imported whole: {finished}; of the rest, nothing.")

    @property
    def took_nothing(self) -> bool:
        """Whether rows were turned away and nothing else came of it."""
        rejected = any(result.rejected for _, result in self.done)
        taken = any(
            number
            for _, result in self.done
            for counts in (result.created, result.changed, result.unchanged)
            for number in counts.values()
        )
        return rejected and not taken

    def close(self) -> None:
        if self.as_json:
            out.data(totals(self.done) | {"failed": self.failed, "dry_run": self.dry_run})
        elif self.done and not self.dry_run and any(result.activities for _, result in self.done):
            out.say("  Not right? almanac undo")


def _mapping(columns: list[str]) -> dict[str, str]:

    mapping = {}
    for column in columns:
        name, separator, field = column.rpartition("=")
        if not separator or field not in FIELDS:
            raise CannotError(f"“{column}” should be COLUMN=FIELD; fields are {', '.join(FIELDS)}.")
        mapping[name.strip().lower()] = field
    return mapping


def _is_number(text: str) -> bool:
    text = text.strip()
    return text.isascii() and text.isdecimal() and len(text) < 9


def _picked(answer: str, found: Harvest) -> set[int]:
    chosen: set[int] = set()
    for part in answer.split(","):
        piece = part.strip()
        low, dash, high = piece.partition("-")
        if _is_number(piece):
            chosen.add(int(piece))
        elif dash and _is_number(low) and _is_number(high):
            chosen |= set(range(int(low), min(int(high), len(found.events)) + 1))
        elif piece:
            chosen |= {event.row for event in found.events if piece.lower() in event.title.lower()}
    return chosen & {event.row for event in found.events}
