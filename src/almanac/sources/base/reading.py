"""Bytes into text and tables, within limits, whatever the encoding."""

from __future__ import annotations

import csv
import io
import lzma
import re
import stat
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from almanac.sources.base import workbooks
from almanac.sources.base.cells import column_key
from almanac.sources.base.dates import Habits
from almanac.sources.base.documents import MOST_COLUMNS, MOST_ROWS, Document
from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEGABYTE = 1_000_000
LARGEST_FILE = 50 * MEGABYTE
MOST_ENTRIES = 500
LARGEST_CELL = MEGABYTE
LONGEST_CELL = 100_000
"""What is longer is cut: no field of the record holds more."""
FEW_TABBED = 0.4
"""Tabs stand in no text, so that this share of lines with one makes them the mark."""
MOST_ABOVE = 25
"""Lines that may stand above a header."""
EXPORT_MANIFEST = "almanac-export.json"
DAMAGED = (
    zipfile.BadZipFile,
    lzma.LZMAError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    KeyError,
    IndexError,
)
"""What reading a damaged, locked or dishonest zip archive raises."""
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def documents_at(path: Path) -> Iterator[Document | UnreadableError]:
    """The file at `path`, or what a zip archive or a folder there holds.

    What cannot be read comes as the error that says why, so that the rest still follows.
    """
    name = printable(path.name)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            for inside in sorted(path.rglob("*")):
                if inside.is_symlink():
                    yield UnreadableError(f"{printable(inside.name)} is a link; it was not read.")
                elif inside.is_file() and not inside.name.startswith("."):
                    yield from documents_at(inside)
            return
        if not stat.S_ISREG(status.st_mode):
            yield UnreadableError(f"{name} is not a file.")
            return
        if status.st_size > LARGEST_FILE:
            yield UnreadableError(_too_large(name, status.st_size))
            return
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        yield UnreadableError(f"{name[:200]} cannot be read: {reason}.")
        return
    try:
        yield from documents_in(name, data)
    except UnreadableError as error:
        yield error


def printable(name: str) -> str:
    """A file's name as it can be shown and kept, whatever bytes it was made of."""
    return name.encode("utf-8", "replace").decode()


def documents_in(name: str, data: bytes) -> Iterator[Document]:
    """The document itself, or the files of a zip archive."""
    if len(data) > LARGEST_FILE:
        raise UnreadableError(_too_large(name, len(data)))
    if workbooks.is_workbook(data):
        yield from workbooks.sheets(name, data)
    elif data[:4] == b"PK\x03\x04":
        yield from _unzipped(name, data)
    else:
        yield Document(name, data)


def _too_large(name: str, size: int) -> str:
    return (
        f"{name} is {size // MEGABYTE:,} MB; Almanac reads files up to "
        f"{LARGEST_FILE // MEGABYTE} MB. Export a shorter period, or split it."
    )


def _unzipped(name: str, data: bytes) -> Iterator[Document]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if any(PurePosixPath(entry.filename).name == EXPORT_MANIFEST for entry in entries):
                raise UnreadableError(
                    f"{name} is an Almanac export; unpack it, and import the folder."
                )
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > LARGEST_FILE:
                raise UnreadableError(
                    f"{name} would unpack to more than {MOST_ENTRIES} files or "
                    f"{LARGEST_FILE // MEGABYTE} MB; unpack it yourself and import what you need."
                )
            room = LARGEST_FILE
            for entry in entries:
                inner = PurePosixPath(entry.filename)
                if inner.name.startswith((".", "__MACOSX")) or "__MACOSX" in inner.parts:
                    continue
                with archive.open(entry) as stream:
                    content = stream.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise UnreadableError(
                        f"{name} unpacks to more than it claims; it was not read."
                    )
                yield Document(printable(f"{name}/{entry.filename}"), content)
    except (*DAMAGED, zlib.error) as error:
        raise UnreadableError(f"{name} is a damaged or locked {_of_zip(name)}") from error


