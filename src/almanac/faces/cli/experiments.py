"""`almanac experiment`: what a change did, with how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from almanac.faces.cli import out
from almanac.faces.cli.logbook import one_document, open_logbook
from almanac.faces.cli.writing import JsonFlag


def experiment(
    what: str = "analyse",
    file: Path | None = None,
    *,
    outcome: str = "",
    comparison: list[str] | None = None,
    since: Annotated[str, Parameter(name="--from")] = "",
    prior: str = "product",
    as_json: JsonFlag = False,
) -> int:
    """What a change did to a series, by several estimators, with what they cannot say.

    `almanac experiment analyse weekly.csv --outcome signups --comparison others --from 2026-03-02`
    reads a table with a row a period. Missing values are missing, never zero.

    Parameters
    ----------
    what
        analyse.
    file
        A table; its first column says when.
    outcome
        The column that should have changed.
    comparison
        A column that the change cannot have touched; may be said several times.
    since
        The first period after the change: a value of the first column, or else a row number.
    prior
        product, or causalimpact for the R package's own.
    as_json
        Print JSON.
    """
    open_logbook()
    from almanac.actions.errors import CannotError
    from almanac.answers.analysis import analyse, checks, plain, sentence
    from almanac.record.rules import OWNER

    if what != "analyse":
        raise CannotError("Say analyse: almanac experiment analyse FILE --outcome Y --from WHEN")
    if file is None or not outcome or not since:
        raise CannotError("Name a table, --outcome and --from.")
    found = analyse(OWNER, one_document(file), outcome, since, comparison or (), prior)
    if as_json:
        out.data(plain(found))
        return 0
    before, after = len(found.design.before), len(found.design.after)
    out.say(f"{outcome}: {before} periods before, {after} after.")
    for each in found.effects:
        out.say(f"  {sentence(each)}")
    rows = checks(found)
    if rows:
        out.say()
        out.rows(["checked", "found", "so"], [list(row) for row in rows])
    return 0
