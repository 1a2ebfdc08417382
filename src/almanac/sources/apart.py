"""Read uploaded files in a process of their own, so that none can stop or slow the server.

The child takes an Errand on its standard input and gives one Outcome a document on its standard
output, both pickled. It reads files and knows no record.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from almanac.core.errors import AlmanacError
from almanac.sources.base.limits import Limits
from almanac.sources.base.reading import documents_in
from almanac.sources.recognise import harvest
from almanac.sources.tables import mapped_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo
    from pathlib import Path

    from almanac.sources.base.documents import Document
    from almanac.sources.base.reading import Table
    from almanac.sources.base.source import Harvest

WAITS = 3
"""A child is ended after so many times its processor time, whatever it waits for."""
ROWS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Errand:
    """What to read, and how the person writes.

    files: names and paths. remembered: mappings by the signature of a table. mappings and orders: by
    a document's number, what a person chose for it: its columns, and whether the month comes first.
    number: of the first document.
    """

    files: tuple[tuple[str, Path], ...]
    zone: tzinfo
    now: datetime
    month_first: bool | None = None
    remembered: dict[str, dict[str, str]] = field(default_factory=dict)
    mappings: dict[int, dict[str, str]] = field(default_factory=dict)
    orders: dict[int, bool] = field(default_factory=dict)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document read, or why not. table: the beginning of a table that is read by a mapping of its
    columns, and the mapping it was read by or would be. file: its place among the errand's files."""

    file: int
    name: str
    harvest: Harvest | None = None
    table: Table | None = None
    mapping: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def read_apart(errand: Errand, limits: Limits) -> Iterator[Outcome]:
    """Read every file in a child process within `limits` in all. A file that ends the child becomes an
    Outcome with the reason; the files after it are read by another."""
    begun = time.monotonic()
    files, number, done = errand.files, errand.number, 0
    while done < len(files):
        seconds = limits.seconds - (time.monotonic() - begun if done else 0)
        if seconds <= 0:
            for place, (name, _) in enumerate(files[done:], start=done):
                yield Outcome(
                    place,
                    name,
                    problem=f"{name} was not read, because the files before it took too long.",
                )
            return
        rest = replace(errand, files=files[done:], number=number)
        last = done
        ended_well = False
        for outcome in _from_child(rest, replace(limits, seconds=seconds)):
            if outcome is None:
                ended_well = True
                break
            last = done + outcome.file
            number += 1
            yield replace(outcome, file=last)
        if ended_well:
            return
        name = files[last][0]
        yield Outcome(last, name, problem=(
            f"{name} needs more than {limits.seconds:.0f} s or {limits.megabytes} MB to read here. "
            "Import it in a terminal with almanac import, or export a shorter period."
        ))  # fmt: skip
        number += 1
        done = last + 1


def _from_child(errand: Errand, limits: Limits) -> Iterator[Outcome | None]:
    """The child's outcomes as they come, then None if it came to its end by itself."""
    command = [sys.executable, "-P", "-c", "from almanac.sources.apart import answer; answer()"]
    with subprocess.Popen(  # noqa: S603 - this program itself
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        watch = threading.Timer(WAITS * limits.seconds, child.kill)
        watch.start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            pickle.dump((errand, limits), child.stdin)
            child.stdin.close()
            while True:
                outcome: Outcome | None = pickle.load(child.stdout)  # noqa: S301 - our own child's
                yield outcome
                if outcome is None:
                    return
        except (EOFError, pickle.UnpicklingError, BrokenPipeError):
            return
        finally:
            watch.cancel()
            child.kill()


def answer() -> None:
    """What the child does: read the errand, answer, and end."""
    errand, limits = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent's
    limits.impose()
    with os.fdopen(os.dup(1), "wb") as answers:
        # Whatever a library prints must not come between the answers.
        os.dup2(2, 1)
        for outcome in _outcomes(errand):
            pickle.dump(outcome, answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()
        pickle.dump(None, answers)


def _outcomes(errand: Errand) -> Iterator[Outcome]:
    number = errand.number
    for place, (name, path) in enumerate(errand.files):
        try:
            for document in documents_in(name, path.read_bytes()):
                yield _outcome(errand, document, number, place)
                number += 1
        except AlmanacError as error:
            yield Outcome(place, name, problem=str(error))
            number += 1


def _outcome(errand: Errand, document: Document, number: int, place: int) -> Outcome:
    outcome = Outcome(place, document.name)

    def mapping_of(table: Table) -> dict[str, str] | None:
        nonlocal outcome
        known = errand.mappings.get(number) or errand.remembered.get(mapped_table.signature(table))
        mapping = known or mapped_table.guess(table)
        beginning = replace(table, rows=table.rows[:ROWS_SHOWN])
        outcome = replace(outcome, table=beginning, mapping=mapping)
        return None if mapped_table.lacking(mapping) else mapping

    order = errand.orders.get(number, errand.month_first)
    try:
        found = harvest(document, errand.zone, errand.now, mapping_of, order)
    except AlmanacError as error:
        return replace(outcome, problem=str(error))
    return replace(outcome, harvest=replace(found, table=None))
