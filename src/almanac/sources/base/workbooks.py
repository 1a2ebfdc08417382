"""Workbooks: every sheet of an XLSX, XLS, XLSB or ODS file that holds anything, as rows of text."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from almanac.sources.base.documents import MOST_COLUMNS, MOST_ROWS, Document
from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED = 1_000_000_000
MOST_TIMES = 100
_MARK = re.compile(r"^(?:xl/workbook\.(?:xml|bin)|content\.xml)$")


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a workbook: of old Excel by its first bytes, of others by what is in the zip."""
    if data.startswith(OLD):
        return True
    if data[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(_MARK.match(name) for name in archive.namelist()[:2000])
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, IndexError):
        return False


def sheets(name: str, data: bytes) -> Iterator[Document]:
    """A document for each sheet with at least two rows. Raises UnreadableError in one sentence."""
    # Imported here because few files are workbooks, and capture must start fast.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    _check_size(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        filled = []
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=True)
            if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows[:50]):
                raise UnreadableError(
                    f"{name} has a sheet of more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns; "
                    "export a shorter period, or split it."
                )
            cells = tuple(tuple(_text(cell) for cell in row) for row in rows)
            if sum(any(row) for row in cells) > 1:
                filled.append((sheet, cells))
    except UnreadableError:
        raise
    except (CalamineError, ValueError, OSError, RuntimeError, zipfile.BadZipFile) as error:
        raise UnreadableError(
            f"{name} is a damaged or locked workbook; open it and save it as .xlsx or CSV."
        ) from error
    if not filled:
        raise UnreadableError(f"{name} is a workbook without a table in it.")
    for sheet, cells in filled:
        yield Document(name if len(filled) == 1 else f"{name}/{sheet}", data[:1], cells)


def _check_size(name: str, data: bytes) -> None:
    if data.startswith(OLD):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > min(MOST_UNPACKED, max(MOST_TIMES * len(data), 10_000_000)):
        raise UnreadableError(
            f"{name} unpacks to far more than a workbook should; it was not read."
        )


def _text(cell: object) -> str:
    """A cell as the text of a CSV file would have it."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(cell).strip()
