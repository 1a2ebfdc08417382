"""Tables of who shows up: written without what tells anyone, read as reference classes, let go."""

import csv
import io

import pytest

from almanac.actions.errors import CannotError
from almanac.actions.imports import carry_out, forget_table
from almanac.actions.undo import undo
from almanac.answers import history
from almanac.answers.contribution import HEADER, contribution, open_tables
from almanac.answers.imports import plan, read
from almanac.answers.turnout import compute
from almanac.core.turnout import Stage
from almanac.record import clock
from almanac.record.models import OpenTable
from almanac.record.rules import OWNER
from almanac.sources.reading import Document


def table(rows):
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return Document("others.csv", held.getvalue().encode())


MANY = [
    ("community-in-person", "in_person", "free", f"20{20 + n // 12}-{1 + n % 12:02}", 150 + n, 60, "counted")
    for n in range(60)
]  # fmt: skip


def bring_in(document):
    return carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))


def test_what_one_contributes_another_can_read(held):
    held((60, 30, 20), (30, 34, None))
    document = table(row.cells for row in contribution(OWNER))

    result = bring_in(document)

    assert result.created["shared"] == 2
    assert [row["signups"] for row in OpenTable.objects.get().rows] == [30, 34]


def test_a_table_moves_forecasts_and_letting_go_moves_them_back(plan_event):
    event = plan_event(days=7)
    before = compute(OWNER, event)[Stage.SIGNUPS].counts

    bring_in(table(MANY))
    with_table = compute(OWNER, event)[Stage.SIGNUPS]
    forget_table(OWNER, open_tables(OWNER)[0].pk)
    after = compute(OWNER, event)[Stage.SIGNUPS].counts

    assert with_table.counts.quantile(0.5) > 1.5 * before.quantile(0.5)
    assert with_table.because.shared == 60
    assert after.mass == pytest.approx(before.mass)


def test_the_same_table_twice_is_kept_once_and_undo_takes_it_back(logbook):
    bring_in(table(MANY))
    again = bring_in(table(MANY))

    assert again.unchanged == {"shared": 60}
    assert len(history.shared_communities()) == 1
    undo(OWNER)
    assert open_tables(OWNER) == []


def test_rows_that_make_no_sense_are_turned_away_with_a_reason(logbook):
    rows = [
        ("community-online", "online", "free", "2024-13", 10, "", "not_measured"),
        ("community-online", "online", "free", "2024-12", "", "", "not_measured"),
        ("quilting", "online", "free", "2024-12", 9, "", "not_measured"),
        ("community-online", "online", "cheap", "2024-12", 9, "", "not_measured"),
        ("community-online", "online", "free", "2024-12", 9, 4, "not_measured"),
        ("community-online", "online", "free", "2024-12", 9, 4, "counted"),
    ]
    found = read(OWNER, table(rows))

    assert len(found.shared) == 1
    assert [row.row for row in found.rejected] == [2, 3, 4, 5, 6]
    assert "month is “2024-13”" in found.rejected[0].reason
    assert plan(OWNER, "others.csv", found).rejected_kind == "shared"


def test_a_table_that_is_not_there_cannot_be_let_go(logbook):
    with pytest.raises(CannotError, match="no such table"), clock.at(clock.now()):
        forget_table(OWNER, 99)