def _of_zip(name: str) -> str:
    """What a zip archive calls itself, and what to do with it."""
    if name.lower().endswith((".xlsx", ".xlsm", ".ods", ".xlsb")):
        return "workbook; open it and save it as .xlsx or CSV."
    return "zip archive; unpack it yourself and import the files."


def text_of(document: Document) -> tuple[str, str]:
    """The text, and a remark where its encoding had to be guessed."""
    data = document.data
    for mark, encoding in BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding).removeprefix("\ufeff"), ""
            except UnicodeDecodeError as error:
                raise UnreadableError(
                    f"{document.name} begins like {encoding.upper()} but breaks off; export it again."
                ) from error
    unmarked = _utf16(data)
    if unmarked is not None:
        return unmarked, ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _guessed(document)


def in_utf8(document: Document) -> bytes:
    """The bytes in UTF-8; as they are where they are that already but for letters cut by a fold."""
    try:
        re.sub(rb"\r?\n[ \t]", b"", document.data).decode()
    except UnicodeDecodeError:
        return text_of(document)[0].encode()
    return document.data


def _utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of the beginning is nothing."""
    head = data[:400]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[start::2]
        if len(head) >= 20 and half.count(0) > 0.9 * len(half):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _guessed(document: Document) -> tuple[str, str]:
    if b"\x00" in document.data[:4096]:
        raise UnreadableError(f"{document.name} is not a text file, so there is nothing to import.")
    encoding = _encoding_of(document.data[:200_000])
    try:
        text = document.data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        encoding = "cp1252"
        text = document.data.decode(encoding, errors="replace")
    return text, f"read as {encoding}, because it is not UTF-8; check names with accents"


LETTERS = frozenset("äöüÄÖÜßéèêëàâçôîïûùÉÈÀÇñÑáíóúÁÍÓÚ¿¡ãõøåæØÅÆœ€–—‘’“”…·°§")
"""What Western files hold beside ASCII."""


def _encoding_of(data: bytes) -> str:
    if _reads_as_windows(data):
        return "cp1252"
    # Imported here because nearly every file is UTF-8 and capture must start fast.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(data).best()
    return best.encoding if best is not None else "cp1252"


def _reads_as_windows(data: bytes) -> bool:
    """Whether every letter beyond ASCII is a usual one in Windows' Western encoding, so that a rarer
    guess needs no trying."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = [char for char in text if ord(char) > 127]
    return bool(beyond) and all(char in LETTERS or char == "\u00a0" for char in beyond)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows, each with its line number; what stood above the header is in `above`.

    decimal_comma: whether columns are parted by semicolons, where a comma is the decimal mark.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    remark: str = ""
    above: tuple[tuple[str, ...], ...] = ()
    decimal_comma: bool = False
    habits: Habits = field(default_factory=Habits)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(map(column_key, self.header))

    def records(self) -> Iterator[tuple[int, dict[str, str], tuple[str, ...]]]:
        """Line number, cells by lower-case header, and the raw row; a repeated column gives both values."""
        keys = self.keys
        twice = len(set(keys)) != len(keys)
        for line, cells in self.rows:
            record = dict(zip(keys, cells, strict=False))
            if twice:
                for key, cell in zip(keys, cells, strict=False):
                    if cell.strip() and cell not in record[key]:
                        record[key] = f"{cell}, {record[key]}" if record[key].strip() else cell
            yield line, record, cells


Grid = list[tuple[int, tuple[str, ...]]]


