from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from almanac.actions import activities, capture, preferences, programs
from almanac.actions.community import quotes
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Change,
    EnergyTap,
    Link,
    PrivateChange,
    Program,
    Quote,
    Tag,
    Turnout,
)
from almanac.record.rules import OWNER


def write(text, program=""):
    read, unread = capture.understand(OWNER, text)
    assert unread == []
    return capture.capture(OWNER, read, program)


def everything():
    """The record without its log, to compare before and after an undo."""
    models = (Activity, Program, Turnout, Quote, Link)
    return {model: sorted(model.objects.values_list(), key=str) for model in models} | {
        "tags": sorted(Activity.objects.values_list("pk", "tags__name"), key=str)
    }


def test_a_line_becomes_an_activity_with_its_counts(logbook):
    (made,) = write(
        "Gave the API talk at PyTexas, 80 people, 6h, $120 #api https://a.example", "talks"
    )

    assert ("talk", "done", Decimal(6), Decimal(120), "USD", "private") == (
        made.kind, made.status, made.hours_spent, made.cost, made.currency, made.visibility,
    )  # fmt: skip
    assert (
        made.turnout.attended, made.turnout.attended_evidence, made.turnout.origins,
    ) == (80, "counted", {"attended": "you said"})  # fmt: skip
    assert [tag.name for tag in made.tags.all()] == ["api"]
    assert made.program.name == "talks"


def test_signups_alone_declare_nothing_about_attendance(logbook):
    (made,) = write("Meetup next Tuesday 18:00, 61 signed up")

    assert (
        made.turnout.signups, made.turnout.attended, made.turnout.attended_evidence,
    ) == (61, None, "")  # fmt: skip


def test_twenty_lines_are_twenty_activities_and_one_undo(logbook):
    before = everything()
    made = write("\n".join(f"- Answered question {n}, 1h #forum" for n in range(20)), "Forum")
    assert len(made) == 20

    undo(OWNER)

    assert before == everything()
    assert Tag.objects.count() == 0


def test_lines_that_cannot_be_read_are_named(logbook):
    read, unread = capture.understand(OWNER, "Fine\nyesterday")

    assert (len(read), unread[0].number) == (1, 2)
    assert "is a day; say what happened" in unread[0].reason


def test_a_planned_activity_has_planned_hours(logbook):
    (made,) = write("plan: write the year in review tomorrow, 8h")

    assert (Decimal(8), None) == (made.hours_planned, made.hours_spent)


def test_days_are_days_of_the_practitioners_zone(logbook):
    preferences.prefer(OWNER, zone="Pacific/Auckland")
    late = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)
    with clock.at(late):
        (made,) = write("Gave a talk")

    assert made.day.day == 19


def test_change_keeps_what_is_not_given_and_can_be_undone(logbook):
    (made,) = write("Gave a talk, 2h #api")
    before = everything()

    activities.change_activity(
        OWNER,
        made,
        title="Gave the talk",
        tags=["docs"],
        links=["https://b.example"],
        program="Talks",
        notes="Went *well*",
    )
    made.refresh_from_db()
    assert ("Gave the talk", "Talks", Decimal(2)) == (
        made.title,
        made.program.name,
        made.hours_spent,
    )
    undo(OWNER)

    after = everything()
    before.pop(Program)
    after.pop(Program)
    changed = {row[0]: row for row in after.pop(Activity)}
    original = {row[0]: row for row in before.pop(Activity)}
    assert before == after
    updated = [f.attname for f in Activity._meta.concrete_fields].index("updated_at")
    for key, row in original.items():
        assert [v for i, v in enumerate(row) if i != updated] == [
            v for i, v in enumerate(changed[key]) if i != updated
        ]


def test_dropping_keeps_counts_and_bringing_back_finds_the_right_status(plan_event):
    past = plan_event(days=-5, status="done", counts={"signups": 9})
    ahead = plan_event("Later", days=5)

    for activity in (past, ahead):
        activities.set_status(OWNER, activity, "dropped")
        assert Activity.objects.get(pk=activity.pk).status == "dropped"
    activities.bring_back(OWNER, past)
    activities.bring_back(OWNER, ahead)

    assert (past.status, ahead.status) == ("done", "planned")
    assert Turnout.objects.get(activity=past).signups == 9


