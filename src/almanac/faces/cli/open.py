"""Opening the logbook: Django, the folder, both files; before anything else a command does."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError

from almanac.actions.errors import CannotError
from almanac.actions.preferences import settle
from almanac.actions.workload.repeating import make_ahead
from almanac.answers.log.logbook import search_activities
from almanac.core.vocabulary import AHEAD
from almanac.record.infra import clock
from almanac.record.infra.ready import make_ready
from almanac.record.infra.rewriting import rewrite_if_due
from almanac.record.infra.scratch import sweep
from almanac.record.infra.zones import is_zone
from almanac.record.queries import preferences
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from almanac.sources.base.reading import documents_at

if TYPE_CHECKING:
    from pathlib import Path

    from almanac.record.models import Activity


FIRST_YEAR, LAST_YEAR = 2020, 2200


def open_logbook(*, anew: bool = False) -> None:
    """Make what is missing, so that any command may be the first; anew: also a file that is gone."""
    check_clock()
    try:
        make_ready(anew=anew)
        settle_zone()
        sweep()
        rewrite_if_due()
        make_ahead(OWNER)
    except (DatabaseError, sqlite3.Error) as error:
        raise CannotError(_why_not(error)) from error


def check_clock() -> None:
    """Days recorded with a wrong clock could never be told apart from real ones."""
    year = clock.now().year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CannotError(
            f"This machine's clock says it is the year {year}, so nothing was done; set the clock first."
        )


def _why_not(error: Exception) -> str:
    said = str(error)
    if "readonly" in said or "read-only" in said:
        return f"The logbook in {settings.ALMANAC_HOME} cannot be written to; make the folder writable."
    if "full" in said:
        return "The disk is full; nothing was changed. Make room and try again."
    return f"The logbook cannot be opened: {said}. Put a backup in its place: almanac restore FILE"


def settle_zone() -> None:
    """Take the machine's time zone for the logbook's, once."""

    if preferences.is_set("zone"):
        return

    settle(OWNER, machine_zone())


def machine_zone() -> str:
    """The machine's time zone by its IANA name; UTC where it does not say."""
    from tzlocal import get_localzone_name

    try:
        name = get_localzone_name() or "UTC"
    except (LookupError, OSError, ValueError):
        return "UTC"
    return name if is_zone(name) else "UTC"


def one_activity(text: str) -> Activity:
    """The one activity a person means; more than one is a question back."""

    found = search_activities(OWNER, text)
    if not found:
        raise CannotError(f"Nothing in the logbook is called “{text}”.")
    ahead = [activity for activity in found if activity.status in AHEAD]
    exact = [activity for activity in found if activity.title.lower() == text.lower()]
    for candidates in (found, exact, ahead):
        if len(candidates) == 1:
            return candidates[0]
    if ahead and len({activity.repeating_id for activity in ahead}) == 1 and ahead[0].repeating_id:
        return ahead[0]
    listed = ", ".join(
        f"{activity.pk} ({activity.title}, {activity.day})" for activity in found[:5]
    )
    raise CannotError(f"“{text}” could be any of these; say its number: {listed}.")


def documents_of(path: Path) -> list[Document]:
    """Of a workbook, its sheets; else the one document at a path."""
    first = one_document(path)
    if first.cells is None:
        return [first]
    return [each for each in documents_at(path) if isinstance(each, Document)]


def one_document(path: Path) -> Document:
    """The one document at a path; a folder or an archive gives its first."""

    found = next(documents_at(path), None)
    if not isinstance(found, Document):
        raise CannotError(str(found) if found else f"{path} is empty.")
    return found
