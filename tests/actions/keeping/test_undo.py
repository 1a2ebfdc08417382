"""Undo."""

from datetime import timedelta

import pytest
from tests.conftest import NOW

from almanac.actions import preferences
from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.community import quotes
from almanac.actions.community.feedback import forget_feedback, note_feedback
from almanac.actions.errors import CannotError
from almanac.actions.hackathons.hackathons import read_answers
from almanac.actions.keeping import exporting
from almanac.actions.keeping import undo as room
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.actions.metrics import begin_metric, measure, note
from almanac.actions.programs import begin_program, change_program
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Change,
    Measurement,
    Metric,
    Preference,
    Program,
    Quote,
    Tag,
)
from almanac.record.queries import preferences as stored
from almanac.record.rules import OWNER
from almanac.sources.base.documents import Document


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

    with pytest.raises(CannotError, match=r"latest change can’t be undone: Imported an export of"):
        undo(OWNER)
    preferences.prefer(OWNER, lapse_days=10)
    undo(OWNER)
    assert stored.value("lapse_days") == 9
    with pytest.raises(CannotError, match="latest change can’t be undone"):
        undo(OWNER)
    erase(OWNER, "Nobody Known")
    with pytest.raises(CannotError, match="Erased a person"):
        undo(OWNER)


def test_nothing_from_before_what_cannot_be_undone_is_taken_back_unasked(plan_event):
    event = plan_event("Hack", kind="hackathon")
    feedback = note_feedback(OWNER, "a dark theme")
    forget_feedback(OWNER, feedback)
    with pytest.raises(CannotError, match="latest change can’t be undone"):
        undo(OWNER)
    change_activity(OWNER, event, title="Hackathon")
    with clock.at(NOW + timedelta(minutes=1)):
        read_answers(OWNER, event, Document("a.csv", b"Email,Why are you here?\na@b.c,learn\n"))
        with pytest.raises(CannotError, match="latest change can’t be undone"):
            undo(OWNER)
    with clock.at(NOW + timedelta(minutes=2)):
        change_activity(OWNER, event, title="Spring hackathon")
        undo(OWNER)
    event.refresh_from_db()
    assert event.title == "Hackathon"


def test_an_undo_leaves_a_line_of_its_own_that_stays(logbook):
    write_down(OWNER, [NewActivity("A")])
    undone = undo(OWNER)
    line = Change.objects.order_by("-pk").first()
    assert (line.verb, line.summary, line.undo) == ("undo", "Undid: Logged “A”", None)
    undone.refresh_from_db()
    assert undone.undone_at == NOW
    with pytest.raises(CannotError, match="can’t be undone: Logged “A”"):
        undo(OWNER, undone)
    with pytest.raises(CannotError, match="can’t be undone"):
        undo(OWNER, line)


def test_what_was_changed_again_is_undone_in_turn(plan_event):
    event = plan_event("A")
    change_activity(OWNER, event, title="B")
    first = Change.objects.order_by("-pk").first()
    change_activity(OWNER, event, title="C")
    with pytest.raises(CannotError, match=r"Undo a later change first.*: Changed title of “C”"):
        undo(OWNER, first)
    undo(OWNER)
    undo(OWNER, first)
    event.refresh_from_db()
    assert event.title == "A"


def test_what_something_later_hangs_on_is_undone_after_it(logbook):
    metric = begin_metric(OWNER, "Downloads")
    begun = Change.objects.order_by("-pk").first()
    other = begin_metric(OWNER, "Stars")
    measure(OWNER, metric, 3)
    with pytest.raises(CannotError, match=r"Undo a later change first.*: “Downloads” was 3 on"):
        undo(OWNER, begun)
    undo(OWNER)
    undo(OWNER, begun)
    assert list(Metric.objects.all()) == [other]


def test_what_was_made_in_many_rows_goes_in_lots(logbook, monkeypatch):
    monkeypatch.setattr(room, "BATCH", 2)
    write_down(OWNER, [NewActivity(f"A{number}") for number in range(5)])
    undo(OWNER)
    assert not Activity.objects.exists()
    first = begin_metric(OWNER, "First")
    begun = Change.objects.order_by("-pk").first()
    other = begin_metric(OWNER, "Other")
    with verb(OWNER, "test") as line:
        days = [(NOW.date() - timedelta(days=number), 1.0) for number in range(4)]
        note(line, other, days, "", "file")
        note(line, first, days[:1], "", "file")
        line.summary = "Noted five"
    with pytest.raises(CannotError, match=r"Undo a later change first.*: Noted five"):
        undo(OWNER, begun)
    undo(OWNER)
    assert not Measurement.objects.exists()


def test_a_row_that_is_gone_cannot_be_put_back(plan_event):
    event = plan_event("A")
    change_activity(OWNER, event, title="B")
    Activity.objects.all().delete()
    with pytest.raises(CannotError, match="has been deleted since"):
        undo(OWNER)
    assert Change.objects.filter(undone_at__isnull=False).count() == 0


def test_tags_and_links_are_put_back_and_tags_in_use_stay(plan_event):
    event = plan_event("A", tags=("api",), links=("https://a.example", "https://b.example"))
    other = plan_event("B")
    change_activity(OWNER, event, tags=["docs"], links=["https://c.example"], title="A2")
    changed = Change.objects.order_by("-pk").first()
    change_activity(OWNER, other, tags=["docs"])

    undo(OWNER, changed)

    assert [tag.name for tag in event.tags.all()] == ["api"]
    assert [link.url for link in event.links.all()] == ["https://a.example", "https://b.example"]
    event.refresh_from_db()
    assert event.title == "A"
    assert Tag.objects.filter(name="docs").exists()
    undo(OWNER)
    assert not other.tags.exists()


def test_a_tag_nobody_else_uses_goes_with_what_it_was_made_for(logbook):
    write_down(OWNER, [NewActivity("A", tags=("api",), program="New")])
    undo(OWNER)
    assert not Tag.objects.exists()
    assert not Program.objects.exists()


def test_values_come_back_as_what_they_were(plan_event):
    event = plan_event("A", hours=2.5, days=3)
    before = (event.starts_at, event.day, event.hours_planned)
    change_activity(OWNER, event, start=(None, NOW.date(), "Europe/Berlin"), hours_planned=None)
    undo(OWNER)
    event.refresh_from_db()
    assert (event.starts_at, event.day, event.hours_planned) == before


def test_a_program_that_was_changed_since_it_began_stays(logbook):
    made = begin_program(OWNER, "X")
    begun = Change.objects.order_by("-pk").first()
    with clock.at(NOW + timedelta(days=1)):
        change_program(OWNER, made, purpose="Mine")
    with pytest.raises(CannotError, match="in use by now"):
        undo(OWNER, begun)
    assert Program.objects.exists()
