"""The inbox: each file is logged, kept as a quote, attached, followed up or deleted, once."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from almanac.actions.activities import NewActivity, create_activity
from almanac.actions.capture import following, new_activity, understand
from almanac.actions.community.quotes import write_quote
from almanac.actions.errors import CannotError
from almanac.actions.workload.repeating import begin_repeating
from almanac.answers.log.change_lines import ChangeLine
from almanac.answers.log.inbox import inbox_folder, waiting
from almanac.core.vocabulary import Kind, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Attachment, HandledFile, PrivateSetting
from almanac.record.queries import preferences
from almanac.sources.base import pictures
from almanac.sources.base.rows import UnreadableError
from almanac.sources.capture.kinds import lean_of
from almanac.sources.text.inbox import content_of

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.changelog import Line
    from almanac.record.models import Activity, Quote
    from almanac.record.rules import Actor
    from almanac.sources.capture.line import Captured
    from almanac.sources.text.inbox import InboxFile

LARGEST_PDF = 5_000_000
MOST_ATTACHED = 20
PDF = "application/pdf"
SHOWN = frozenset({PDF, *pictures.MEDIA.values()})
"""What an attachment may be."""
MOST_LINES = 20
"""Lines of a text that may be a list of activities."""
KEPT_DAYS = 30
"""Handled files stay in the folder so long, in case one takes it back."""


def log_file(actor: Actor, sha256: str) -> Activity:
    """Write down an activity: its line is the title or the subject, its notes the text.

    A text whose every line says a day, hours or people is a list of activities; the first is returned.
    """
    rules.require(rules.may_change_record, actor)
    file = _waiting(actor, sha256)
    with verb(actor, "log_file") as line:
        listed = _listed(actor, file)
        if listed:
            made = [each for item in listed for each in _written(actor, item, line)]
        else:
            read, _ = understand(actor, file.title or file.name)
            made = _written(actor, read[0] if read else None, line, file)
        _handled(file, "logged", line)
        if file.kind in {"picture", "pdf"}:
            _attach(made[0], file.name, _content(actor, file), line)
        line.summary = ChangeLine.FILE_LOGGED(title=made[0].title)
        if len(listed) > 1:
            line.summary = ChangeLine.FILE_LOGGED_MANY(file=file.name, number=len(listed))
    return made[0]


def _listed(actor: Actor, file: InboxFile) -> list[Captured]:
    """The activities of a text that is a list of them; none where a line is only words."""
    lines = [text for text in file.text.splitlines() if text.strip()]
    if file.kind != "text" or not 1 < len(lines) <= MOST_LINES:
        return []
    read, unread = understand(actor, "\n".join(lines))
    return read if not unread and all(item.facts for item in read) else []


def _written(
    actor: Actor, item: Captured | None, line: Line, file: InboxFile | None = None
) -> list[Activity]:
    """One line of a file as activities: several where it repeats. file: whose text goes into the notes."""
    if item is None:
        new = NewActivity((file.title or file.name) if file else "")
    else:
        new = new_activity(item, "", "")
    fields = dict(new.fields)
    if file is not None:
        if new.status == Status.DONE and not _tells_of_the_past(file.title):
            # A message nobody has acted on is no work that was done.
            new = replace(new, status=Status.ASKED if file.kind == "mail" else Status.IDEA, day=None, period="",
                          starts_at=None, ends_at=None, counts={}, evidence="")  # fmt: skip
        if file.text and file.text.strip() != (file.title or "").strip():
            fields["notes"] = file.text
    new = replace(new, fields=fields)
    repeats = item.repeats if item else None
    if item is None or repeats is None:
        return [create_activity(new, line)]
    then = following(actor, item, new)
    return begin_repeating(line, new, repeats.recurrence, skipped=repeats.skipped, then=then)


def _tells_of_the_past(line: str) -> bool:
    return lean_of(line.lower()) < 0


def quote_file(actor: Actor, sha256: str, text: str, who: str = "", program: str = "") -> Quote:
    """Keep what somebody said; a picture becomes its screenshot."""
    rules.require(rules.may_change_record, actor)
    file = _waiting(actor, sha256)
    picture = _content(actor, file) if file.kind == "picture" else None
    via = "e-mail" if file.kind == "mail" else ""
    with verb(actor, "quote_file") as line:
        quote = write_quote(
            line,
            text or file.text,
            who=who or file.who,
            via=via,
            day=file.day,
            program=program,
            picture=picture,
        )
        _handled(file, "quoted", line)
        line.summary = ChangeLine.FILE_QUOTED()
    return quote


def attach_file(actor: Actor, sha256: str, activity: Activity) -> Attachment:
    """Hang a picture or a PDF on an activity; text goes to the end of its notes."""
    rules.require(rules.may_change_record, actor)
    file = _waiting(actor, sha256)
    if file.kind not in {"picture", "pdf"}:
        raise CannotError("A picture or a PDF can be attached; log text, or keep it as a quote.")
    with verb(actor, "attach_file") as line:
        made = _attach(activity, file.name, _content(actor, file), line)
        _handled(file, "attached", line)
        line.summary = ChangeLine.ATTACHED(file=file.name, title=activity.title)
    return made


def follow_up(actor: Actor, sha256: str, day: date) -> Activity:
    """A task for later, with the text in its notes."""
    rules.require(rules.may_change_record, actor)
    file = _waiting(actor, sha256)
    if day < preferences.today():
        raise CannotError("Choose a day that is still to come.")
    with verb(actor, "follow_up_file") as line:
        new = NewActivity(
            f"Follow up: {file.title or file.name}"[:300], kind=Kind.TASK, status=Status.PLANNED,
            fields={"due": day, "notes": file.text},
        )  # fmt: skip
        activity = create_activity(new, line)
        if file.kind in {"picture", "pdf"}:
            _attach(activity, file.name, _content(actor, file), line)
        _handled(file, "followed", line)
        line.summary = ChangeLine.FILE_FOLLOWED(title=file.title or file.name, day=day)
    return activity


def delete_file(actor: Actor, sha256: str) -> None:
    """Delete it from the folder, for good."""
    rules.require(rules.may_change_record, actor)
    file = _waiting(actor, sha256)
    with verb(actor, "delete_file") as line:
        line.undoable = False
        _handled(file, "deleted", line)
        line.summary = ChangeLine.FILE_DELETED(file=file.name)
    (inbox_folder() / file.name).unlink(missing_ok=True)


def _waiting(actor: Actor, sha256: str) -> InboxFile:
    found = next((file for file in waiting(actor).files if file.sha256 == sha256), None)
    if found is None:
        raise CannotError("That file is not in the inbox any more.")
    return found


def _handled(file: InboxFile, outcome: str, line: Line) -> None:
    """In the same transaction as what came of it: a kill in between leaves neither."""
    line.create(
        HandledFile.objects.create(
            name=file.name, sha256=file.sha256, outcome=outcome, at=clock.now()
        )
    )


def _content(actor: Actor, file: InboxFile) -> bytes:
    rules.require(rules.may_change_record, actor)
    content = content_of(inbox_folder(), file.name)
    if content is None:
        raise CannotError("That file is not in the inbox any more.")
    return content


def clear_handled(actor: Actor) -> int:
    """Delete files from the folder that were dealt with a month ago; how many."""
    rules.require(rules.may_change_record, actor)
    folder, number = inbox_folder(), 0
    old = HandledFile.objects.filter(at__lt=clock.now() - timedelta(days=KEPT_DAYS))
    held = {(row.name, row.sha256) for row in old}
    for file in waiting(actor, handled=True).files:
        if (file.name, file.sha256) in held:
            (folder / file.name).unlink(missing_ok=True)
            number += 1
    return number


def use_folder(actor: Actor, folder: str) -> None:
    """Read the inbox from this folder, such as one a phone fills; empty: the logbook's own."""
    rules.require(rules.may_read_private, actor)
    folder = folder.strip()
    if folder:
        place = Path(folder).expanduser()
        if not place.is_dir():
            raise CannotError(f"There is no folder {folder[:200]}.")
        home = Path(settings.ALMANAC_HOME).resolve()
        if place.resolve() == home or (
            home in place.resolve().parents and place.resolve() != home / "inbox"
        ):
            raise CannotError("Choose a folder outside the logbook’s own.")
        folder = str(place.resolve())
    with verb(actor, "use_inbox_folder", private=True) as line:
        line.undoable = False
        line.summary = ChangeLine.INBOX()
        PrivateSetting.objects.update_or_create(key="inbox", defaults={"value": folder})


