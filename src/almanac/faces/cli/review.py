"""`almanac review`, `publish`, `verify` and `mirror`: what others get to read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from almanac.actions.errors import CannotError
from almanac.actions.keeping.mirror import mirror as copy_to
from almanac.actions.preferences import prefer
from almanac.actions.review.mailing import mail_review
from almanac.actions.review.publishing import publish as publish_to
from almanac.actions.review.publishing import verify_folder
from almanac.answers import words
from almanac.answers.log import logbook
from almanac.answers.review import periods
from almanac.answers.review.composition import Audience, done_of
from almanac.answers.review.composition import review as compose
from almanac.answers.review.publication import preview
from almanac.answers.review.sentences import Fact, plain
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import open_logbook
from almanac.press import review as press
from almanac.record.queries import preferences
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.review.composition import Review
    from almanac.answers.review.publication import Preview

FORMATS = ("html", "md", "pdf")


def review(
    period: str = "",
    *,
    listing: Annotated[bool, Parameter(name="--list", negative="")] = False,
    program: str = "",
    form: Annotated[str, Parameter(name="--format")] = "html",
    file: Annotated[Path | None, Parameter(name="--out")] = None,
    audience: Annotated[str, Parameter(name="--for")] = "own",
    mail: Annotated[bool, Parameter(negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """Write up a year, a quarter, a month, a week or any time: challenges, successes, failures, takeaways.

    It proposes sentences from your record, each with its reason and its rows; what you keep, drop
    or rewrite on its page stays when it is made anew. Without --out it is printed.

    Parameters
    ----------
    period
        2022, 2022-Q3, 2022-05, 2022-W18 or 2022-03-01..2022-06-30; this year if you do not say.
    listing
        List the years there are, oldest first.
    program
        Only this program.
    form
        html, md (with front matter for Jekyll, Hugo and dev.to) or pdf.
    file
        The file to write; pictures of a Markdown review are put beside it.
    audience
        own, inside (without energy and guesses: for a manager) or public (only what is public).
    mail
        Mail it to the address in Settings, by the server that stands there.
    as_json
        Print JSON.
    """
    open_logbook()

    if listing:
        names = periods.years(OWNER)
        if as_json:
            out.data(names)
        else:
            out.say("\n".join(names) or "Nothing is done yet, so there is no year to review.")
        return 0
    if form not in FORMATS:
        raise CannotError(f"--format is {', '.join(FORMATS)}.")
    if audience not in list(Audience):
        raise CannotError(f"--for is {', '.join(Audience)}.")
    period = period or str(logbook.today_for(OWNER).year)
    found = compose(OWNER, period, program=program, audience=Audience(audience))
    if mail:
        to = mail_review(OWNER, found, done_of(OWNER, found))
        return out.told(f"{found.title} was sent to {to}.", as_json=as_json, to=to)
    if file is not None:
        written = _write_review(found, form, file)
        if as_json:
            out.data({"period": found.period.name, "files": [str(path) for path in written]})
        else:
            out.say(f"{found.title} is in {file}.")
            for path in written[1:]:
                out.say(f"  with {path}")
        return 0
    if as_json:
        out.data(_plain_review(found))
    else:
        _show_review(found)
    return 0


def _write_review(found: Review, form: str, file: Path) -> list[Path]:

    target = out.writable(file)
    made = {"html": press.html, "md": press.md, "pdf": press.pdf}[form](
        found, done_of(OWNER, found)
    )
    target.write_bytes(made.content)
    written = [target]
    for name, content in made.pictures.items():
        beside = target.with_name(name)
        beside.write_bytes(content)
        written.append(beside)
    return written


def _plain_review(found: Review) -> dict[str, Any]:

    return {
        "period": found.period.name,
        "title": found.title,
        "opening": [plain(sentence) for sentence in found.opening],
        "own": found.own,
        "chapters": [
            {
                "heading": chapter.heading,
                "items": [
                    {
                        "key": item.key,
                        "text": item.text or plain(item.sentence),
                        "reason": plain(item.reason),
                        "dropped": item.dropped,
                        "rows": [
                            row.key
                            for part in item.sentence
                            if isinstance(part, Fact)
                            for row in part.rows
                        ],
                    }
                    for item in chapter.items
                ],
                "empty": "" if chapter.kept else chapter.empty,
            }
            for chapter in found.chapters
        ],
        "programs": [
            {"program": part.slug, "says": plain(part.sentence)} for part in found.programs
        ],
        "targets": [standing.sentence for standing in found.targets],
        "guessing": [plain(sentence) for sentence in found.guessing],
        "quotes": [{"text": quote.text, "who": quote.who} for quote in found.quotes],
        "energy": [plain(sentence) for sentence in found.energy],
        "coming": [plain(sentence) for sentence in found.coming],
    }


def _show_review(found: Review) -> None:

    out.say(found.title)
    out.say()
    for sentence in found.opening:
        out.say(plain(sentence))
    if found.own:
        out.say(found.own)
    for chapter in found.said:
        out.say()
        out.say(chapter.heading)
        for item in chapter.kept:
            out.say(f"  - {item.text or plain(item.sentence)}")
        if not chapter.kept:
            out.say(f"  {chapter.empty}")
    out.say()
    for part in found.programs:
        out.say(f"{part.name}: {plain(part.sentence)}")
    for sentence in (*found.guessing, *found.energy):
        out.say(plain(sentence))
    if found.coming:
        out.say()
        out.say("Next")
    for sentence in found.coming:
        out.say(f"  - {plain(sentence)}")
    out.say()
    out.say(f"  Edit it: almanac serve, then Reports. Write it: --out review-{found.slug}.html")


def publish(
    folder: Path,
    *,
    title: str = "",
    address: Annotated[str, Parameter(name="--url")] = "",
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """Write the public log into a folder or Git checkout: what is marked public and nothing else.

    Plain pages, feeds and a calendar, without any tracker. Only what has changed is written, and
    nothing that Almanac did not write is touched. At a terminal it lists what becomes public for
    the first time, and asks. Nothing is sent anywhere.

    Parameters
    ----------
    folder
        Where to write it.
    title
        The log's title; remembered.
    address
        Where it will stand, such as https://example.org/log; remembered.
    dry_run
        Only show what would become public.
    yes
        Do not ask.
    as_json
        Print JSON.
    """
    open_logbook()

    wanted = {"public_title": title, "public_address": address}
    if any(wanted.values()):
        prefer(OWNER, **{name: value for name, value in wanted.items() if value})
    found = preview(OWNER, folder.expanduser().resolve())
    if dry_run or (out.is_terminal() and not yes and not as_json):
        _show_preview(found)
        if dry_run:
            if as_json:
                out.data(_plain_preview(found))
            return 0
        if (found.fresh or found.changed) and not out.ask(
            f"Write it into {folder}? [y/N] ", "n"
        ).lower().startswith("y"):
            out.say("Nothing was published.")
            return 0
    done = publish_to(OWNER, folder)
    if as_json:
        out.data(
            _plain_preview(done.preview)
            | {"folder": str(done.folder), "written": done.written, "removed": done.removed}
        )
    elif done.changed_nothing:
        out.say(f"{folder} is as it should be; nothing was written.")
    else:
        out.say(
            f"{done.written:,} files written into {folder}, {done.removed:,} taken away: "
            f"{len(done.preview.fresh):,} things new, {len(done.preview.changed):,} changed, "
            f"{len(done.preview.redacted):,} taken back. Nothing was sent."
        )
    return 0


def _show_preview(found: Preview) -> None:
    if found.fresh:
        out.say("Public for the first time:")
        for entry in found.fresh[:40]:
            out.say(f"  {entry.title}")
        if len(found.fresh) > 40:
            out.say(f"  and {len(found.fresh) - 40:,} more")
    if found.changed:
        out.say("Changed:")
        for entry in found.changed[:40]:
            out.say(f"  {entry.title}")
    if found.redacted:
        out.say(f"{len(found.redacted):,} things would be taken back.")
    if not (found.fresh or found.changed or found.redacted):
        out.say(f"Nothing changes: {found.unchanged:,} things are public, as they were.")


def _plain_preview(found: Preview) -> dict[str, Any]:
    return {
        "fresh": [{"key": e.key, "title": e.title} for e in found.fresh],
        "changed": [{"key": e.key, "title": e.title} for e in found.changed],
        "redacted": list(found.redacted),
        "unchanged": found.unchanged,
    }


def verify(folder: Path, *, as_json: JsonFlag = False) -> int:
    """Find any silent change of a public log: in its ledger, its pages or its entries.

    Exits 1 where something is wrong.

    Parameters
    ----------
    folder
        The folder `almanac publish` wrote.
    as_json
        Print JSON.
    """
    open_logbook()

    found = verify_folder(OWNER, folder)
    if as_json:
        out.data(
            {
                "sound": not found.problems,
                "entries": found.entries,
                "lines": found.lines,
                "head": found.head,
                "problems": list(found.problems),
            }
        )
    elif found.problems:
        for problem in found.problems[:40]:
            out.say(problem)
    else:
        out.say(
            f"{words.counted(found.entries, 'entry is', 'entries are')} what was published. The ledger’s "
            f"{words.counted(found.lines, 'line follows', 'lines follow')} from one another; the last is {found.head[:16]}."
        )
    return 1 if found.problems else 0


def mirror(place: str = "", *, as_json: JsonFlag = False) -> int:
    """Keep the public log and a verified backup of the record where others can reach them.

    Nothing private is in it. A folder or Git checkout is written (and committed, not pushed); the
    address of a Git repository is cloned, committed and pushed.

    Parameters
    ----------
    place
        A folder, a Git checkout or the address of a Git repository; the last one if you do not say.
    as_json
        Print JSON.
    """
    open_logbook()

    place = place or preferences.value("mirror")
    if not place:
        raise CannotError("Where to? Name a folder or a Git repository: almanac mirror PLACE")
    done = copy_to(OWNER, place)
    if as_json:
        out.data(
            {
                "place": done.place,
                "folder": str(done.folder),
                "activities": done.activities,
                "committed": done.committed,
                "pushed": done.pushed,
            }
        )
        return 0
    out.say(f"The public log and {done.activities:,} activities are in {done.place}, verified.")
    if done.committed and not done.pushed:
        out.say(f"  Committed; push it when you like: git -C {done.folder} push")
    return 0
