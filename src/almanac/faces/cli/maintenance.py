"""`almanac init`, `export`, `backup`, `restore`, `erase` and `doctor`: keeping the logbook."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from django.conf import settings

from almanac.actions.content import begin_file
from almanac.actions.keeping.backups import back_up, verify
from almanac.actions.keeping.backups import restore as put_back
from almanac.actions.keeping.erasing import erase as erase_person
from almanac.actions.keeping.erasing import traces
from almanac.actions.keeping.exporting import export as write
from almanac.actions.preferences import prefer
from almanac.answers.doctor import examine
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.queries import preferences
from almanac.record.rules import OWNER


def init(
    *,
    zone: str = "",
    currency: str = "",
    dates: str = "",
    hours_a_day: float | None = None,
    me: str = "",
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
    as_json
        Print JSON.
    """
    open_logbook()

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
    """Write every table as CSV and Parquet into a new folder, or one post as Markdown.

    Nothing of your private file is in it: no guesses, no energy. What people said is, each with
    where consent stands, so keep the folder to yourself.

    Parameters
    ----------
    folder
        A folder that is empty or does not exist yet; for a post, your site's folder of posts.
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
        out.say("  It holds your private file; keep it where only you can read it.")
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
    """Erase a person everywhere, for good: guest lists, quotes, log lines and rejected rows.

    Parameters
    ----------
    who
        Their e-mail address or full name.
    yes
        Do not ask back.
    dry_run
        Only show where they are.
    as_json
        Print JSON.
    """
    open_logbook()

    found = traces(OWNER, who)
    told = (
        f"{found.guests:,} guest rows, {found.quotes:,} quotes, {found.requests:,} requests and promises, {found.changes:,} log lines and "
        f"{len(found.files):,} kept files"
    )
    if not dry_run and not yes and not as_json and found.total:
        answer = out.ask(f"Erase {who} from {told}? This cannot be undone. [Y/n] ", "y")
        if not answer.lower().startswith("y"):
            out.say("Nothing was erased.")
            return 0
    if not dry_run:
        erase_person(OWNER, who)
    if as_json:
        plain = {
            "guests": found.guests,
            "quotes": found.quotes,
            "requests": found.requests,
            "changes": found.changes,
        }
        mentions = [asdict(mention) for mention in found.mentions]
        out.data(plain | {"files": list(found.files), "mentions": mentions, "erased": not dry_run})
        return 0
    out.say(f"{'Would erase' if dry_run else 'Erased'}: {told}.")
    if found.mentions:
        out.say("  You wrote of them yourself here; change that by hand, then erase once more:")
        for mention in found.mentions:
            out.say(f"    {mention.title}")
    if not dry_run:
        out.say("  Older backups and exports still hold them; delete those too.")
    return 0


def doctor(*, as_json: JsonFlag = False) -> int:
    """Is everything in order, and what would be lost with this machine?

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()

    findings = examine(OWNER)
    broken = any(finding.state == "broken" for finding in findings)
    if as_json:
        out.data({"sound": not broken, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            out.say(f"{finding.state:>7}  {finding.says}")
    return 1 if broken else 0
