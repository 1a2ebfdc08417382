"""Undo."""

import pytest

from almanac.actions import preferences, quotes
from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.keeping import exporting
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.actions.programs import begin_program, change_program
from almanac.record.models import Activity, Change, Preference, Program, Quote
from almanac.record.queries import preferences as stored
from almanac.record.rules import OWNER


def test_undo_leaves_a_program_that_others_have_come_to_use(logbook):
    (made,) = write_down(OWNER, [NewActivity("T1", program="X")])
    line = Change.objects.first()
    quotes.hear(OWNER, "Thank you", program="X")
    change_program(OWNER, made.program, purpose="Mine")

    undo(OWNER, line)

    assert Program.objects.get(name="X").purpose == "Mine"
    assert Quote.objects.get().program is not None


def test_a_program_in_use_cannot_be_unbegun(logbook):
    begin_program(OWNER, "Y")
    line = Change.objects.first()
    write_down(OWNER, [NewActivity("T", program="Y")])

    with pytest.raises(CannotError, match="in use"):
        undo(OWNER, line)

    assert Change.objects.get(pk=line.pk).undone_at is None


def test_undo_on_a_page_undoes_only_what_that_page_did(browser_client, plan_event):
    event = plan_event("Important")
    nothing = browser_client.post(
        f"/activities/{event.pk}/status/", {"status": "planned"}, follow=True
    )
    unknown = browser_client.post("/undo/", {"change": "999999"}, follow=True)

    assert b"Nothing was changed" in nothing.content
    assert b'name="change"' not in nothing.content
    assert b"nothing was undone" in unknown.content
    assert Activity.objects.filter(pk=event.pk).exists()


def test_undoing_the_last_thing_ends(logbook):
    write_down(OWNER, [NewActivity("A")])
    undo(OWNER)
    lines = Change.objects.filter(undo__isnull=False, undone_at=None).count()
    for _ in range(lines):
        undo(OWNER)

    with pytest.raises(CannotError, match="nothing to undo"):
        undo(OWNER)


def test_undo_does_not_reach_behind_what_stays_for_good(logbook, tmp_path):
    """Who has read in an export, or erased a person, must not lose a setting from before."""
    preferences.prefer(OWNER, lapse_days=9)
    exporting.export(OWNER, tmp_path / "out")
    Change.objects.all().delete()
    Preference.objects.all().delete()
    assert sum(exporting.read_in(OWNER, tmp_path / "out")["created"].values()) > 0

    with pytest.raises(CannotError, match=r"Read in an export .* came last, and cannot be undone"):
        undo(OWNER)
    preferences.prefer(OWNER, lapse_days=10)
    undo(OWNER)
    assert stored.value("lapse_days") == 9
    with pytest.raises(CannotError, match="came last"):
        undo(OWNER)
    erase(OWNER, "Nobody Known")
    with pytest.raises(CannotError, match="Erased a person"):
        undo(OWNER)
