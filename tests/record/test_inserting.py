"""Many rows at once are the rows that one at a time would make."""

from datetime import date

from django.forms.models import model_to_dict
from tests.conftest import NOW

from almanac.record.infra.inserting import MOST_ROWS, insert
from almanac.record.models import Activity, Program, Turnout


def plain(row):
    values = model_to_dict(row)
    values.pop("id", None)
    return values


def test_rows_stand_as_if_each_had_been_saved(logbook):
    program = Program.objects.create(name="Meetups", slug="meetups", created_at=NOW, updated_at=NOW)
    told = [
        {"title": f"Tea {number}", "day": date(2026, 3, 1) if number % 2 else None, "created_at": NOW,
         "updated_at": NOW, "hours_spent": number or None, "program": program}
        for number in range(MOST_ROWS + 3)
    ]  # fmt: skip
    saved = [Activity.objects.create(**values) for values in told]
    rows = [Activity(**values) for values in told]
    insert(rows)
    insert([Turnout(activity=row, signups=1, attended=0, origins={"a": "b"}) for row in rows[:3]])

    found = [Activity.objects.get(pk=row.pk) for row in rows]
    assert [plain(row) for row in found] == [
        plain(Activity.objects.get(pk=row.pk)) for row in saved
    ]
    assert len({row.pk for row in rows}) == len(rows)
    one = Turnout.objects.get(activity=rows[0])
    assert (one.signups, one.attended, one.interested, one.origins) == (1, 0, None, {"a": "b"})
