"""The fields of activities and programs: named once, in the model, and reached by every face."""

import inspect

import pytest

from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.programs import begin_program, change_program
from almanac.faces.cli import programs as commands
from almanac.faces.web.forms import ActivityForm, ProgramForm
from almanac.record.models import Activity, Program
from almanac.record.rules import OWNER

FORM_NAMES = {"ends_at": "ends", "announced_at": "announced"}
"""Times that the form asks as a clock time and as a day."""
VALUES = {
    "kind": "talk", "title": "Other", "status": "planned", "format": "online", "place": "Porto",
    "price": "5", "hours_planned": "2", "hours_spent": "3", "cost": "9", "currency": "EUR",
    "visibility": "public", "notes": "Bring the adapter", "due": "2026-05-02", "holder": "Ana",
    "ends_at": None, "announced_at": None,
}  # fmt: skip


def test_the_form_asks_for_every_editable_field_of_an_activity(logbook):
    asked = {FORM_NAMES.get(name, name) for name in Activity.editable()}

    assert asked <= set(ActivityForm().fields)
    form = ActivityForm()
    shown = [field.name for row in (*form.rows(), *form.folded_rows()) for field in row]
    assert sorted(shown) == sorted(form.fields)


def test_every_field_has_a_value_to_be_tried_with():
    assert set(VALUES) == set(Activity.editable())


def test_what_the_new_activity_page_asks_is_kept(browser_client):
    """Due and owner were asked for and thrown away."""
    sent = {name: value for name, value in VALUES.items() if value is not None}
    answer = browser_client.post("/new/activity/", sent | {"day": "2026-05-01"})
    made = Activity.objects.get()

    assert answer.status_code == 302
    assert {name: str(getattr(made, name)).removesuffix(".00") for name in sent} == sent


@pytest.mark.parametrize("name", [name for name in VALUES if VALUES[name] is not None])
def test_every_field_can_be_changed_by_the_verb(name, logbook):
    (made,) = write_down(OWNER, [NewActivity(title="One")])

    change_activity(OWNER, made, **{name: VALUES[name]})

    assert str(getattr(made, name)) == VALUES[name]


def test_programs_are_reached_whole_by_form_verb_and_command(logbook):
    fields = set(Program.editable())

    assert set(ProgramForm().fields) == fields - {"closed"}
    options = set(inspect.signature(commands.edit).parameters)
    assert fields - {"closed", "name"} | {"rename"} <= options
    assert fields - {"closed"} <= set(inspect.signature(commands.add).parameters)
    made = begin_program(OWNER, "Meetups", purpose="Meet", goal="Adoption", owner="Ana")
    change_program(OWNER, made, goal="Retention", public=True)
    assert (made.purpose, made.goal, made.owner, made.public) == ("Meet", "Retention", "Ana", True)
