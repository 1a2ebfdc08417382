"""`almanac handover` and `almanac drill`: what the next person needs, and who could take over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.actions.keeping.mirror import open_mirror
from almanac.actions.playbooks.handover import look_ahead
from almanac.answers.playbooks.absence_check import drill as absence_of
from almanac.answers.playbooks.handover import handover as book_of
from almanac.answers.playbooks.stand_ins import bus_factors
from almanac.answers.words import counted
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_ahead_if_any
from almanac.faces.cli.open import open_logbook
from almanac.press.handover import files
from almanac.record.infra.clock import monday_of
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.playbooks.stand_ins import BusFactor

FORMS = ("all", "html", "md", "pdf")
OURS = {"index.html": "html", "handover.md": "md", "handover.pdf": "pdf"}


def handover(
    *programs: str,
    to: Annotated[Path, Parameter(name="--out")] = Path("handover"),
    form: Annotated[str, Parameter(name="--format")] = "all",
    as_json: JsonFlag = False,
) -> int:
    """Make a handover: a document for the person who runs the next event.

    Purpose, playbook, people and access, what is coming with what to expect, what is promised, history
    in ten lines, what was learnt, what was tried and found. Nothing of your private file is in it;
    activities marked private are, as a successor needs them.

    Parameters
    ----------
    programs
        The programs, by name.
    to
        The folder to write into; files of another hand in it are left alone.
    form
        all, html, md or pdf.
    as_json
        Print JSON.
    """
    open_logbook()

    if form not in FORMS:
        raise CannotError(f"--format is one of {', '.join(FORMS)}.")
    look_ahead(OWNER, list(programs))
    book = book_of(OWNER, list(programs))
    made = {name: data for name, data in files(book).items() if form in ("all", OURS[name])}
    if to.exists() and not to.is_dir():
        raise CannotError(f"{to} is a file; name a folder.")
    mark = to / ".almanac-handover"
    strangers = [name for name in made if (to / name).exists() and not mark.exists()]
    if strangers:
        raise CannotError(
            f"{to / strangers[0]} is there and was not written by Almanac; name another folder."
        )
    try:
        to.mkdir(parents=True, exist_ok=True)
        mark.write_text("written by almanac handover\n")
        for name, data in made.items():
            (to / name).write_bytes(data)
    except OSError as error:
        raise CannotError(f"{to} cannot be written: {error.strerror}.") from error
    if as_json:
        out.data(
            {"folder": str(to), "files": sorted(made), "chapters": [c.title for c in book.chapters]}
        )
    else:
        out.say(f"{book.title}: {', '.join(sorted(made))} in {to}.")
        out.say("  Have somebody read it who never saw the program, and fix what they miss.")
    return 0


def drill(
    what: str = "away",
    *,
    since: Annotated[str, Parameter(name="--from")] = "",
    days: int = 30,
    as_json: JsonFlag = False,
) -> int:
    """If you were away for a month from Monday: what is due, and who could take over?

    `almanac drill machine` imagines that this computer is lost: it restores the mirror into an empty folder
    and says what the next person would find, and lack.

    Parameters
    ----------
    what
        away or machine.
    since
        The first day away; next Monday if you do not say.
    days
        For how many days.
    as_json
        Print JSON.
    """
    open_logbook()

    if what == "machine":
        return _machine(as_json=as_json)
    if what != "away" or not 1 <= days <= 366:
        raise CannotError("Play away, for 1 to 366 days, or machine.")
    today = preferences.today()
    first = day_ahead_if_any(since) or monday_of(today) + timedelta(weeks=1)
    found, all_ = absence_of(OWNER, first, days), bus_factors(OWNER)
    if as_json:
        out.data(
            {
                "from": found.first, "to": found.last, "says": found.sentence,
                "happenings": [row.title for row in found.happenings],
                "promises": [row.title for row in found.promises],
                "stops": [each.program.name for each in found.orphaned],
                "programs": [_plain(each) for each in all_],
            }
        )  # fmt: skip
        return 0
    out.say(found.sentence)
    for row in found.by_day:
        out.say(f"  {row.promised_for:%-d %b}: {row.title} ({row.program.label})")
    if found.unwritten:
        out.say(f"Without a playbook: {', '.join(each.program.name for each in found.unwritten)}.")
    for need in found.needs:
        could = ", ".join(need.factor.others) or "nobody"
        out.say(f"{need.factor.program.name}: {could} can take over.")
        for line in need.factor.access:
            out.say(f"  needs access: {line}")
        for part in need.steps:
            out.say(f"  {part.day:%-d %b}: {part.title}, for {part.activity.title}")
    if all_:
        out.rows(
            ["program", "people needed", "written", "to improve"],
            [
                [
                    each.program.name,
                    f"{each.people}",
                    "yes" if each.is_written else "no",
                    each.raise_it,
                ]
                for each in all_
            ],
            right=frozenset({1}),
        )
    return 0


def _plain(each: BusFactor) -> dict[str, Any]:
    return {
        "program": each.program.name, "people": each.people, "written": each.is_written,
        "runners": [{"name": r.name, "times": r.times, "last": r.last, "alone": r.alone}
                    for r in each.runners],
        "only": [{"name": name, "what": what} for name, what in each.only], "named": list(each.named), "access": list(each.access),
        "last": each.last, "raise": each.raise_it,
    }  # fmt: skip


def _machine(*, as_json: bool) -> int:

    place = preferences.value("mirror")
    if not place:
        raise CannotError("There is no off-site copy. Make one with: almanac mirror FOLDER")
    found = open_mirror(OWNER, place)
    said = f"The off-site copy opens: {found.activities:,} activities, without your private file."
    if as_json:
        out.data(
            {"activities": found.activities, "made_at": found.made_at, "newer": found.newer,
             "playbooks": list(found.written), "programs_without_playbook": list(found.lacking),
             "says": said}
        )  # fmt: skip
        return 0
    out.say(said)
    if found.written:
        out.say(f"The next person would find how to run {', '.join(found.written)}.")
    if found.lacking:
        out.say(f"They would lack how to run {', '.join(found.lacking)}.")
    if found.newer:
        newer = counted(found.newer, "change", "changes")
        out.say(
            f"It was made on {found.made_at:%-d %B %Y}; {newer} since then would be lost: almanac mirror {place}"
        )
    return 0
