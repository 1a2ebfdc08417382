"""Erase: a person, everywhere, for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Q

from almanac.actions.errors import CannotError
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.models import Activity, Change, Guest, Voice
from almanac.record.routing import RECORD

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from almanac.record.rules import Actor

SHORTEST = 3
ERASED = "[erased]"


@dataclass(frozen=True, slots=True)
class Traces:
    """Where a person stands in the record. mentions: free texts that contain the words."""

    guests: int
    voices: int
    mentions: tuple[Activity, ...]
    changes: int
    rejected_files: tuple[str, ...]

    @property
    def total(self) -> int:
        return self.guests + self.voices + self.changes + len(self.rejected_files)


def traces(actor: Actor, who: str) -> Traces:
    """Everything the record holds of a name or an e-mail address, before erasing it."""
    rules.require(rules.may_keep_logbook, actor)
    who = _checked(who)
    mentions = Activity.objects.filter(Q(title__icontains=who) | Q(notes__icontains=who))
    return Traces(
        guests=_guests(who).count(),
        voices=_voices(who).count(),
        mentions=tuple(mentions.select_related("program")[:50]),
        changes=Change.objects.filter(summary__icontains=who).count(),
        rejected_files=tuple(_rejected_files(who)),
    )


def erase(actor: Actor, who: str) -> Traces:
    """Erase a person: guest rows, the name beside what they said, log lines and rejected rows.

    Counts stay as they are. Texts the practitioner wrote are listed, not changed. Cannot be
    undone; older backups still hold the person, and the caller must say so.
    """
    rules.require(rules.may_keep_logbook, actor)
    who = _checked(who)
    found = traces(actor, who)
    with verb(actor, "erase") as line:
        line.undoable = False
        line.summary = "Erased a person"
        _guests(who).delete()
        for voice in _voices(who):
            voice.who = ERASED
            voice.via = _without(voice.via, who)
            voice.save(update_fields=["who", "via"])
        for change in Change.objects.filter(summary__icontains=who):
            change.summary = _without(change.summary, who)
            change.save(update_fields=["summary"])
        _forget_undo(who)
    for name in found.rejected_files:
        (settings.ALMANAC_HOME / "rejected" / name).unlink(missing_ok=True)
    transaction.on_commit(_rewrite_file, using=RECORD)
    return found


def _rewrite_file() -> None:
    """Deleted rows linger in free pages of a SQLite file, and in its log, until it is rewritten."""
    if connections[RECORD].vendor == "sqlite":
        with connections[RECORD].cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _checked(who: str) -> str:
    who = " ".join(who.split())
    if len(who) < SHORTEST:
        raise CannotError("Name the person or their e-mail address, three letters at least.")
    return who


def _guests(who: str) -> QuerySet[Guest]:
    return Guest.objects.filter(Q(email__iexact=who) | Q(name__iexact=who))


def _voices(who: str) -> QuerySet[Voice]:
    return Voice.objects.filter(Q(who__icontains=who) | Q(via__icontains=who))


def _forget_undo(who: str) -> None:
    for change in Change.objects.filter(undo__isnull=False).iterator():
        if who.lower() in str(change.undo).lower():
            change.undo = None
            change.save(update_fields=["undo"])


def _without(text: str, who: str) -> str:
    at = text.lower().find(who.lower())
    while at >= 0:
        text = f"{text[:at]}{ERASED}{text[at + len(who) :]}"
        at = text.lower().find(who.lower(), at + len(ERASED))
    return text


def _rejected_files(who: str) -> list[str]:
    folder = settings.ALMANAC_HOME / "rejected"
    if not folder.is_dir():
        return []
    return [
        file.name
        for file in sorted(folder.glob("*.csv"))
        if who.lower() in file.read_text(encoding="utf-8", errors="replace").lower()
    ]
