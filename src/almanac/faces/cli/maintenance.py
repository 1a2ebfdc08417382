"""`almanac init`, `export`, `backup`, `restore`, `erase` and `doctor`: keeping the logbook."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from django.conf import settings

from almanac.actions.content import begin_file
from almanac.actions.keeping.backups import back_up, verify
from almanac.actions.keeping.backups import restore as put_back
from almanac.actions.keeping.erasing import erase as erase_person
from almanac.actions.keeping.exporting import export as write
from almanac.actions.preferences import prefer
from almanac.actions.workload.calendar_feed import calendar
from almanac.answers.community.traces import traces
from almanac.answers.doctor import Check, examine, examine_files
from almanac.core.errors import AlmanacError
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import check_clock, one_activity, open_logbook
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.actions.keeping.erasing import Erased
    from almanac.answers.community.traces import Traces

MOST_LISTED = 50


def init(
    *,
    zone: str = "",
    currency: str = "",
    dates: str = "",
    hours_a_day: float | None = None,
    me: str = "",
    anew: Annotated[bool, Parameter(negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """Start a logbook, or change its time zone, currency and how you write dates.

    Parameters
    ----------
    zone
        Your time zone, such as Europe/Berlin; the machine's if you do not say.
    currency
        Your currency, such as EUR.
    dates
        How you write 3/4: day-first (3 April) or month-first (4 March).
    hours_a_day
        How many hours “a day” of work has; 8 if you do not say.
    me
        A name under which boards of others know you: their cards of that name are yours.
    anew
        Go on without a file of the logbook that is gone: an empty one takes its place.
    as_json
        Print JSON.
    """
    open_logbook(anew=anew)

    values: dict[str, Any] = {}
    if zone:
        values["zone"] = zone
    if currency:
        values["currency"] = currency.upper()
    if dates:
        values["date_order"] = dates.removesuffix("-first")
    if hours_a_day is not None:
        values["hours_a_day"] = hours_a_day
    if values:
        prefer(OWNER, **values)
    if me.strip():
        names = preferences.value("own_names")
        prefer(OWNER, own_names=[*names, me.strip()] if me.strip() not in names else names)
    if as_json:
        out.data({"home": str(settings.ALMANAC_HOME)} | preferences.everything())
    else:
        out.say(
            f"Your logbook is in {settings.ALMANAC_HOME}; days are days in {preferences.zone()}."
        )
        out.say(
            '  Next: almanac log "Gave the API talk at PyTexas, 80 people, 6h", or almanac serve'
        )
    return 0


def export(folder: Path, *, post: str = "", as_json: JsonFlag = False) -> int:
    """Write every table as CSV and Parquet into a new folder, one post as Markdown, or the calendar.

    Nothing of your private file is in it: no guesses, no energy. What people said is, each with
    where consent stands, so keep the folder to yourself.

    Parameters
    ----------
    folder
        A folder that is empty or does not exist yet; for a post, your site's folder of posts. A file
        that ends in .ics gets what is planned, for a calendar program.
    post
        A post by its title or number: its title, day, tags and series become the front matter of
        a file to go on writing, as Jekyll, Hugo and dev.to read it.
    as_json
        Print JSON.
    """
    open_logbook()

    if post:
        file = begin_file(OWNER, one_activity(post), folder)
        if as_json:
            out.data({"file": str(file)})
        else:
            out.say(f"Begun {file}")
        return 0
    if folder.suffix.lower() == ".ics":
        out.writable(folder).write_bytes(calendar(OWNER))
        return out.told(f"Exported the calendar into {folder}", as_json=as_json, file=str(folder))
    done = write(OWNER, folder)
    if as_json:
        out.data({"folder": str(done.folder), "rows": done.rows})
    else:
        # The tables of events and pace tell once more what stands in others.
        rows = sum(done.rows.values()) - done.rows["events"] - done.rows["pace"]
        out.say(f"Exported {rows:,} rows into {done.folder}")
        out.say(f"  Read it into another logbook with: almanac import {done.folder}")
    return 0


def backup(file: Path | None = None, *, as_json: JsonFlag = False) -> int:
    """Back up everything that is yours, private file included, and check that it can be restored.

    Parameters
    ----------
    file
        Where to write it; the logbook's own backups folder if you do not say.
    as_json
        Print JSON.
    """
    open_logbook()

    made = back_up(OWNER, file)
    if as_json:
        out.data({"file": str(made.file), "bytes": made.size, "activities": made.activities})
    else:
        out.say(f"Backed up and verified: {made.activities:,} activities in {made.file}")
        out.say("  It contains your private file. Store it where only you can read it.")
    return 0


def restore(
    file: Path,
    *,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """Put a backup in the place of this logbook. What it replaces is kept beside it.

    Parameters
    ----------
    file
        The backup.
    yes
        Do not ask back.
    as_json
        Print JSON.
    """
    # What is to be replaced need not open: that is what a backup is for.
    check_clock()
    activities = verify(OWNER, file)
    if not yes and not as_json:
        answer = out.ask(
            f"Replace this logbook with {activities:,} activities of {file}? [Y/n] ", "y"
        )
        if not answer.lower().startswith("y"):
            out.say("Nothing was restored.")
            return 0
    aside = put_back(OWNER, file)
    if as_json:
        out.data({"activities": activities, "replaced": str(aside)})
    else:
        out.say(f"Restored {activities:,} activities. What was there before is in {aside}")
    return 0


def erase(
    who: str,
    *,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """Erase a person everywhere, for good: guest lists, quotes, notes, the log, exports, public logs.

    Counts stay. Older backups are deleted by the next almanac backup. What Almanac can't reach is
    listed, also in a certificate that names nobody.

    Parameters
    ----------
    who
        Their e-mail address, full name or @handle, in any spelling.
    yes
        Do not ask back.
    dry_run
        Only show where they are.
    as_json
        Print JSON.
    """
    open_logbook()

    found = traces(OWNER, who)
    if not (dry_run or yes or as_json) and found.total:
        _say_found(found)
        question = f"Erase {who} from all of this? This can't be undone. [y/N] "
        answer = out.ask(question, "n") if out.is_terminal() else "y"
        if not answer.lower().startswith("y"):
            out.say("Nothing was erased.")
            return 0
    done = None if dry_run else erase_person(OWNER, who)
    if as_json:
        out.data(_told(found, done))
    elif done is None:
        _say_found(found)
        out.say("  Nothing was erased: this only looked.")
    else:
        _say_erased(found, done)
    return 0


def _told(found: Traces, done: Erased | None) -> dict[str, Any]:
    kept = {
        "rows": found.counts,
        "files": [str(file.relative_to(settings.ALMANAC_HOME)) for file in found.files],
        "own_texts": [asdict(mention) for mention in found.own_texts],
        "mentions": [asdict(mention) for mention in found.mentions],
        "also": list(found.also),
        "erased": done is not None,
    }
    if done is None:
        return kept
    return kept | {
        "renewed": list(done.renewed), "left": list(done.left), "certificate": str(done.certificate),
    }  # fmt: skip


def _say_found(found: Traces) -> None:
    out.say(f"Found in: {_listed(found)}." if found.total else "Nothing here holds that name.")
    for mention in found.own_texts:
        out.say(f"  You wrote: {mention.title}")
    _say_left(found)


def _say_erased(found: Traces, done: Erased) -> None:
    out.say(f"Erased from: {_listed(found)}." if found.total else "Nothing here held that name.")
    for name in done.renewed:
        out.say(f"  Updated: {name}")
    _say_left(found)
    out.say("  Still to do, or out of reach:")
    for each in done.left:
        out.say(f"    {each}")
    out.say(f"  Certificate, which names nobody: {done.certificate}")


def _say_left(found: Traces) -> None:
    if found.mentions:
        out.say("  These texts keep the name; change them by hand, then erase again:")
        for mention in found.mentions[:MOST_LISTED]:
            out.say(f"    {mention.title}{' (locked)' if mention.is_sealed else ''}")
        if len(found.mentions) > MOST_LISTED:
            out.say(f"    and {len(found.mentions) - MOST_LISTED} more")
    if found.also:
        out.say(f"  Guest lists also have them as {', '.join(found.also)}: erase that too.")


def _listed(found: Traces) -> str:
    parts = [f"{number:,} {words}" for words, number in found.counts.items()]
    if found.files:
        parts.append(f"{len(found.files)} {'file' if len(found.files) == 1 else 'files'}")
    return ", ".join(parts)


def doctor(*, as_json: JsonFlag = False) -> int:
    """Is everything in order, and what would be lost with this machine?

    Parameters
    ----------
    as_json
        Print JSON.
    """
    try:
        open_logbook()
        findings = examine(OWNER)
    except AlmanacError as error:
        findings = examine_files(OWNER)
        if not any(finding.state == "broken" for finding in findings):
            findings.append(Check("logbook", "broken", str(error)))
    broken = any(finding.state == "broken" for finding in findings)
    if as_json:
        out.data({"sound": not broken, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            out.say(f"{finding.state:>7}  {finding.says}")
    return 1 if broken else 0
