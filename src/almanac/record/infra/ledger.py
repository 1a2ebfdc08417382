"""The ledger of a public log: one line a published revision, each linked to the one before.

A line holds a salted hash of what was published, never the content. The salt stands beside the
content while it is public; a redaction takes both away, after which nobody can guess what it was.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START = "0" * 64


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(content: Mapping[str, Any], salt: str) -> str:
    return hashlib.sha256((salt + canonical(dict(content))).encode()).hexdigest()


def seals(shown: Any, line: dict[str, Any]) -> bool:
    """Whether an entry that is shown is the one a line of the ledger speaks of."""
    try:
        return bool(seal(shown["content"], shown["salt"]) == line["sha256"])
    except (TypeError, KeyError, ValueError):
        return False


def new_salt() -> str:
    return secrets.token_hex(16)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The lines as text, in order."""

    lines: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Hash of the last line; of none, zeros."""
        return digest(self.lines[-1].encode()) if self.lines else START

    def append(self, entries: Sequence[Mapping[str, Any]]) -> Ledger:
        """Each entry becomes a line that names the hash of the line before it."""
        lines = list(self.lines)
        before = self.head
        for entry in entries:
            text = canonical({"n": len(lines) + 1, **entry, "before": before})
            lines.append(text)
            before = digest(text.encode())
        return Ledger(tuple(lines))

    def holds(self, head: str) -> bool:
        """Whether a line that once was the last still stands."""
        return head == START or any(digest(line.encode()) == head for line in self.lines)

    def editions(self) -> set[str]:
        """Hashes of every list of files that was published."""
        told = self.parsed()
        return {str(line.get("sha256")) for line in told if line.get("action") == "edition"}

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    @classmethod
    def read(cls, text: str) -> Ledger:
        return cls(tuple(line for line in text.splitlines() if line.strip()))

    def parsed(self) -> list[dict[str, Any]]:
        """Raises ValueError where a line is no JSON object."""
        found = [json.loads(line) for line in self.lines]
        if not all(isinstance(line, dict) for line in found):
            raise ValueError("a line is no object")
        return found

    def broken_at(self) -> int | None:
        """The number of the first line that does not follow from the one before; None if all do."""
        before = START
        for place, line in enumerate(self.lines, start=1):
            try:
                told = json.loads(line)
                if told["before"] != before or told["n"] != place:
                    return place
            except (ValueError, KeyError, TypeError):
                return place
            before = digest(line.encode())
        return None
