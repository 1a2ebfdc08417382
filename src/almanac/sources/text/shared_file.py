"""A playbook, a finding or a metric's definition as a file that others can take over: Markdown whose
front matter says what it is and whose it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from almanac.sources.base.rows import UnreadableError
from almanac.sources.text import front_matter

MARK = "almanac"
LONGEST = 200_000
LONGEST_FIELD = 2_000


class Shares(StrEnum):
    """What a file may hold."""

    PLAYBOOK = "playbook"
    FINDING = "finding"
    METRIC = "metric"


@dataclass(frozen=True, slots=True)
class SharedFile:
    """source: whose it is; link: where it was published; day: when it was written. fields: what its kind
    needs beside the text, by name."""

    kind: Shares
    title: str
    text: str
    source: str = ""
    link: str = ""
    day: date | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def write(self) -> str:
        """The file."""
        told: dict[str, str] = {MARK: str(self.kind), "title": self.title, "source": self.source}
        told |= {"link": self.link, "date": self.day.isoformat() if self.day else ""} | self.fields
        lines = [
            f"{name}: {json.dumps(value, ensure_ascii=False) if name != 'date' else value}"
            for name, value in told.items()
            if value
        ]
        return "\n".join(["---", *lines, "---", "", self.text.strip(), ""])


def read_shared(name: str, text: str) -> SharedFile:
    """Raises UnreadableError where it is no file of this kind."""
    if len(text) > LONGEST:
        raise UnreadableError(f"{name} is too long to take over.")
    told, body = front_matter.split(name, text)
    kind = _plain(told.get(MARK))
    if kind not in set(Shares):
        raise UnreadableError(
            f"{name} is not a playbook, a finding or a metric that was shared from Almanac: its first lines "
            "need “almanac: playbook”, “almanac: finding” or “almanac: metric”."
        )
    title = _plain(told.get("title"))[:200]
    if not title:
        raise UnreadableError(f"{name} has no title in its first lines.")
    known = {MARK, "title", "source", "link", "date"}
    link = _plain(told.get("link"))
    return SharedFile(
        Shares(kind),
        title,
        body.strip(),
        _plain(told.get("source"))[:200],
        link if link.startswith(("http://", "https://")) else "",
        _day(told.get("date")),
        {key: _plain(value)[:LONGEST_FIELD] for key, value in told.items() if key not in known},
    )


def _plain(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