# Attachments


def attach(actor: Actor, activity: Activity, name: str, content: bytes) -> Attachment:
    """Hang a picture or a PDF on an activity. Pictures are written anew, without what cameras add."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "attach") as line:
        made = _attach(activity, name, content, line)
        line.summary = ChangeLine.ATTACHED(file=made.name, title=activity.title)
    return made


def _attach(activity: Activity, name: str, content: bytes, line: Line) -> Attachment:
    if Attachment.objects.filter(activity=activity).count() >= MOST_ATTACHED:
        raise CannotError(f"An activity can have {MOST_ATTACHED} attachments at most.")
    if content.startswith(b"%PDF-"):
        if len(content) > LARGEST_PDF:
            raise CannotError("A PDF can be 5 MB at most.")
        media, kept = PDF, content
    else:
        try:
            media, kept = pictures.written_anew(content)
        except UnreadableError as error:
            raise CannotError(f"{error} A PDF can be attached too.") from error
    made = Attachment.objects.create(
        activity=activity,
        name=" ".join(Path(name).name.split())[:200] or "attachment",
        media_type=media,
        content=b64encode(kept).decode(),
        size=len(kept),
        added_at=clock.now(),
    )
    line.create(made)
    return made


def detach(actor: Actor, attachment: Attachment) -> None:
    """Delete an attachment, for good."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "detach") as line:
        line.undoable = False
        line.summary = ChangeLine.DETACHED(file=attachment.name, title=attachment.activity.title)
        attachment.delete()
