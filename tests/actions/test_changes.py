"""Activities as they are written down and changed: every field, moves, steps, tags and links."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.conftest import NOW

from almanac.actions import activities
from almanac.actions.activities import NewActivity, change_activity, set_status, write_down
from almanac.actions.capture import MOST_LINES, capture, understand
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.actions.playbooks.playbooks import write_playbook
from almanac.actions.programs import begin_program
from almanac.actions.turnout import say_counts
from almanac.record.infra import clock
from almanac.record.models import Activity, Change, EnergyTap, Move, PrivateChange, Run, Tag
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
LATER = NOW + timedelta(days=1)


def said():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first().summary


def test_everything_said_of_a_new_activity_is_kept(logbook):
    starts = datetime(2026, 4, 1, 16, tzinfo=UTC)
    (made,) = write_down(
        OWNER,
        [NewActivity("  A   talk ", kind="talk", status="planned", program="Talks", starts_at=starts,
                     ends_at=starts + timedelta(hours=1), announced_at=NOW, hours=2.504,
                     cost=9.999, currency="EUR", counts={"hoped": 9}, tags=("t" * 61,),
                     links=("https://a.example",), fields={"place": "Hall"})],
        origin="a list",
    )  # fmt: skip
    made.refresh_from_db()
    assert said() == "Logged “A talk”"
    assert (made.title, made.kind, made.status, made.place) == ("A talk", "talk", "planned", "Hall")
    assert (made.starts_at, made.day, made.zone) == (starts, date(2026, 4, 1), "Europe/Berlin")
    assert (made.ends_at, made.announced_at) == (starts + timedelta(hours=1), NOW)
    assert (made.hours_planned, made.hours_spent) == (Decimal("2.5"), None)
    assert (made.cost, made.currency) == (Decimal(10), "EUR")
    assert (made.created_at, made.updated_at) == (NOW, NOW)
    assert (made.turnout.hoped, made.turnout.origins) == (9, {"hoped": "a list"})
    assert (made.turnout.outcome_at, made.turnout.attended_evidence) == (None, "")
    assert [(move.came_from, move.went_to, move.at) for move in made.moves.all()] == [
        ("", "planned", NOW)
    ]
    assert [tag.name for tag in made.tags.all()] == ["t" * 60]
    undo(OWNER)
    assert not Activity.objects.exists()
    assert not Move.objects.exists()


def test_what_is_done_has_hours_spent_and_no_move(logbook):
    made, other = write_down(
        OWNER,
        [NewActivity("t" * 301, hours=3, day=TODAY, counts={"attended": 4}, evidence="counted"),
         NewActivity("Other")],
    )  # fmt: skip
    assert said() == f"Logged “{'t' * 300}” and 1 more"
    assert (made.title, made.hours_spent, made.hours_planned) == ("t" * 300, 3, None)
    assert made.turnout.outcome_at == NOW
    assert not Move.objects.exists()
    assert not hasattr(other, "turnout")
    for nothing in ([], [NewActivity(" ")]):
        with pytest.raises(CannotError):
            write_down(OWNER, nothing)
    assert Activity.objects.count() == 2


def test_values_by_name_go_to_their_places():
    new = NewActivity.of({"hours": 3, "place": "Hall", "currency": "EUR"}, title="A", kind="talk")
    assert (new.title, new.kind, new.hours, new.currency) == ("A", "talk", 3, "EUR")
    assert new.fields == {"place": "Hall"}


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://" + "a" * 992, True), ("https://" + "a" * 993, False), ("HTTP://a.example", True),
        ("ftp://a.example", False),
    ],
)  # fmt: skip
def test_links_a_page_may_show(url, fits):
    if fits:
        assert activities.safe_url(url) == url
    else:
        with pytest.raises(CannotError, match="not a web address"):
            activities.safe_url(url)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("devpost.com/x", "https://devpost.com/x"), (" http://a.example ", "http://a.example"),
        ("  ", ""), ("", ""),
    ],
)  # fmt: skip
def test_web_addresses_as_people_write_them(text, address):
    assert activities.web_address(text) == address


def test_a_web_address_does_not_make_a_safe_link_of_another():
    for text in ("javascript:alert(1)", "ftp://a.example", "two words"):
        with pytest.raises(CannotError, match="not a web address"):
            activities.web_address(text)


def test_a_change_says_what_it_changed_and_is_undone(plan_event):
    event = plan_event("Meetup")
    with clock.at(LATER):
        change_activity(
            OWNER, event, title="Evening", place="Hall", hours_planned=Decimal(3),
            program="Other", start=(None, date(2026, 4, 2), "Asia/Tokyo"), tags=["#API", " "],
            links=["https://a.example "],
        )  # fmt: skip
        assert (
            said()
            == "Changed title, place, planned hours, time, day, program, tags and links of “Evening”"
        )
        event.refresh_from_db()
        assert (event.title, event.place, event.hours_planned) == ("Evening", "Hall", 3)
        assert (event.program.name, event.starts_at, event.day) == ("Other", None, date(2026, 4, 2))
        assert (event.zone, event.updated_at) == ("Asia/Tokyo", LATER)
        assert [tag.name for tag in event.tags.all()] == ["api"]
        assert [link.url for link in event.links.all()] == ["https://a.example"]
        undo(OWNER)
    event.refresh_from_db()
    assert (event.title, event.place, event.hours_planned) == ("Meetup", "", None)
    assert (event.program.name, event.day) == ("Meetups", date(2026, 3, 25))
    assert event.starts_at == NOW + timedelta(days=7)
    assert event.zone == "Europe/Berlin"
    assert not event.tags.exists()
    assert not event.links.exists()
    assert not Tag.objects.exists()


def test_a_long_tag_is_cut(plan_event):
    event = plan_event(tags=("old",))
    change_activity(OWNER, event, tags=["t" * 61, "T" * 60])
    assert [tag.name for tag in event.tags.all()] == ["t" * 60]


def test_changes_that_cannot_be(plan_event):
    event = plan_event("Meetup")
    with pytest.raises(CannotError, match="has no size"):
        change_activity(OWNER, event, size=3)
    with pytest.raises(CannotError, match="needs a title"):
        change_activity(OWNER, event, title=" ")
    lines = Change.objects.count()
    start = (event.starts_at, event.day, event.zone)
    change_activity(OWNER, event, title="Meetup", program="Meetups", start=start, tags=[], links=[])
    assert Change.objects.count() == lines


def test_a_changed_status_is_a_move(plan_event):
    event = plan_event("Meetup", status="idea")
    change_activity(OWNER, event, status="doing")
    assert [(move.came_from, move.went_to) for move in event.moves.all()] == [
        ("", "idea"), ("idea", "doing"),
    ]  # fmt: skip
    change_activity(OWNER, event, place="Hall")
    assert event.moves.count() == 2


def test_steps_that_are_open_move_along_with_their_event(logbook, plan_event):
    write_playbook(OWNER, begin_program(OWNER, "Meetups"), "- T-2 days: one\n- T-1 day: two\n")
    event = plan_event("Meetup", days=10)
    one, two = event.parts.order_by("day")
    two.done = True
    two.save()
    own = event.parts.create(title="own", day=TODAY)
    before = (one.day, two.day)
    change_activity(OWNER, event, start=(None, event.day + timedelta(days=3), event.zone))
    for part in (one, two, own):
        part.refresh_from_db()
    assert (one.day, two.day, own.day) == (before[0] + timedelta(days=3), before[1], TODAY)
    undo(OWNER)
    one.refresh_from_db()
    assert one.day == before[0]
    change_activity(OWNER, event, start=(None, None, event.zone))
    one.refresh_from_db()
    assert one.day == before[0]


@pytest.mark.parametrize("change", ["day", "program", "kind"])
def test_what_gets_its_day_its_program_or_its_kind_is_laid_out(logbook, change):
    write_playbook(OWNER, begin_program(OWNER, "Meetups"), "- T: run it\n")
    program = "Other" if change == "program" else "Meetups"
    kind = "task" if change == "kind" else "event"
    day = None if change == "day" else date(2026, 4, 1)
    (made,) = write_down(
        OWNER, [NewActivity("A", kind=kind, status="planned", program=program, day=day)]
    )
    assert not Run.objects.exists()
    change_activity(OWNER, made, place="Hall")
    assert not Run.objects.exists()
    if change == "day":
        change_activity(OWNER, made, start=(None, date(2026, 4, 1), "Europe/Berlin"))
    else:
        change_activity(OWNER, made, **{change: {"program": "Meetups", "kind": "event"}[change]})
    assert Run.objects.get().activity == made


def test_a_status_is_set_with_its_day_and_undone(logbook):
    (made,) = write_down(OWNER, [NewActivity("A", status="doing")])
    with clock.at(datetime(2026, 3, 18, 23, 30, tzinfo=UTC)):
        set_status(OWNER, made, "done")
        assert said() == "Moved “A” from in progress to done"
        made.refresh_from_db()
        # It is the next day in Berlin already.
        assert (made.status, made.day) == ("done", date(2026, 3, 19))
        assert made.updated_at == clock.now()
        lines = Change.objects.count()
        set_status(OWNER, made, "done")
        assert Change.objects.count() == lines
        undo(OWNER)
    made.refresh_from_db()
    assert (made.status, made.day, made.updated_at) == ("doing", None, NOW)
    assert Move.objects.count() == 1


def test_an_event_is_not_done_before_it_starts(plan_event):
    event = plan_event(days=3)
    before = Change.objects.count()
    with pytest.raises(CannotError, match=r"“Meetup” starts on 21 Mar 2026, 13:00"):
        set_status(OWNER, event, "done")
    with pytest.raises(CannotError, match="can’t be done yet"):
        change_activity(OWNER, event, status="done")
    assert Change.objects.count() == before
    with clock.at(event.starts_at):
        assert set_status(OWNER, Activity.objects.get(), "done").day == date(2026, 3, 21)


def test_a_task_that_is_done_early_gets_the_day_it_is(logbook):
    (task,) = write_down(
        OWNER, [NewActivity("Slides", kind="task", status="planned", day=date(2026, 4, 1))]
    )
    set_status(OWNER, task, "done")
    assert Activity.objects.get().day == date(2026, 3, 18)
    undo(OWNER)
    assert (Activity.objects.get().status, Activity.objects.get().day) == (
        "planned",
        date(2026, 4, 1),
    )


def test_what_is_planned_gets_no_day_of_its_own(logbook):
    (idea,) = write_down(OWNER, [NewActivity("A", status="idea")])
    set_status(OWNER, idea, "planned")
    assert Activity.objects.get(pk=idea.pk).day is None


def test_what_begins_just_now_is_brought_back_as_planned(plan_event):
    event = plan_event(days=1, status="dropped")
    with clock.at(event.starts_at):
        assert activities.bring_back(OWNER, event).status == "planned"
        set_status(OWNER, event, "dropped")
    with clock.at(event.starts_at + timedelta(seconds=1)):
        assert activities.bring_back(OWNER, event).status == "done"


def test_energy_is_noted_changed_and_taken_back(plan_event):
    event = plan_event()
    activities.tap_energy(OWNER, event, gave=None)
    assert not PrivateChange.objects.exists()
    for gave in (True, True, False):
        activities.tap_energy(OWNER, event, gave=gave)
    tap = EnergyTap.objects.get()
    assert (tap.gave, tap.noted_at, tap.activity_id) == (False, NOW, event.pk)
    lines = list(PrivateChange.objects.all())
    assert {(line.summary, line.undo) for line in lines} == {
        (f"Marked the energy of activity {event.pk}", None)
    }
    assert len(lines) == 2
    activities.tap_energy(OWNER, event, gave=None)
    assert not EnergyTap.objects.exists()


def test_five_hundred_lines_are_understood_at_once(logbook):
    assert MOST_LINES == 500
    read, unread = understand(OWNER, "- Wrote a page\n\n" * 500)
    assert (len(read), unread, read[0].title) == (500, [], "Wrote a page")
    with pytest.raises(CannotError, match="at most 500 lines at once; this has 501"):
        understand(OWNER, "Wrote a page\n" * 501)
    with pytest.raises(CannotError, match="Nothing to log"):
        understand(OWNER, " \n\n")
    assert not Activity.objects.exists()


def test_what_was_understood_is_written_down_whole(logbook):
    read, _ = understand(
        OWNER, "Gave a talk at PyTexas, 80 people, 6h, 20 EUR #api https://a.example"
    )
    (made,) = capture(OWNER, read, "Talks")
    assert (made.kind, made.program.name, made.hours_spent) == ("talk", "Talks", 6)
    assert (made.turnout.attended, made.turnout.attended_evidence) == (80, "counted")
    assert (made.cost, made.currency, made.zone) == (20, "EUR", "Europe/Berlin")
    assert [tag.name for tag in made.tags.all()] == ["api"]
    (plain,) = capture(OWNER, understand(OWNER, "Wrote a page")[0])
    assert (plain.currency, plain.cost, plain.program.name) == ("", None, "unsorted")


def test_people_ahead_are_a_hope_not_a_count(logbook):
    read_, _ = understand(OWNER, "Conference talk next friday, 80 people")
    (event,) = capture(OWNER, read_)

    assert (event.turnout.hoped, event.turnout.attended, event.turnout.attended_evidence) == (
        80,
        None,
        "",
    )
    with pytest.raises(CannotError, match="has not started"):
        say_counts(OWNER, event, {"attended": 3}, evidence="counted")
