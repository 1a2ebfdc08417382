"""Recognise the format of a document by its content."""

from __future__ import annotations

import logging
import pkgutil
import re
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from almanac.core.errors import AlmanacError
from almanac.sources import calendars, services, tables, text
from almanac.sources.base.rows import UnreadableError
from almanac.sources.base.source import Opened, Reads
from almanac.sources.tables import mapped_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from almanac.sources.base.documents import Document
    from almanac.sources.base.reading import Table
    from almanac.sources.base.source import Harvest, Source

logger = logging.getLogger(__name__)


@cache
def sources() -> tuple[Source, ...]:
    """Every format, as their modules declare them; each recognises what no other does."""
    found: list[Source] = []
    for package in (calendars, text, services, tables):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            found += getattr(import_module(module.name), "SOURCES", ())
    return tuple(sorted(found, key=lambda source: source.general))


def known() -> str:
    """The formats in one line, for help and refusals."""
    return ", ".join(source.name for source in sources() if source.recognises is not None)


class UnmappedError(AlmanacError):
    """A table whose columns a person has to name first."""

    def __init__(self, table: Table, guess: dict[str, str]) -> None:
        super().__init__(
            f"{table.name} is a table Almanac has not seen before; name what its columns hold, "
            "with at least a title and a day."
        )
        self.table = table
        self.guess = guess


def harvest(
    document: Document,
    zone: tzinfo,
    now: datetime,
    mapping_of: Callable[[Table], dict[str, str] | None],
    month_first: bool | None = None,
) -> Harvest:
    """Read one document. `mapping_of` gives the remembered columns of a plain table, or None.
    month_first: how the person writes 3/4; None until they have said.

    Raises UnreadableError with one sentence that names the file, whatever its reader met, or
    UnmappedError for a table not seen before.
    """
    try:
        return _harvest(Opened(document, now, month_first), zone, mapping_of)
    except (UnreadableError, UnmappedError, MemoryError):
        raise
    except AlmanacError as error:
        raise UnreadableError(f"{document.name}: {error}.") from error
    except Exception as error:
        # A reader met what nobody foresaw; one bad file must not stop the others.
        logger.debug("reading %s", document.name, exc_info=True)
        raise UnreadableError(
            f"{document.name} has something in it that Almanac cannot read "
            f"({type(error).__name__}). Export it again, or send us the file with names replaced."
        ) from error


def _harvest(
    opened: Opened, zone: tzinfo, mapping_of: Callable[[Table], dict[str, str] | None]
) -> Harvest:
    if not opened.document.data.strip(b"\0\r\n\t "):
        raise UnreadableError(f"{opened.name} is empty.")
    for source in sources():
        if source.recognises is None or source.read is None:
            continue
        view = opened.view(source.reads)
        if view is not None and source.recognises(view):
            found = source.read(view, zone)
            return _remarked(found, opened, guessed=source.reads is Reads.TABLE)
    if re.match(r"\s*<(?:!doctype html|html|head|body)\b", opened.text[:200], re.IGNORECASE):
        raise UnreadableError(
            f"{opened.name} is a web page, not an export: perhaps the page you sign in on. Sign in, and download it again."
        )
    if opened.table is None or len(opened.table.header) < 2:
        raise UnreadableError(
            f"{opened.name} is not something Almanac can import yet; it reads {known()}, and other tables with a title and a date."
        )
    mapping = mapping_of(opened.table)
    if mapping is None:
        raise UnmappedError(opened.table, mapped_table.guess(opened.table))
    return _remarked(mapped_table.read(opened.table, mapping, zone), opened)


def _remarked(found: Harvest, opened: Opened, *, guessed: bool = True) -> Harvest:
    """The harvest with what was decided about its dates and, where guessed, its encoding."""
    orders = opened.habits.orders
    remarks = [*found.remarks, *orders.remarks]
    if guessed and opened.remark:
        remarks.append(opened.remark)
    return replace(found, remarks=tuple(remarks), undecided=orders.undecided)
