"""What waits in the inbox."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from almanac.core.vocabulary import AHEAD, Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity, Attachment, HandledFile
from almanac.record.queries import preferences, private
from almanac.sources.text.inbox import InboxContents, scan

if TYPE_CHECKING:
    from almanac.record.rules import Actor

NAME = "inbox"
MOST_OFFERED = 30


def inbox_folder() -> Path:
    """The folder that was set, or the one in the logbook's own."""
    own: str = private.value(NAME)
    return Path(own) if own else Path(settings.ALMANAC_HOME) / NAME


def waiting(actor: Actor, *, handled: bool = False) -> InboxContents:
    """Files that were not dealt with yet, by name; handled: those that were."""
    rules.require(rules.may_read_private, actor)
    found = scan(inbox_folder(), clock.now().timestamp())
    if not found.files:
        return found
    known = set(HandledFile.objects.values_list("name", "sha256"))
    return InboxContents(
        tuple(file for file in found.files if ((file.name, file.sha256) in known) is handled),
        found.unread,
    )


def nearest_activities(actor: Actor) -> list[Activity]:
    """Those around today, to attach a file to: what is next, then what was last."""
    rules.require(rules.may_read_record, actor)
    today, rows = preferences.today(), Activity.objects.only("title", "day")
    coming = rows.filter(day__gt=today, status__in=AHEAD).order_by("day", "id")[:MOST_OFFERED]
    done = rows.filter(day__lte=today, status=Status.DONE).order_by("-day", "-id")[:MOST_OFFERED]
    return [*coming, *done]


def attachments_of(actor: Actor, activity: Activity) -> list[Attachment]:
    """What hangs on an activity, without its content."""
    rules.require(rules.may_read_record, actor)
    return list(Attachment.objects.filter(activity=activity).defer("content"))


def find_attachment(actor: Actor, key: int) -> Attachment | None:
    rules.require(rules.may_read_record, actor)
    return Attachment.objects.select_related("activity").filter(pk=key).first()
