"""Where a person stands before they are erased, kind by kind, and what is left afterwards."""

from datetime import date

import pytest
from tests.conftest import NOW

from almanac.actions import quotes
from almanac.actions.activities import NewActivity, change_activity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.experiments.experiments import close, deviate, try_something
from almanac.actions.keeping.erasing import MOST_SHOWN, erase, traces
from almanac.actions.playbooks.freshness import say_left
from almanac.actions.playbooks.playbooks import look_back, propose, write_playbook
from almanac.actions.programs import begin_program
from almanac.actions.workload import board, time_off
from almanac.record.models import (
    Change,
    CheckIn,
    Choice,
    Departure,
    Deviation,
    Experiment,
    Finding,
    Guest,
    Lesson,
    Part,
    PlaybookVersion,
    PrivateChange,
    Quote,
    Request,
    ShownPlate,
)
from almanac.record.rules import OWNER

TODAY = date(2026, 3, 18)
WHO = "Ana Example"


@pytest.fixture
def event(plan_event):
    return plan_event("Meetup")


def guest(event, name="", email=""):
    Guest.objects.create(activity=event, name=name, email=email, status="signed_up", source="x")


def test_guests_are_found_by_their_whole_name_or_address(event):
    guest(event, " ana  EXAMPLE ")
    guest(event, "x", " Ana Example ")
    guest(event, "Ana Example Jr")
    assert traces(OWNER, "Ana  Example").guests == 2
    assert erase(OWNER, WHO).guests == 2
    assert Guest.objects.get().name == "Ana Example Jr"
    line = Change.objects.order_by("-pk").first()
    assert (line.verb, line.summary, line.undo) == ("erase", "Erased a person", None)


def test_quotes_lose_the_name_and_keep_the_words(event):
    quotes.hear(OWNER, "Thank you", who=WHO, via="a mail by Ana Example")
    quotes.hear(OWNER, "Nice", who="Bea", via="mail")
    quotes.hear(OWNER, "Good", who="Cem", via="Ana Example's list")
    assert erase(OWNER, WHO).quotes == 2
    assert set(Quote.objects.values_list("text", "who", "via")) == {
        ("Thank you", "[erased]", "a mail by [erased]"), ("Nice", "Bea", "mail"),
        ("Good", "[erased]", "[erased]'s list"),
    }  # fmt: skip


def test_what_was_asked_held_and_left_to_do_counts_as_requests(event):
    board.ask(OWNER, "Judge", asked_by=WHO)
    change_activity(OWNER, event, holder=WHO)
    board.add_part(OWNER, event, "Food", heading="@Ana Example")
    board.add_part(OWNER, event, "Chairs", heading="for Ana Example")
    assert erase(OWNER, WHO).requests == 3
    event.refresh_from_db()
    assert (Request.objects.get().asked_by, event.holder) == ("[erased]", "[erased]")
    assert [part.heading for part in Part.objects.all()] == ["", "for Ana Example"]


def test_who_has_left_is_not_kept_as_such(event):
    say_left(OWNER, WHO)
    say_left(OWNER, "Bea")
    erase(OWNER, "@Ana Example")
    assert [row.name for row in Departure.objects.all()] == ["Bea"]


def test_lines_of_the_log_lose_the_name_and_their_undo(event):
    change_activity(OWNER, event, notes="Ask Ana Example")
    change_activity(OWNER, event, notes="")
    write_down(OWNER, [NewActivity("Call Ana Example")])
    kept = Change.objects.filter(summary="Wrote down Meetup").get()
    assert erase(OWNER, WHO).changes == 2
    assert Change.objects.get(summary="Wrote down Call [erased]").undo is None
    kept.refresh_from_db()
    assert kept.undo is not None


