"""Bytes into text and tables, within limits, whatever the encoding."""

from __future__ import annotations

import csv
import io
import lzma
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from almanac.sources.base.rows import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEGABYTE = 1_000_000
LARGEST_FILE = 50 * MEGABYTE
MOST_ENTRIES = 500
MOST_COLUMNS = 400
EXPORT_MANIFEST = "almanac-export.json"
DAMAGED = (
    zipfile.BadZipFile,
    lzma.LZMAError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    KeyError,
)
"""What reading a damaged, locked or dishonest zip archive raises."""
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """One file's name and bytes."""

    name: str
    data: bytes


def documents_at(path: Path) -> Iterator[Document | UnreadableError]:
    """The file at `path`, or what a zip archive or a folder there holds.

    What cannot be read comes as the error that says why, so that the rest still follows.
    """
    name = printable(path.name)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            for inside in sorted(path.rglob("*")):
                if inside.is_file() and not inside.name.startswith("."):
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
    if data[:4] == b"PK\x03\x04":
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
        raise UnreadableError(
            f"{name} is a damaged or locked zip archive; unpack it yourself and import the files."
        ) from error


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
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _guessed(document)


def _guessed(document: Document) -> tuple[str, str]:
    # Imported here because nearly every file is UTF-8 and capture must start fast.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    if b"\x00" in document.data[:4096]:
        raise UnreadableError(f"{document.name} is not a text file, so there is nothing to import.")
    best = from_bytes(document.data[:200_000]).best()
    encoding = best.encoding if best is not None else "cp1252"
    try:
        text = document.data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        encoding = "cp1252"
        text = document.data.decode(encoding, errors="replace")
    return text, f"read as {encoding}, because it is not UTF-8; check names with accents"


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows, each with its line number; `width` is the header's."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    remark: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(cell.strip().lower() for cell in self.header)

    def records(self) -> Iterator[tuple[int, dict[str, str], tuple[str, ...]]]:
        """Line number, cells by lower-case header, and the raw row."""
        keys = self.keys
        for line, cells in self.rows:
            yield line, dict(zip(keys, cells, strict=False)), cells


def table_from_text(name: str, text: str, remark: str = "") -> Table | None:
    if "\n" not in text:
        text = text.replace("\r", "\n")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    if not first.strip() or delimiter not in first:
        return None
    if first.count(delimiter) >= MOST_COLUMNS:
        raise UnreadableError(
            f"{name} has {first.count(delimiter) + 1:,} columns; a table has at most "
            f"{MOST_COLUMNS}. Export only the columns you need."
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: tuple[str, ...] | None = None
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = tuple(cells)
            else:
                rows.append((reader.line_num, tuple(cells)))
    except csv.Error as error:
        raise UnreadableError(
            f"{name} is broken at line {reader.line_num}: {error}. Export it again."
        ) from error
    if header is None:
        return None
    return Table(name, header, tuple(rows), remark)
