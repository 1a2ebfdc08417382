"""What a practitioner may share of who shows up: finished events without titles, names or dates."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from almanac.core.reference import level_class
from almanac.record import rules
from almanac.record.models import Evidence, OpenTable
from almanac.record.queries import turnout as queries
from almanac.sources import open_table

if TYPE_CHECKING:
    from almanac.record.rules import Actor

HEADER = open_table.COLUMNS
BANDS = ((0, "free"), (20, "to 20"), (100, "to 100"))


@dataclass(frozen=True, slots=True)
class Row:
    """One event: the month it was in, the class it belongs to, and its counts; None is missing."""

    month: str
    event_class: str
    format: str
    price: str
    signups: int
    attended: int | None
    evidence: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of HEADER."""
        month, event_class, form, price, signups, attended, evidence = astuple(self)
        shown = "" if attended is None else str(attended)
        return (event_class, form, price, month, str(signups), shown, evidence)


def open_tables(actor: Actor) -> list[OpenTable]:
    """The tables of other communities that forecasts rest on too."""
    rules.require(rules.may_read_record, actor)
    return list(OpenTable.objects.all())


def contribution(actor: Actor) -> tuple[Row, ...]:
    """Every finished event with sign-ups, by month; within one, by size and not by day."""
    rules.require(rules.may_read_record, actor)
    found = queries.past_events().filter(turnout__signups__isnull=False)
    columns = ("kind", "format", "price", "day", "turnout__signups", "turnout__attended")
    rows = found.values_list(*columns, "turnout__attended_evidence")
    return tuple(sorted((_row(*row) for row in rows), key=_by_month))


def _by_month(row: Row) -> tuple[Any, ...]:
    missing = row.attended is None
    return (row.month, row.event_class, row.signups, missing, row.attended or 0, row.cells)


def _row(
    kind: str, form: str, price: Any, day: Any, signups: int, attended: int | None, evidence: str
) -> Row:
    counted = evidence == Evidence.COUNTED
    return Row(
        month=f"{day:%Y-%m}",
        event_class=level_class(kind, form).key or kind,
        format=form,
        price=_band(price),
        signups=signups,
        attended=attended if counted else None,
        evidence=evidence,
    )


def _band(price: Any) -> str:
    if price is None:
        return ""
    return next((name for most, name in BANDS if price <= most), "over 100")