def test_texts_that_stand_for_good_lose_the_name(event):
    program = begin_program(OWNER, "Talks")
    write_playbook(OWNER, program, "- T: call Ana Example\n", "Ana Example said so")
    tried = try_something(OWNER, f"asking {WHO}", f"{WHO} knows", f"{WHO} is glad", TODAY)
    deviate(OWNER, tried, f"{WHO} was ill")
    close(OWNER, tried, "not", f"{WHO} left", f"{WHO} was tired", f"no more {WHO}")
    propose(OWNER, event, f"T: thank {WHO}", f"greet {WHO}")
    board.add_part(OWNER, event, f"Call {WHO}")
    longest = "Ana " + "x" * 296
    Experiment.objects.filter(pk=tried.pk).update(trying=longest)

    erase(OWNER, WHO)
    erase(OWNER, "Ana")

    version, lesson = PlaybookVersion.objects.get(), Lesson.objects.get()
    assert (version.text, version.why) == ("- T: call [erased]\n", "[erased] said so")
    assert (lesson.line, lesson.step) == ("T: thank [erased]", "greet [erased]")
    assert Part.objects.get().title == "Call [erased]"
    tried.refresh_from_db()
    assert (tried.because, tried.worked_if) == ("[erased] knows", "[erased] is glad")
    # Cut where the word that takes the name's place makes it too long.
    assert tried.trying == "[erased] " + "x" * 291
    assert Deviation.objects.get().words == "[erased] was ill"
    found = Finding.objects.get()
    assert (found.happened, found.why, found.decision) == (
        "[erased] left", "[erased] was tired", "no more [erased]",
    )  # fmt: skip


def test_the_private_file_loses_the_name_and_what_was_shown_of_it(event):
    asked = board.ask(OWNER, f"Help {WHO}", hours=3)
    board.answer(OWNER, asked, "yes", chances=(0.9, 0.8))
    time_off.check_in(OWNER, 3, 3, 3, f"{WHO} helped")
    for title, words in (("One", f"See {WHO}"), ("Two", "Nothing"), (f"For {WHO}", "Nobody")):
        time_off.share_workload(OWNER, title, {"words": [{"text": words}]}, 7)
    time_off.add_calendar(OWNER, WHO)

    erase(OWNER, WHO)

    assert Choice.objects.get().title == "Help [erased]"
    assert CheckIn.objects.get().words == "[erased] helped"
    shown = {row.title: (row.content, row.revoked_at) for row in ShownPlate.objects.all()}
    assert shown["One"] == ({}, NOW)
    assert shown["Two"] == ({"words": [{"text": "Nothing"}]}, None)
    assert shown["For [erased]"] == ({"words": [{"text": "Nobody"}]}, None)
    assert not PrivateChange.objects.filter(summary__contains="Ana").exists()


def test_texts_of_ones_own_are_told_and_left(event, held):
    change_activity(OWNER, event, place=f"At {WHO}'s")
    begin_program(OWNER, "Talks", purpose=f"{WHO} asked")
    look_back(OWNER, event, went_badly=f"{WHO} was late")
    quotes.hear(OWNER, f"{WHO} is great " + "x" * 100)
    told = [(each.title[:8], each.table, each.key) for each in traces(OWNER, WHO).mentions]
    assert told == [
        ("Meetup", "activity", str(event.pk)), ("Talks", "program", "talks"),
        ("Meetup", "retro", str(event.pk)), ("“Ana Exa", "quote", ""),
    ]  # fmt: skip
    assert len(traces(OWNER, WHO).mentions[-1].title) == 82
    erase(OWNER, WHO)
    assert len(traces(OWNER, WHO).mentions) == 4


def test_fifty_activities_are_told_of_at_most(logbook):
    write_down(OWNER, [NewActivity(f"{number} with {WHO}") for number in range(52)])
    assert MOST_SHOWN == 50
    assert len(traces(OWNER, WHO).mentions) == 50


def test_files_that_hold_the_name_are_taken_away_and_others_stay(logbook, settings):
    home = settings.ALMANAC_HOME
    for name, text in (
        ("rejected/a.csv", "1,Ana,Example\n"), ("rejected/b.csv", "1,Bea\n"),
        ("uploads/one/list.csv", "Ana Example"), ("uploads/one/more.txt", "x"),
        ("uploads/two/list.csv", "Bea"),
    ):  # fmt: skip
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    found = erase(OWNER, WHO)
    assert found.files == ("rejected/a.csv", "uploads/one/list.csv")
    assert found.total == 2
    left = {str(each.relative_to(home)) for each in home.glob("*/*") if each.parent.name in
            {"rejected", "uploads"}}  # fmt: skip
    assert left == {"rejected/b.csv", "uploads/two"}


@pytest.mark.parametrize(("who", "fits"), [("Al", False), (" A l ", True), ("Bea", True)])
def test_three_letters_are_the_least(logbook, who, fits):
    if fits:
        assert traces(OWNER, who).total == 0
    else:
        with pytest.raises(CannotError, match="three letters"):
            traces(OWNER, who)
