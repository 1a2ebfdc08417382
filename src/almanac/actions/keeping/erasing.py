"""Erase: a person, everywhere, for good."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections, transaction

from almanac.actions.errors import CannotError
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.infra.routing import RECORD
from almanac.record.models import (
    Activity,
    Break,
    Busy,
    CalendarFeed,
    Change,
    CheckIn,
    Choice,
    Departure,
    Deviation,
    Experiment,
    Finding,
    Guest,
    Lesson,
    Part,
    PlaybookVersion,
    PrivateChange,
    Program,
    Protocol,
    Quote,
    Request,
    Retro,
    SeenGuest,
    ShownPlate,
)
from almanac.record.models.people import ERASED
from almanac.record.queries import seen_guests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from almanac.record.rules import Actor

SHORTEST = 3
MOST_SHOWN = 50
HELD_FILES = ("rejected/*.csv", "uploads/*/*")


@dataclass(frozen=True, slots=True)
class Mention:
    """A text the practitioner wrote that holds the words; it is shown, not changed.

    table, key: the row it stands in, for a face to link to.
    """

    title: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Traces:
    """Where a person stands: rows that erasing removes or empties, and texts that mention them."""

    guests: int
    quotes: int
    requests: int
    """What they asked for, and what they had promised to do."""
    changes: int
    files: tuple[str, ...]
    mentions: tuple[Mention, ...]

    @property
    def total(self) -> int:
        return self.guests + self.quotes + self.requests + self.changes + len(self.files)


def traces(actor: Actor, who: str) -> Traces:
    """Everything the record holds of a name or an e-mail address, before erasing it."""
    rules.require(rules.may_keep_logbook, actor)
    who = _checked(who)
    return Traces(
        guests=len(_guests(who)),
        quotes=len(_quotes(who)),
        requests=len(_requests(who)) + len(_held(who)) + len(_steps(who)),
        changes=len(_changes(who)),
        files=tuple(str(file.relative_to(settings.ALMANAC_HOME)) for file in _files(who)),
        mentions=tuple(_mentions(who)),
    )


def erase(actor: Actor, who: str) -> Traces:
    """Erase a person: guest rows, the name beside what they said, log lines, rejected rows and
    files waiting to be imported.

    Counts stay as they are. Texts the practitioner wrote are listed, not changed. Cannot be
    undone; older backups still hold the person, and the caller must say so.
    """
    rules.require(rules.may_keep_logbook, actor)
    who = _checked(who)
    found = traces(actor, who)
    files = _files(who)
    with verb(actor, "erase") as line:
        line.undoable = False
        line.summary = "Erased a person"
        Guest.objects.filter(pk__in=_guests(who)).delete()
        for quote in Quote.objects.filter(pk__in=_quotes(who)):
            quote.who = ERASED
            quote.via = without(quote.via, who)
            quote.save(update_fields=["who", "via"])
        for request in Request.objects.filter(pk__in=_requests(who)):
            request.asked_by = ERASED
            request.save(update_fields=["asked_by"])
        Activity.objects.filter(pk__in=_held(who)).update(holder=ERASED)
        Part.objects.filter(pk__in=_steps(who)).update(heading="")
        Departure.objects.filter(pk__in=_gone(who)).delete()
        _erase_in_what_stands_for_good(who)
        _erase_privately(who)
        for change in Change.objects.filter(pk__in=_changes(who)):
            change.summary = without(change.summary, who)
            change.undo = None
            change.save(update_fields=["summary", "undo"])
        transaction.on_commit(_rewrite_file, using=RECORD)
    for file in files:
        if file.parent.parent.name == "uploads":
            shutil.rmtree(file.parent, ignore_errors=True)
        else:
            file.unlink(missing_ok=True)
    return found


def _rewrite_file() -> None:
    """Deleted rows linger in free pages of a SQLite file, and in its log, until it is rewritten."""
    if connections[RECORD].vendor == "sqlite":
        with connections[RECORD].cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def without(text: str, who: str) -> str:
    """The text with every mention of the person taken out, whatever its case."""
    return _naming(who).sub(ERASED, text)


def _naming(who: str) -> re.Pattern[str]:
    """Whole words only, for “manager” does not name somebody called Ana; anywhere in a script that
    writes words without spaces, or joins what belongs to a name to it."""
    words = r"\s+".join(re.escape(word) for word in who.lstrip("@").split())
    joined = any(letter.isalpha() and letter.lower() == letter.upper() for letter in who)
    whole = words if joined else rf"(?<!\w){words}(?!\w)"
    return re.compile(rf"@?{whole}" if joined else rf"(?:(?<!\w)@)?{whole}", re.IGNORECASE)


def _checked(who: str) -> str:
    who = " ".join(who.split())
    if len(who) < SHORTEST:
        raise CannotError("Name the person or their e-mail address, three letters at least.")
    return who


# SQLite folds the case of ASCII letters only, so names are compared here.


PRIVATE_TEXTS = (
    (Busy, "title"), (Break, "words"), (CheckIn, "words"), (Choice, "title"), (ShownPlate, "title"),
    (CalendarFeed, "name"), (PrivateChange, "summary"),
)  # fmt: skip


def _erase_privately(who: str) -> None:
    """The name out of every text of the private file; what was shown of it is no longer shown."""
    for model, name in PRIVATE_TEXTS:
        for row in model._default_manager.exclude(**{name: ""}):
            if _holds(getattr(row, name), who):
                setattr(row, name, without(getattr(row, name), who))
                row.save(update_fields=[name])
    SeenGuest.objects.filter(pk__in=seen_guests.of_person([who])).delete()
    for shown in ShownPlate.objects.all():
        if any(_holds(text, who) for text in _texts(shown.content)):
            shown.content, shown.revoked_at = {}, clock.now()
            shown.save(update_fields=["content", "revoked_at"])


FOR_GOOD = (
    (PlaybookVersion, "text"), (PlaybookVersion, "why"), (Part, "title"), (Lesson, "line"),
    (Lesson, "step"), (Experiment, "trying"), (Experiment, "because"), (Experiment, "worked_if"),
    (Deviation, "words"), (Finding, "happened"), (Finding, "why"), (Finding, "decision"),
)  # fmt: skip
"""Texts that nobody can change any more, so that listing them would not help."""


def _erase_in_what_stands_for_good(who: str) -> None:
    named = _naming(who)
    for model, name in FOR_GOOD:
        for row in model._default_manager.exclude(**{name: ""}).iterator(500):
            text = getattr(row, name)
            if named.search(text):
                most = getattr(model._meta.get_field(name), "max_length", None)
                setattr(row, name, named.sub(ERASED, text)[:most])
                row.save(update_fields=[name])


def _gone(who: str) -> list[int]:
    return [row.pk for row in Departure.objects.all() if _holds(row.name, who.lstrip("@"))]


def _steps(who: str) -> list[int]:
    rows = Part.objects.filter(heading__startswith="@").values_list("pk", "heading")
    return [key for key, heading in rows if _holds(heading, who)]


def _requests(who: str) -> list[int]:
    rows = Request.objects.values_list("pk", "asked_by")
    return [key for key, name in rows if _holds(name, who)]


def _held(who: str) -> list[int]:
    rows = Activity.objects.exclude(holder="").values_list("pk", "holder")
    return [key for key, name in rows if _holds(name, who)]


def _holds(text: str, who: str) -> bool:
    return _naming(who).search(text) is not None


def _guests(who: str) -> list[int]:
    wanted = who.casefold()
    rows = Guest.objects.values_list("pk", "name", "email").iterator(2000)
    return [
        key
        for key, name, email in rows
        if wanted in {" ".join(name.split()).casefold(), email.strip().casefold()}
    ]


def _quotes(who: str) -> list[int]:
    rows = Quote.objects.values_list("pk", "who", "via").iterator(2000)
    return [key for key, name, via in rows if _holds(name, who) or _holds(via, who)]


def _changes(who: str) -> list[int]:
    rows = Change.objects.values_list("pk", "summary", "undo").iterator(500)
    return [
        key
        for key, summary, undo in rows
        if _holds(summary, who) or any(_holds(text, who) for text in _texts(undo))
    ]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _mentions(who: str) -> Iterator[Mention]:
    shown = 0
    activities = Activity.objects.values_list("pk", "title", "notes", "place").iterator(2000)
    for key, title, notes, place in activities:
        if shown < MOST_SHOWN and any(_holds(text, who) for text in (title, notes, place)):
            shown += 1
            yield Mention(title, "activity", str(key))
    for slug, name, purpose, goal, owner in Program.objects.values_list(
        "slug", "name", "purpose", "goal", "owner"
    ):
        if any(_holds(text, who) for text in (name, purpose, goal, owner)):
            yield Mention(name, "program", slug)
    for retro in Retro.objects.select_related("activity").iterator(500):
        said = (retro.went_well, retro.maximise, retro.went_badly, retro.why)
        if any(_holds(text, who) for text in said):
            yield Mention(retro.activity.title, "retro", str(retro.activity_id))
    for protocol in Protocol.objects.select_related("experiment"):
        sealed = (protocol.change, protocol.audience, *_texts(protocol.body))
        if any(_holds(text, who) for text in sealed):
            ours = str(protocol.experiment_id)
            yield Mention(protocol.experiment.trying, "experiment", ours)
    for text in Quote.objects.values_list("text", flat=True).iterator(2000):
        if _holds(text, who):
            yield Mention(f"“{text[:80]}”", "quote", "")


def _files(who: str) -> list[Path]:
    """Files kept beside the record that hold the words, also spread over neighbouring cells."""
    found = []
    for pattern in HELD_FILES:
        for file in sorted(Path(settings.ALMANAC_HOME).glob(pattern)):
            text = file.read_text(encoding="utf-8", errors="replace")
            if _holds(text, who) or _holds(re.sub(r"[\",;\t]+", " ", text), who):
                found.append(file)
    return found
