"""`almanac metric`: numbers without cells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from almanac.actions.errors import CannotError
from almanac.actions.imports.carrying_out import carry_out
from almanac.actions.metrics import (
    begin_metric,
    measure,
    read_value,
    redefine,
    set_details,
    switch_on,
)
from almanac.answers.imports.reading_files import plan
from almanac.answers.metrics.metric_pages import find_metric, metric_page
from almanac.faces.cli import out
from almanac.faces.cli.activities import JsonFlag, day_if_any
from almanac.faces.cli.metrics.shown import (
    plain_page,
    show_catalogue,
    show_choices,
    show_metric,
    show_metrics,
)
from almanac.faces.cli.open import open_logbook
from almanac.record.queries import preferences
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document
from almanac.sources.base.reading import documents_at, table_from_text, text_of
from almanac.sources.tables import measurements_table
from almanac.sources.tables.measurements_table import value_of

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.models import Metric

metric = App(
    name="metric",
    help="""Track a number: define it, say a value, see what it can and cannot show.

    `almanac metric` lists them. Each command below has a `--help`.""",
)


@metric.default
@metric.command(name="list")
def listed(*, as_json: JsonFlag = False) -> int:
    """Every metric that is on, with its latest value and its target.

    Parameters
    ----------
    as_json
        Print JSON.
    """
    open_logbook()
    return show_metrics(as_json=as_json)


@metric.command
def add(
    name: str,
    value: str = "",
    *,
    on: str = "",
    label: str = "",
    unit: str = "",
    kind: str = "",
    means: str = "",
    file: Annotated[Path | None, Parameter(name="--from")] = None,
    day_column: str = "date",
    value_column: str = "value",
    as_json: JsonFlag = False,
) -> int:
    """Say a value, or read values from a table; begins the metric if there is none.

    Parameters
    ----------
    name
        The metric, by name.
    value
        The value.
    on
        The day, such as friday or 2026-05-04; today if you do not say.
    label
        Which of several sources that must not be summed, such as a platform.
    unit
        Of a new metric: what it counts, such as downloads.
    kind
        Of a new metric: flow (adds up), stock (stands at a moment) or rate.
    means
        Of a new metric: what it means, in a sentence.
    file
        A table with the values, of any shape.
    day_column
        With `--from`: the column that holds the day.
    value_column
        With `--from`: the column that holds the value.
    as_json
        Print JSON.
    """
    open_logbook()
    return _add(
        name, value, day_if_any(on), label, unit, kind, means, file, (day_column, value_column),
        as_json=as_json,
    )  # fmt: skip


@metric.command
def show(name: str, *, as_json: JsonFlag = False) -> int:
    """One metric: its values, what change is detectable, its targets.

    Parameters
    ----------
    name
        The metric, by name.
    as_json
        Print JSON.
    """
    open_logbook()
    page = metric_page(OWNER, the_metric(name).slug)
    assert page is not None
    if as_json:
        out.data(plain_page(page))
    else:
        show_metric(page)
    return 0


@metric.command(name="on")
def switch(key: str, *, as_json: JsonFlag = False) -> int:
    """Switch on a metric of the catalogue.

    Parameters
    ----------
    key
        Its key in the catalogue.
    as_json
        Print JSON.
    """
    open_logbook()
    made = switch_on(OWNER, key)
    if as_json:
        out.data({"metric": made.slug, "name": made.name})
    else:
        out.say(f"{made.name} is on.")
    return 0


@metric.command
def off(name: str, *, as_json: JsonFlag = False) -> int:
    """Switch a metric off; what was measured stays.

    Parameters
    ----------
    name
        The metric, by name.
    as_json
        Print JSON.
    """
    open_logbook()
    known = the_metric(name)
    set_details(OWNER, known, closed=True)
    return _told(known, f"{known.name} is off; what was measured stays", as_json=as_json)


@metric.command
def define(name: str, *, means: str, since: str = "", as_json: JsonFlag = False) -> int:
    """Define a metric anew, from a day on.

    Parameters
    ----------
    name
        The metric, by name.
    means
        What it means, in a sentence.
    since
        From which day on; today if you do not say.
    as_json
        Print JSON.
    """
    open_logbook()
    known = the_metric(name)
    version = redefine(OWNER, known, means, since=day_if_any(since))
    said = f"{known.name}: version {version.number} from {version.since} on"
    return _told(known, said, as_json=as_json)


@metric.command
def care(name: str, *, as_json: JsonFlag = False) -> int:
    """Mark a metric as an outcome you care about, or take the mark back.

    Parameters
    ----------
    name
        The metric, by name.
    as_json
        Print JSON.
    """
    open_logbook()
    known = the_metric(name)
    set_details(OWNER, known, cares=not known.cares)
    state = "an outcome you care about" if known.cares else "like the others"
    return _told(known, f"{known.name} is {state}", as_json=as_json)


@metric.command(name="catalogue")
def catalogued(
    *, delicate: Annotated[bool, Parameter(negative="")] = False, as_json: JsonFlag = False
) -> int:
    """Metrics that others have defined, each with its source and its traps.

    Parameters
    ----------
    delicate
        Also what is composite or about single people.
    as_json
        Print JSON.
    """
    open_logbook()
    return show_catalogue(delicate=delicate, as_json=as_json)


@metric.command(name="choose")
def chosen(*, change: float = 30, weeks: int = 13, as_json: JsonFlag = False) -> int:
    """Rank your metrics by whether they could show such a change in time.

    Parameters
    ----------
    change
        How large a change should be seen, in percent.
    weeks
        Within how many weeks.
    as_json
        Print JSON.
    """
    open_logbook()
    return show_choices(change, weeks, as_json=as_json)


def _told(known: Metric, said: str, *, as_json: bool) -> int:
    if as_json:
        out.data({"metric": known.slug, "says": said})
    else:
        out.say(f"{said}.")
    return 0


def the_metric(name: str) -> Metric:

    found = find_metric(OWNER, name)
    if found is None:
        raise CannotError(f"There is no metric called {name}; almanac metric lists them.")
    return found


def _add(
    name: str,
    value: str,
    day: date | None,
    label: str,
    unit: str,
    kind: str,
    means: str,
    file: Path | None,
    columns: tuple[str, str],
    *,
    as_json: bool,
) -> int:

    if bool(value) == bool(file):
        raise CannotError("Say a value, or a table with --from FILE.")
    if value:
        value_of(value)  # before a metric is begun for it
    known = find_metric(OWNER, name)
    if known is None:
        details: dict[str, Any] = {"unit": unit} if unit else {}
        if kind:
            details["measure"] = kind
        known = begin_metric(OWNER, name, definition=means, **details)
        if not as_json:
            out.say(f"Began the metric {known.name}.")
    if file is not None:
        return _from_file(known, file, columns, label, as_json=as_json)
    made = measure(OWNER, known, read_value(known, value), day, label=label)
    if as_json:
        out.data({"metric": known.slug, "day": made.day, "value": made.value, "label": label})
    else:
        out.say(f"{known.name}: {made.value:,g} on {made.day:%-d %B %Y}")
    return 0


def _from_file(
    known: Metric, file: Path, columns: tuple[str, str], label: str, *, as_json: bool
) -> int:

    document = next(documents_at(file), None)
    if not isinstance(document, Document):
        raise CannotError(str(document) if document else f"{file} is empty.")
    text, remark = text_of(document)
    table = table_from_text(document.name, text, remark)
    if table is None:
        raise CannotError(f"{file} is not a table.")
    day, value = columns
    found = measurements_table.mapped(
        table, preferences.zone(), metric=known.name, day=day, value=value, label=label
    )
    done = carry_out(OWNER, plan(OWNER, document.name, found))
    if as_json:
        out.data({"created": done.created, "unchanged": done.unchanged, "rejected": done.rejected})
    else:
        number = done.created.get("measurements", 0)
        out.say(f"{known.name}: {number:,} values from {file.name}")
        if done.rejected_file:
            out.say(f"  Rows that could not be read, each with its reason: {done.rejected_file}")
    return 0
