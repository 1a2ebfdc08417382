"""`almanac people`: which identities are one person, and who came back."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from almanac.answers import words
from almanac.answers.community.people import Presence
from almanac.answers.community.returning import presences
from almanac.answers.community.returning import returning as returning_people
from almanac.core.community.identities import match as match_identities
from almanac.core.community.identities import propose
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_document, open_logbook
from almanac.record.infra import clock
from almanac.record.rules import OWNER
from almanac.sources.base.formulas import neutral
from almanac.sources.base.source import Opened
from almanac.sources.tables.identities_table import read_identities

SHOWN = 10
COUNTED = (Presence.FIRST, Presence.CAME_BACK, Presence.REGULAR, Presence.MISSING, Presence.NEVER)
NOBODY = "No guest list keeps names yet. Import one with: almanac import FILE --keep-names"

people = App(
    name="people",
    help="""Who comes, who came back, and which names and addresses are one person.

    `almanac people` counts them. Each command below has a `--help`.""",
)


@people.default
def counted(*, as_json: JsonFlag = False) -> int:
    """How many people came once, came back, are regulars, or were not seen lately; names are in almanac serve.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    rows = presences(OWNER)
    if as_json:
        out.data([
            {"program": row.program, **{str(name): row.counts[name] for name in COUNTED}} for row in rows
        ])  # fmt: skip
        return 0
    if not rows[0].people:
        out.say(NOBODY)
        return 0
    out.rows(
        ["program", *map(str, COUNTED)],
        [[row.program or "all", *(str(row.counts[name]) for name in COUNTED)] for row in rows],
    )
    return 0


@people.command
def match(
    file: Path,
    *,
    to: Annotated[Path | None, Parameter(name="--out")] = None,
    as_json: JsonFlag = False,
) -> int:
    """Find the same person in a table of names and addresses. Nothing of it is stored.

    Rows are joined by an address or a handle, and by a full name where a second thing agrees: the word
    before the @, or that nobody else is likely to have that name. What is only alike is proposed, with the
    evidence, and never joined.

    Parameters
    ----------
    file
        A CSV or TSV with the columns name and email, and handle where it is known.
    to
        Where to write the same rows with a number for each person.
    as_json
        Print JSON.
    """
    opened = Opened(one_document(file), clock.now())
    table = read_identities(opened.text, file.name)
    found = match_identities(table.identities)
    proposals = propose(table.identities, found)
    numbers = {root: place for place, root in enumerate(dict.fromkeys(found.person), start=1)}
    if to is not None:
        with to.open("w", encoding="utf-8", newline="") as stream:
            tabbed = csv.writer(stream, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\")
            plain = csv.writer(stream)
            writer = tabbed if to.suffix.lower() == ".tsv" else plain
            writer.writerow([*table.header, "person"])
            for row, root in zip(table.rows, found.person, strict=True):
                kept = (
                    [cell.replace("\t", " ") for cell in row]
                    if writer is tabbed
                    else map(neutral, row)
                )
                writer.writerow([*kept, numbers[root]])
    if as_json:
        out.data({
            "rows": len(table.rows),
            "people": len(numbers),
            "links": [{"rows": [each.first + 1, each.second + 1], "evidence": each.why} for each in found.links],
            "proposals": [
                {"rows": [each.first + 1, each.second + 1], "likeness": each.likeness, "evidence": each.why}
                for each in proposals
            ],
        })  # fmt: skip
        return 0
    many = words.counted(len(table.rows), "row is", "rows are")
    out.say(f"{many} {words.counted(len(numbers), 'person', 'people')}.")
    if proposals:
        out.say(f"{words.counted(len(proposals), 'pair', 'pairs')} may be the same person:")
    for each in proposals[:SHOWN]:
        first, second = (table.identities[place] for place in (each.first, each.second))
        out.say(
            f"  {first.name} <{first.email}> and {second.name} <{second.email}>: {each.why} ({each.likeness:.0f})"
        )
    if to is not None:
        out.say(f"Wrote {to}")
    return 0


@people.command
def returning(*, as_json: JsonFlag = False) -> int:
    """At each event with a guest list that keeps names: how many signed up and came, and how many of those who signed up
    had signed up for an earlier one.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    rows = returning_people(OWNER)
    if as_json:
        out.data([
            {"event": each.event, "day": each.day, "signed_up": each.signed_up, "came": each.came,
             "first": each.first, "returning": each.returning}
            for each in rows
        ])  # fmt: skip
        return 0
    if not rows:
        out.say(NOBODY)
        return 0
    out.rows(
        ["event", "day", "signed up", "came", "signed up first time", "signed up before"],
        [
            [each.title, str(each.day or ""), words.number(each.signed_up),
             "not counted" if each.came is None else words.number(each.came),
             words.number(each.first), words.number(each.returning)]
            for each in rows
        ],
    )  # fmt: skip
    return 0
