"""`almanac peers`: whom one follows, what they wrote, and what one takes over or shares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from almanac.actions.community import peers as verbs
from almanac.actions.errors import CannotError
from almanac.answers import words
from almanac.answers.community import peers as answers
from almanac.answers.community.shared_files import find_shareable, shareables, shared_file
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_document, open_logbook
from almanac.record.rules import OWNER
from almanac.sources.base.reading import text_of
from almanac.sources.text.shared_file import Shares

SHOWN = 20

peers = App(
    name="peers",
    help="""Other practitioners whose public logs and feeds you follow. Nothing is sent to them.

    `almanac peers` lists what you have not read. `take` takes over a playbook, a finding or a metric from a
    file or an address, `share` writes one of yours. Each command below has a `--help`.""",
)


@peers.default
@peers.command(name="list")
def listed(*, as_json: JsonFlag = False) -> int:
    """Whom you follow, and what of theirs you have not read.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    rows = answers.peers(OWNER)
    if as_json:
        out.data([
            {"id": row.peer.pk, "name": row.peer.name, "site": row.peer.site, "feed": row.peer.feed,
             "unread": row.unread, "hours": row.hours, "problem": row.peer.problem}
            for row in rows
        ])  # fmt: skip
        return 0
    if not rows:
        out.say("You follow nobody yet: almanac peers follow https://example.org")
    for row in rows:
        hours = f", {row.hours:g} h together" if row.hours else ""
        problem = f" {row.peer.problem}" if row.peer.problem else ""
        out.say(f"{row.peer.pk}. {row.peer.name}: {row.unread:,} unread{hours}.{problem}")
    for entry in answers.entries(OWNER, unread=True)[:SHOWN]:
        day = f"{entry.day:%-d %b %Y} " if entry.day else ""
        out.say(f"  {day}{entry.peer.name}: {entry.title} {entry.link}".rstrip())
    return 0


@peers.command
def follow(address: str, *, name: str = "", as_json: JsonFlag = False) -> int:
    """Follow somebody's public log, blog or feed, and read it now.

    Parameters
    ----------
    address
        Their site or feed.
    name
        What you call them.
    as_json
        Print JSON.
    """
    open_logbook()
    peer = verbs.follow(OWNER, address, name)
    return _read([peer.pk], as_json=as_json)


@peers.command
def read(*, as_json: JsonFlag = False) -> int:
    """Fetch what your peers wrote since.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return _read([row.peer.pk for row in answers.peers(OWNER)], as_json=as_json)


def _read(keys: list[int], *, as_json: bool) -> int:
    rows = [row.peer for row in answers.peers(OWNER) if row.peer.pk in keys]
    number = verbs.read_peers(OWNER, rows)
    problems = [f"{peer.name}: {peer.problem}" for peer in rows if peer.problem]
    if as_json:
        out.data({"new": number, "problems": problems})
        return 0
    if number or not problems:
        out.say(f"{words.counted(number, 'new entry', 'new entries')}.")
    for problem in problems:
        out.say(f"{problem} You follow it all the same; almanac peers read tries again.")
    return 0


@peers.command
def unfollow(number: int, *, as_json: JsonFlag = False) -> int:
    """Stop following somebody; what you read of theirs goes too.

    Parameters
    ----------
    number
        The number of the peer.
    as_json
        Print JSON.
    """
    open_logbook()
    peer = answers.find_peer(OWNER, number)
    if peer is None:
        raise CannotError("Name a peer by their number; almanac peers lists them.")
    verbs.unfollow(OWNER, peer)
    if as_json:
        out.data({"unfollowed": number})
    else:
        out.say(f"You no longer follow {peer.name}.")
    return 0


@peers.command
def take(file: str, *, program: str = "", as_json: JsonFlag = False) -> int:
    """Take over a playbook, a finding or a metric, with its source named.

    A playbook becomes the newest version of the program's; a metric is begun; a finding becomes an experiment
    of your own, with what they found as the reason.

    Parameters
    ----------
    file
        A file that was shared from Almanac, or its address.
    program
        The program it is for; a playbook needs one.
    as_json
        Print JSON.
    """
    open_logbook()
    if file.lower().startswith(("http://", "https://")):
        name, text = verbs.fetched_file(OWNER, file)
    else:
        document = one_document(Path(file))
        name, text = document.name, text_of(document)[0]
    kind, number = verbs.take_over(OWNER, name, text, program)
    if as_json:
        out.data({"kind": kind, "id": number})
    else:
        out.say(f"The {kind} is yours now; its source is named in it.")
    return 0


@peers.command
def share(
    kind: str = "",
    name: str = "",
    *,
    to: Annotated[Path | None, Parameter(name="--out")] = None,
    public: bool | None = None,
    as_json: JsonFlag = False,
) -> int:
    """Write a playbook, a finding or a metric as a file others can take over; without names, list them.

    Parameters
    ----------
    kind
        playbook, finding or metric.
    name
        The program's, the experiment's or the metric's name, or words of it.
    to
        The file to write.
    public
        Put it into your public log as well, or with --no-public take it out.
    as_json
        Print JSON.
    """
    open_logbook()
    if not (kind and name):
        return _shareables(as_json=as_json)
    if kind not in set(Shares):
        raise CannotError("Say playbook, finding or metric.")
    found = find_shareable(OWNER, kind, name)
    shared = shared_file(OWNER, found.key) if found else None
    if found is None or shared is None:
        raise CannotError(f"There is no {kind} called “{name}” to share.")
    if public is not None:
        verbs.show_file(OWNER, found.key, found.title, public=public)
    if to is not None:
        to.write_text(shared.write(), encoding="utf-8")
    if as_json:
        out.data({"key": found.key, "title": found.title, "file": str(to) if to else None})
    elif to is not None:
        out.say(f"Wrote {to}")
        if not shared.source:
            out.say("It does not say whose it is; tell Almanac your name: almanac init --me NAME")
    elif public is not None:
        there = (
            "is in your public log from the next publish on" if public else "leaves your public log"
        )
        out.say(f"“{found.title}” {there}.")
    else:
        out.say(shared.write().rstrip())
    return 0


def _shareables(*, as_json: bool) -> int:
    rows = shareables(OWNER)
    if as_json:
        out.data([
            {"key": row.key, "kind": row.kind, "title": row.title, "public": row.is_public}
            for row in rows
        ])  # fmt: skip
        return 0
    if not rows:
        out.say("Nothing to share yet: no playbook, finding or metric.")
        return 0
    out.rows(
        ["kind", "title", "in the public log"],
        [[str(row.kind), row.title, "yes" if row.is_public else "no"] for row in rows],
    )
    return 0
