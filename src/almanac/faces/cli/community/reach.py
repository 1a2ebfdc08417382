"""`almanac reach`: how many came because of the work, how they heard, and links handed out."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from almanac.actions.community import reach as verbs
from almanac.actions.errors import CannotError
from almanac.answers import words
from almanac.answers.community.links import find_link, links, tagged
from almanac.answers.community.quotes import heard_about
from almanac.answers.community.reach import reach as reach_answer
from almanac.core.community.channels import channel_of
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_activity, open_logbook
from almanac.record.infra import clock
from almanac.record.rules import OWNER
from almanac.sources.base.cells import column_key
from almanac.sources.base.formulas import neutral
from almanac.sources.base.reading import documents_at
from almanac.sources.base.rows import UnreadableError
from almanac.sources.base.source import Opened
from almanac.sources.tables.quotes_table import HEARD

if TYPE_CHECKING:
    from almanac.answers.community.links import LinkReach

reach = App(
    name="reach",
    help="""How many came because of your work, as a range, and what that rests on.

    `almanac reach link URL --for "a talk"` gives you a link of its own to hand out; import the table of your
    link tool or of your web analytics, and it is counted. Each command below has a `--help`.""",
)


@reach.default
def summed_up(
    *,
    classify: Path | None = None,
    column: str = "",
    to: Annotated[Path | None, Parameter(name="--out")] = None,
    as_json: JsonFlag = False,
) -> int:
    """How many came because of your work, and how people heard of you, by channel.

    Parameters
    ----------
    classify
        A table with answers to “how did you hear about us”; nothing of it is stored.
    column
        The column with the answers; the one that asks how they heard, if you do not say.
    to
        Where to write each answer with its channel, in the same order.
    as_json
        Print JSON.
    """
    if classify is not None:
        return _classified(classify, column, to, as_json=as_json)
    open_logbook()
    rows = heard_about(OWNER)
    if as_json:
        out.data(
            [{"channel": row.name, "answers": row.answers, "share": row.share} for row in rows]
        )
        return 0
    found = reach_answer(OWNER)
    out.say(f"{found.sentence} {found.likely}".strip())
    for each in found.basis:
        out.say(f"{each.sure}: {each.what} {each.why}.")
    if rows:
        out.rows(
            ["channel", "answers", "share"],
            [
                [row.name, str(row.answers), f"{words.share(row.low)} to {words.share(row.high)}"]
                for row in rows
            ],
        )
    return 0


@reach.command
def link(
    url: str,
    *,
    activity: Annotated[str, Parameter(name="--for")] = "",
    short: str = "",
    as_json: JsonFlag = False,
) -> int:
    """Make a link of its own for one talk or post, to hand out there.

    It leads where URL leads, and tells web analytics which talk or post it was. Put it into a link tool or a
    QR code if you like, and say with --short what came of it.

    Parameters
    ----------
    url
        Where it leads.
    activity
        The talk or post: its number, or words of its title.
    short
        What your link tool made of it, if you have it already.
    as_json
        Print JSON.
    """
    open_logbook()
    made = verbs.hand_out_link(OWNER, url, one_activity(activity) if activity else None, short)
    if as_json:
        out.data({"id": made.pk, "code": made.code, "link": tagged(made), "short": made.short})
        return 0
    out.say(tagged(made))
    return 0


@reach.command
def short(number: int, address: str, *, as_json: JsonFlag = False) -> int:
    """Note what a link tool made of a link, so that its counts are known by it.

    Parameters
    ----------
    number
        The link's number; almanac reach links lists them.
    address
        The short address.
    as_json
        Print JSON.
    """
    open_logbook()
    there = find_link(OWNER, number)
    if there is None:
        raise CannotError("Name a link by its number; almanac reach links lists them.")
    made = verbs.shorten_link(OWNER, there, address)
    if as_json:
        out.data({"id": made.pk, "code": made.code, "link": tagged(made), "short": made.short})
    else:
        out.say(f"Counts of {made.short} are yours from the next import on.")
    return 0


@reach.command
def correct(answer: str, channel: str, *, as_json: JsonFlag = False) -> int:
    """Say which channel an answer is; the same answer counts there from now on.

    Parameters
    ----------
    answer
        The answer, as it was given.
    channel
        search, social media, forum or chat community, friend or colleague, event or conference, work or
        school, blog or article or video, podcast, newsletter, already a user, other, no answer.
    as_json
        Print JSON.
    """
    open_logbook()
    number = verbs.correct_channel(OWNER, answer, channel)
    if as_json:
        out.data({"moved": number})
    elif number:
        out.say(f"{words.counted(number, 'answer counts', 'answers count')} for {channel} now.")
    else:
        out.say("Nobody gave that answer, or it counts there already.")
    return 0


@reach.command(name="links")
def listed(*, as_json: JsonFlag = False) -> int:
    """The links you handed out, and how often each was followed.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    found = links(OWNER)
    if as_json:
        out.data([
            {"id": each.link.pk, "link": each.address, "code": each.link.code, "count": each.count,
             "what": each.what, "until": each.until,
             "activity": each.link.activity.title if each.link.activity else None}
            for each in found
        ])  # fmt: skip
        return 0
    if not found:
        out.say('No links yet: almanac reach link https://example.org/docs --for "VueConf keynote"')
        return 0
    out.rows(["number", "for", "link", "followed"], [_line(each) for each in found])
    return 0


def _line(each: LinkReach) -> list[str]:
    title = each.link.activity.title if each.link.activity else ""
    followed = "not counted yet" if each.count is None else f"{each.count:,} {each.what}"
    return [str(each.link.pk), title, each.address, followed]


def _classified(file: Path, column: str, to: Path | None, *, as_json: bool) -> int:
    answers = [(answer, str(channel_of(answer))) for answer in _answers(file, column)]
    if to is not None:
        with to.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["answer", "channel"])
            writer.writerows((neutral(answer), channel) for answer, channel in answers)
    if as_json or to is None:
        out.data([{"answer": answer, "channel": channel} for answer, channel in answers])
    else:
        out.say(f"Wrote {len(answers):,} answers with their channels to {to}")
    return 0


def _only_column(text: str, name: str, column: str) -> list[str]:
    """A file of one column: a header, and an answer a line, blank ones too."""
    lines = [cell[0].strip() if cell else "" for cell in csv.reader(text.splitlines())]
    if not lines or (column and lines[0].lower() != column.strip().lower()):
        raise CannotError(f"{name} has no column “{column}”.")
    return lines[1:]


def _answers(file: Path, column: str) -> list[str]:
    document = next(documents_at(file), None)
    if document is None or isinstance(document, UnreadableError):
        raise CannotError(str(document or f"{file.name} holds nothing."))
    opened = Opened(document, clock.now())
    table = opened.table
    if table is None:
        return _only_column(opened.text, file.name, column)
    wanted = column_key(column)
    key = wanted if wanted in table.keys else next((k for k in table.keys if HEARD.search(k)), "")
    if not key or (wanted and wanted not in table.keys):
        raise CannotError(
            f"{file.name} has no column “{column or 'how did you hear'}”; it has {', '.join(table.header[:12])}."
        )
    return [record.get(key, "").strip() for _, record, _ in table.records()]
