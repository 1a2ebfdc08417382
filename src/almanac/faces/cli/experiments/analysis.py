"""`almanac experiment analyse`: one change on one series of any table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from almanac.answers.experiments.analysis import analyse as analysis_of
from almanac.answers.experiments.analysis import checks, headline, plain, sentence
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag
from almanac.faces.cli.open import one_document, open_logbook
from almanac.record.rules import OWNER


def analyse(
    file: str,
    *,
    outcome: str,
    since: Annotated[str, Parameter(name="--from")],
    comparison: list[str] | None = None,
    prior: str = "product",
    every: Annotated[bool, Parameter(negative="")] = False,
    as_json: JsonFlag = False,
) -> int:
    """What a change did, from a table with a row a period.

    Parameters
    ----------
    file
        The table; its first column says when.
    outcome
        The column that should have changed.
    since
        The first period after: a value of the first column, or a row number.
    comparison
        A column the change cannot have touched; may be said several times.
    prior
        product, or causalimpact for the R package's own.
    every
        Also print every other estimator, and what was checked.
    as_json
        Print JSON.
    """
    open_logbook()

    found = analysis_of(OWNER, one_document(Path(file)), outcome, since, comparison or [], prior)
    if as_json:
        out.data(plain(found))
        return 0
    before, after = len(found.design.before), len(found.design.after)
    out.say(f"{outcome}: {before} periods before, {after} after.")
    out.say(headline(found))
    if not every:
        out.say("Other estimators and checks: --every")
        return 0
    for each in found.effects:
        out.say(f"  {sentence(each, found.trend)}")
    rows = checks(found)
    if rows:
        out.say()
        out.rows(["checked", "found", "so"], [list(row) for row in rows])
    return 0
