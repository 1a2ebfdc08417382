"""Tables of identities: name, email, and a handle and a source where they are known."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from almanac.core.community.identities import Identity
from almanac.sources.base.rows import UnreadableError

MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class IdentityTable:
    """header, rows: as they were written; identities: what each row says of somebody."""

    header: list[str]
    rows: list[list[str]]
    identities: list[Identity]


def read_identities(text: str, name: str) -> IdentityTable:
    """A CSV or TSV with the columns name and email. Raises UnreadableError with a sentence."""
    head = text.partition("\n")[0]
    # A tab-separated file quotes nothing, so that names may hold a quotation mark.
    is_tsv = "\t" in head
    lines = (
        csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        if is_tsv
        else csv.reader(text.splitlines())
    )
    try:
        header = [cell.strip() for cell in next(lines, [])]
        rows = [row for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnreadableError(f"{name} is not a table: {error}.") from error
    keys = [cell.lower().replace("-", "").replace("_", "") for cell in header]
    if "name" not in keys or "email" not in keys:
        listed = ", ".join(header[:8]) or "nothing"
        raise UnreadableError(f"{name} needs the columns name and email; it has {listed}.")
    if len(rows) > MOST_ROWS:
        raise UnreadableError(
            f"{name} has {len(rows):,} rows; {MOST_ROWS:,} can be matched at once."
        )
    place = {key: keys.index(key) for key in ("name", "email", "handle") if key in keys}

    def cell(row: list[str], key: str) -> str:
        return row[place[key]].strip() if key in place and place[key] < len(row) else ""

    found = [Identity(cell(row, "name"), cell(row, "email"), cell(row, "handle")) for row in rows]
    return IdentityTable(header, rows, found)
