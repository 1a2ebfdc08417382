"""The open table of who shows up: what `almanac contribute` writes, read as others shared it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from almanac.sources import cells
from almanac.sources.formulas import whole
from almanac.sources.rows import Gathering, Harvest, SharedRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from almanac.sources.reading import Table

COLUMNS = ("class", "format", "price", "month", "signups", "attended", "evidence")
BANDS = ("free", "to 20", "to 100", "over 100")
FORMATS = ("online", "in_person", "hybrid")
EVIDENCES = ("counted", "registered_only", "not_measured")
CLASSES = {
    "community-in-person": "event",
    "community-online": "event",
    "workshop": "workshop",
    "hackathon": "hackathon",
    "event": "event",
    "stream": "stream",
    "talk": "talk",
}
"""The kind of event each class holds."""
_MONTH = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])")
MOST_TIMES = 20
"""More people than so many times the sign-ups are a slip of the pen."""


def recognises(table: Table) -> bool:
    return sorted(table.keys) == sorted(COLUMNS)


def read(table: Table, _zone: tzinfo) -> Harvest:
    found = Gathering()
    rows: list[SharedRow] = []
    for line, record, raw in table.records():
        if len(raw) != len(table.header):
            found.reject(
                line, f"has {len(raw)} cells where the header has {len(table.header)}", raw
            )
            continue
        try:
            rows.append(_row(line, record))
        except cells.BadCellError as error:
            found.reject(line, str(error), raw)
    return Harvest(
        "open-table",
        "a table of who shows up, shared by others",
        shared=tuple(sorted(rows, key=lambda row: row.month)),
        rejected=tuple(found.rejected),
        columns=table.header,
    )


def _row(line: int, record: dict[str, str]) -> SharedRow:
    told = {name: whole(record.get(name, "")) for name in COLUMNS}
    if not _MONTH.fullmatch(told["month"]):
        raise cells.BadCellError(f"month is “{told['month'][:20]}”, which is not like 2026-03")
    signups = cells.count(told["signups"], "signups")
    attended = cells.count(told["attended"], "attended")
    if signups is None:
        raise cells.BadCellError("signups is empty")
    evidence = _one_of(told["evidence"], "evidence", EVIDENCES)
    if attended is not None and evidence != "counted":
        raise cells.BadCellError(f"attended is {attended}, yet evidence is {evidence or 'empty'}")
    if attended is not None and attended > MOST_TIMES * max(signups, 1):
        raise cells.BadCellError(f"attended is {attended} of {signups} signed up")
    name = _one_of(told["class"], "class", tuple(CLASSES)) or "event"
    form = _one_of(told["format"], "format", FORMATS)
    if name == "community-online":
        if form == "in_person":
            raise cells.BadCellError("class is community-online, yet format is in_person")
        form = form or "online"
    return SharedRow(
        row=line,
        kind=CLASSES[name],
        format=form,
        price=_one_of(told["price"], "price", BANDS),
        month=told["month"],
        signups=signups,
        attended=attended,
    )


def _one_of(text: str, name: str, allowed: Sequence[str]) -> str:
    word = text.strip().lower()
    if word and word not in allowed:
        raise cells.BadCellError(f"{name} is “{word[:40]}”; it can be {', '.join(allowed)}")
    return word
