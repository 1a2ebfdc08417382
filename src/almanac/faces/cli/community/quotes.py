"""`almanac quotes`: what people said, and how they heard about you."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from almanac.actions.community.quotes import note_consent
from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.answers import words
from almanac.answers.community.quotes import find_quote, heard_about
from almanac.answers.imports.reading_files import plan
from almanac.answers.log import logbook
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_if_any
from almanac.faces.cli.open import open_logbook
from almanac.record.models import Consent
from almanac.record.rules import OWNER
from almanac.sources.tables.quotes_table import read_folder

quotes = App(
    name="quotes",
    help="""What people said, with where consent stands; and how they heard about you.

    `almanac quotes` lists them; a table of quotes comes in by `almanac import`. Each command below
    has a `--help`.""",
)


@quotes.default
@quotes.command(name="list")
def listed(*, as_json: JsonFlag = False) -> int:
    """The latest quotes, each with its number and where consent stands.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    rows = list(logbook.quotes(OWNER)[:200])
    if as_json:
        out.data([_plain_quote(row) for row in rows])
    elif not rows:
        out.say('No quotes yet: almanac heard "..."')
    for row in [] if as_json else rows:
        out.say(f"{row.pk}. “{row.text}” {row.day:%-d %b %Y}; consent {row.get_consent_display()}")
    return 0


@quotes.command
def consent(
    number: int,
    consent: str,
    *,
    scope: Annotated[str, Parameter(name="--for")] = "",
    until: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Note whether somebody agreed that you use what they said.

    Parameters
    ----------
    number
        The quote's number.
    consent
        none, asked, given or withdrawn.
    scope
        What they agreed to: reviews (reports inside) or public.
    until
        Until when.
    as_json
        Print JSON.
    """
    open_logbook()
    quote = find_quote(OWNER, number)
    if quote is None:
        raise CannotError("Name a quote by its number; almanac quotes lists them.")
    if consent not in Consent.values:
        raise CannotError(f"Consent is {', '.join(Consent.values)}.")
    note_consent(OWNER, quote, consent, scope=scope or None, until=day_if_any(until))
    if as_json:
        out.data(_plain_quote(quote))
    else:
        out.say(f"Noted: {quote.get_consent_display()}.")
    return 0


@quotes.command(name="import")
def screenshots(folder: Path, *, as_json: JsonFlag = False) -> int:
    """Import a folder of screenshots, each with a line of text beside it.

    Parameters
    ----------
    folder
        The folder.
    as_json
        Print JSON.
    """
    open_logbook()
    return _screenshots(folder, as_json=as_json)


@quotes.command
def heard(*, as_json: JsonFlag = False) -> int:
    """How people heard about you, by channel.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    found = heard_about(OWNER)
    if as_json:
        out.data([{"channel": c.name, "answers": c.answers, "share": c.share} for c in found])
        return 0
    if not found:
        out.say("No answers yet; import a table with “How did you hear about us?” in it.")
    for channel in found:
        span = f"{words.share(channel.low)} to {words.share(channel.high)}"
        out.say(f"{channel.name}: {channel.answers} ({words.share(channel.share)}, {span})")
    return 0


def _plain_quote(quote: Any) -> dict[str, Any]:
    names = ("id", "text", "who", "via", "place", "link", "tags", "day", "consent", "consent_for")
    return {name: getattr(quote, name) for name in (*names, "consent_until")}


def _screenshots(folder: Path, *, as_json: bool) -> int:

    if not folder.is_dir():
        raise CannotError(f"{folder} is not a folder of screenshots.")
    found = read_folder(folder)
    done = carry_out(OWNER, plan(OWNER, folder.name, found))
    if as_json:
        out.data({"created": done.created, "unchanged": done.unchanged, "rejected": done.rejected})
        return 0
    out.say(f"{done.created.get('quotes', 0)} kept, for your eyes only.")
    if done.rejected_file:
        out.say(f"  Some could not be taken, each with its reason: {done.rejected_file}")
    return 0
