"""`almanac target`: what a number should become by when."""

from __future__ import annotations

from almanac.actions import metrics as verbs
from almanac.actions.errors import CannotError
from almanac.answers.metrics.targets import all_targets, find_target, progress
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_if_any
from almanac.faces.cli.metrics.metrics import the_metric
from almanac.faces.cli.metrics.shown import plain_target
from almanac.faces.cli.open import open_logbook
from almanac.record.rules import OWNER


def target(
    what: str = "list",
    name: str = "",
    value: str = "",
    *,
    by: str = "",
    since: str = "",
    why: str = "",
    program: str = "",
    as_json: JsonFlag = False,
) -> int:
    """What a metric should become by when; ahead, on course, behind, or can't tell.

    `almanac target` lists them; `target set NAME 500 --by 2026-12-31`; `target drop NUMBER`;
    `target quarters NUMBER` or `target months NUMBER` breaks one down.

    Parameters
    ----------
    what
        list, set, drop, quarters or months.
    name
        The metric, by name; for drop, quarters and months the target's number.
    value
        What it should become: a sum since the start, or what should stand at the end.
    by
        The last day.
    since
        The first day that counts; this year's if you do not say.
    why
        Why this much.
    program
        The program it is of.
    as_json
        Print JSON.
    """
    open_logbook()

    if what == "list":
        found = all_targets(OWNER)
        if as_json:
            out.data([plain_target(each) for each in found])
        elif not found:
            out.say("No targets yet. Set one: almanac target set NAME 500 --by 2026-12-31")
        else:
            for each in found:
                out.say(f"{each.target.metric.name} ({each.target.pk}). {each.sentence}")
        return 0
    if what == "set":
        day = day_if_any(by)
        if not name or not value or day is None:
            raise CannotError("Say what, how much and by when: target set NAME 500 --by 2026-12-31")
        aimed = the_metric(name)
        made = verbs.aim(
            OWNER, aimed, verbs.read_value(aimed, value), day, since=day_if_any(since), why=why,
            program=program,
        )  # fmt: skip
        rows = [made]
    elif what in {"drop", "quarters", "months"}:
        known = find_target(OWNER, int(name)) if name.isdecimal() and len(name) < 16 else None
        if known is None:
            raise CannotError("Name a target by its number; almanac target lists them.")
        if what == "drop":
            rows = [verbs.drop_target(OWNER, known)]
        else:
            step = verbs.QUARTER if what == "quarters" else verbs.MONTH
            rows = verbs.break_down(OWNER, known, step)
    else:
        raise CannotError("Say one of list, set, drop, quarters, months: almanac target --help.")
    told = [progress(row) for row in rows]
    if as_json:
        out.data([plain_target(each) for each in told])
    elif what == "drop":
        out.say(f"Deleted the target of {rows[0].metric.name}; you can undo this.")
    else:
        for each in told:
            out.say(each.sentence)
    return 0