def test_energy_goes_to_the_private_file_and_leaves_no_trace_in_the_record(logbook):
    (made,) = write("Meeting about meetings, 1h")
    lines = Change.objects.count()

    activities.tap_energy(OWNER, made, gave=False)

    assert False is EnergyTap.objects.get(activity_id=made.pk).gave
    assert lines == Change.objects.count()
    assert PrivateChange.objects.count() == 1
    activities.tap_energy(OWNER, made, gave=None)
    assert not EnergyTap.objects.exists()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://x", "https://" + "x" * 1200])
def test_links_that_could_run_are_refused(logbook, link):
    (made,) = write("Something")

    with pytest.raises(CannotError, match="https://"):
        activities.change_activity(OWNER, made, links=[link])

    assert not Link.objects.exists()


def test_undo_refuses_what_later_changes_build_on(logbook):
    (made,) = write("Gave a talk")
    first = Change.objects.first()
    activities.change_activity(OWNER, made, title="Gave the talk")

    with pytest.raises(CannotError, match="Undo a later change first"):
        undo(OWNER, first)

    undo(OWNER)
    undo(OWNER, first)
    assert not Activity.objects.exists()


def test_undo_says_so_when_there_is_nothing(logbook):
    Change.objects.all().delete()

    with pytest.raises(CannotError, match="nothing to undo"):
        undo(OWNER)


def test_a_verb_that_changes_nothing_leaves_no_line(plan_event):
    made = plan_event()
    lines = Change.objects.count()

    activities.set_status(OWNER, made, "planned")
    activities.change_activity(OWNER, made, title=made.title)

    assert lines == Change.objects.count()


def test_a_verb_that_fails_leaves_nothing(logbook):
    with pytest.raises(CannotError):
        activities.write_down(
            OWNER,
            [
                activities.NewActivity("Fine", program="New"),
                activities.NewActivity("  "),
            ],
        )

    assert (Activity.objects.count(), Program.objects.count()) == (0, 0)


def test_programs_begin_change_close_and_have_one_name(logbook):
    program = programs.begin_program(OWNER, "Small groups", goal="People who come back")
    with pytest.raises(CannotError, match="already"):
        programs.begin_program(OWNER, "small GROUPS")

    programs.change_program(OWNER, program, closed=True)

    assert Change.objects.first().summary == "Closed the program “Small groups”"
    (made,) = write("Met five people", "SMALL groups")
    assert program == made.program


def test_programs_with_names_of_other_scripts_have_pages(logbook):
    first = programs.begin_program(OWNER, "勉強会")
    second = programs.begin_program(OWNER, "読書会")

    assert first.slug
    assert first.slug != second.slug


def test_what_people_said_is_private_until_they_agree(logbook):
    quote = quotes.hear(OWNER, "“I wouldn’t have known about you otherwise”", via="DM")

    assert (
        quote.consent, quote.text, quote.via,
    ) == ("none", "I wouldn’t have known about you otherwise", "DM")  # fmt: skip
    assert "known" not in Change.objects.first().summary
    quotes.note_consent(OWNER, quote, "given")
    undo(OWNER)
    assert Quote.objects.get().consent == "none"


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Olympus"}, {"lapse_days": 0}, {"currency": "EURO"}, {"colour": "red"}]
)
def test_preferences_that_make_no_sense_are_refused(logbook, wrong):
    with pytest.raises(CannotError):
        preferences.prefer(OWNER, **wrong)


def test_now_is_the_present_unless_the_example_is_told():
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    with clock.at(moment):
        assert moment == clock.now()
    assert clock.now() - datetime.now(UTC) < timedelta(seconds=5)


def test_tags_and_links_given_again_are_no_change_and_new_ones_take_their_place(logbook):
    (made,) = write("Gave a talk #api https://a.example/slides")
    before = everything()
    lines = Change.objects.count()
    activities.change_activity(OWNER, made, tags=["#API "], links=["https://a.example/slides"])
    assert everything() == before
    assert Change.objects.count() == lines

    activities.change_activity(OWNER, made, tags=["docs"], links=["https://b.example/"])
    assert list(made.tags.values_list("name", flat=True)) == ["docs"]
    assert list(made.links.values_list("url", flat=True)) == ["https://b.example/"]
    undo(OWNER)
    assert everything()["tags"] == before["tags"]
    assert list(made.links.values_list("url", flat=True)) == ["https://a.example/slides"]