def grid_of(name: str, text: str) -> tuple[Grid, str]:
    """Every row that holds anything, with its line, and the mark that parts columns; empty for what is
    no table. Raises UnreadableError past the limits."""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    declared = re.match(r"\s*\"?sep=(.)\"?\s*\n", text, re.IGNORECASE)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else _delimiter(text)
    if not delimiter:
        # One column: answers to a question, or addresses.
        alone: Grid = [
            (number, (line.strip(),))
            for number, line in enumerate(text.splitlines()[:MOST_ROWS], start=1)
            if line.strip()
        ]
        return alone, ","
    csv.field_size_limit(LARGEST_CELL)
    lines = (match[0] for match in _LINE.finditer(text) if match[0])
    reader = csv.reader(lines, delimiter=delimiter)
    rows: Grid = []
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise UnreadableError(
                    f"{name} has {len(cells):,} columns; a table has at most {MOST_COLUMNS}. "
                    "Export only the columns you need."
                )
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, tuple(cell[:LONGEST_CELL] for cell in cells)))
            if len(rows) > MOST_ROWS:
                raise UnreadableError(
                    f"{name} has more than {MOST_ROWS:,} rows; export a shorter period, or split it."
                )
    except csv.Error as error:
        reason = str(error)
        if "field larger" in reason:
            reason = f"a cell holds more than {LARGEST_CELL // MEGABYTE} MB"
        raise UnreadableError(
            f"{name} cannot be read at line {reader.line_num}: {reason}."
        ) from error
    return rows, delimiter


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def _delimiter(text: str) -> str:
    """The mark that parts the most columns in the same way on the first lines."""
    lines = [line for line in text[:20_000].splitlines() if line.strip() and line[:1] != "#"][:25]
    if sum("\t" in line for line in lines) > FEW_TABBED * len(lines):
        return "\t"
    best, most = "", 0
    for mark in "\t;,|":
        counts = Counter(re.sub(r'"[^"]*"', "", line).count(mark) for line in lines)
        counts.pop(0, None)
        if not counts:
            continue
        number, times = max(counts.items(), key=lambda item: (item[1], item[0]))
        score = number * times
        if score > most:
            best, most = mark, score
    return best


def table_from_text(
    name: str, text: str, remark: str = "", habits: Habits | None = None
) -> Table | None:
    rows, delimiter = grid_of(name, text)
    return table_from_grid(name, rows, remark, delimiter, habits)


def table_from_grid(
    name: str, rows: Grid, remark: str = "", delimiter: str = ",", habits: Habits | None = None
) -> Table | None:
    """The table below whatever stands above its header: a title, lines of comment, blanks."""
    if not rows or not delimiter:
        return None
    place = _header_at(rows)
    header = rows[place][1]
    body = rows[place + 1 :]
    keep = [
        column
        for column in range(len(header))
        if header[column].strip()
        or any(column < len(row) and row[column].strip() for _, row in body)
    ]
    if len(keep) < len(header):
        header = tuple(header[column] for column in keep)
        body = [
            (
                line,
                tuple(row[column] for column in keep if column < len(row))
                + row[len(rows[place][1]) :],
            )
            for line, row in body
        ]
    kept = tuple((line, row) for line, row in body if not _is_total(row) and row != header)
    return Table(
        name, header, kept, remark, tuple(row for _, row in rows[:place]), delimiter == ";",
        habits or Habits(),
    )  # fmt: skip


def _header_at(rows: Grid) -> int:
    """The first row that is as wide as the rows below it and holds no numbers."""
    sample = rows[: MOST_ABOVE + 30]
    widths = [sum(bool(cell.strip()) for cell in row) for _, row in sample]
    usual = max(widths)
    for place, (_, row) in enumerate(sample[:MOST_ABOVE]):
        if row[0].lstrip().startswith("#") and widths[place] < usual:
            continue
        if widths[place] >= max(2, 0.5 * usual) and not all(
            _is_number(cell) for cell in row if cell.strip()
        ):
            return place
    return 0


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[\d.,:%/+-]+", cell.strip()))


_TOTALS = re.compile(
    r"(?:sub|grand|sous|zwischen|gesamt|general)?[ -]?(?:totals?|summe|somme|suma|soma|sum)(?: g[ée]n[ée]ral| general| geral)?|"
    r"averages?|mean|median|mittelwert|durchschnitt|moyenne|promedio|m[ée]dia|gesamt|insgesamt|totale|totaal|итого|合計"
)


def _is_total(row: tuple[str, ...]) -> bool:
    """A row that adds up the others: it says so, and leaves other cells empty."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled or len(filled) >= len(row):
        return False
    return bool(_TOTALS.fullmatch(filled[0].lower().rstrip(": ")))
