"""Overlap of guest lists by keyed hashes, where people were met, and 1:1s."""

import re
from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.community.feedback import note_feedback
from almanac.actions.community.people import note_person, talk_to
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.actions.preferences import prefer
from almanac.actions.workload.board import answer, ask
from almanac.answers.community.one_to_ones import one_to_ones
from almanac.answers.community.overlap import overlap
from almanac.answers.community.places import Where, places
from almanac.core.vocabulary import GuestState, Kind
from almanac.record.models import Change, Guest, SeenGuest
from almanac.record.rules import OWNER

TODAY = NOW.date()


@pytest.fixture
def lists(run, tmp_path):
    """Three lists, by addresses alone; nobody's name is kept."""

    def put(ago, program, *guests):
        (event,) = write_down(
            OWNER,
            [NewActivity(f"{program} {ago}", kind="event", program=program, day=TODAY - timedelta(days=ago))],
        )  # fmt: skip
        file = tmp_path / f"{ago}.csv"
        rows = "".join(f"{name},{name.lower()}@example.org,{state}\n" for name, state in guests)
        file.write_text(f"Name,Email,Status\n{rows}", "utf-8")
        run("import", str(file), "--event", str(event.pk))
        return event

    return put


def came(*names):
    return [(name, "attended") for name in names]


def test_those_on_two_lists_are_counted_without_names(lists):
    lists(60, "Groups", *came("Ada", "Kim", "Noor"), ("Sam", "cancelled"))
    lists(30, "Workshops", *came("Kim", "Lee"), ("Ada", "no show"), ("Sam", "attended"))
    lists(5, "Groups", *came("Ada", "Noor", "Rui"))
    found = overlap(OWNER)
    assert (found.lists, found.people, found.again) == (3, 6, 3)
    assert found.moved == (("Workshops", 4, "Groups", 2),)
    assert not Guest.objects.exists()
    late = overlap(OWNER, since=TODAY - timedelta(days=10))
    assert (late.lists, late.people, late.again) == (1, 3, 2)
    assert overlap(OWNER, until=date(2020, 1, 1)).people == 0


def test_a_digest_is_the_same_on_all_lists_and_goes_with_the_person(lists):
    lists(60, "Groups", *came("Ada", "Kim"))
    lists(5, "Groups", *came("Ada"))
    digests = list(SeenGuest.objects.values_list("person", flat=True))
    assert len(digests) == 3
    assert len(set(digests)) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", digest) for digest in digests)
    erase(OWNER, "ada@example.org")
    assert SeenGuest.objects.count() == 1
    assert overlap(OWNER).again == 0


def test_an_import_that_was_undone_counts_no_more(lists):
    lists(60, "Groups", *came("Ada", "Kim"))
    lists(5, "Groups", *came("Ada"))
    undo(OWNER, Change.objects.filter(verb="import").order_by("-pk").first())
    assert overlap(OWNER).again == 0


def test_where_people_were_met_and_what_came_of_it(logbook):
    made = write_down(
        OWNER,
        [
            NewActivity("VueConf", kind="conference", day=TODAY - timedelta(days=30), hours=10),
            NewActivity("A forum", kind="engagement", day=TODAY - timedelta(days=20), hours=2),
            NewActivity("Evening", kind="event", day=TODAY - timedelta(days=5)),
            NewActivity("Next", kind="conference", status="planned", day=TODAY + timedelta(days=5)),
        ],
    )
    ada = note_person(OWNER, "Ada", handles="ada@example.org")
    kim = note_person(OWNER, "Kim", handles="kim@example.org")
    for person, activity in ((ada, made[0]), (kim, made[0]), (kim, made[1])):
        talk_to(OWNER, person, activity)
    note_feedback(OWNER, "Shorter", activity=made[0])
    Guest.objects.create(
        activity=made[2],
        name="Ada",
        email="ada@example.org",
        status=GuestState.ATTENDED,
        source="x",
    )
    found = {place.where: place for place in places(OWNER)}
    conferences = found[Where.CONFERENCES]
    assert (conferences.times, conferences.hours, conferences.met, conferences.came) == (
        1,
        10,
        2,
        1,
    )
    assert conferences.feedback == 1
    assert (found[Where.ELSEWHERE].met, found[Where.ELSEWHERE].came) == (1, 0)
    assert (found[Where.OWN].times, found[Where.OWN].hours) == (1, 0)


def test_one_to_ones_by_month(logbook):
    assert one_to_ones(OWNER).sentence == ""
    assert one_to_ones(OWNER).asked == "0 were asked for this month, 0 last month."
    for _ in range(2):
        ask(OWNER, "A chat", kind=Kind.MEETING)
    ask(OWNER, "A talk", kind=Kind.TALK)
    assert ask(OWNER, "1:1 with Chidi").kind == Kind.MEETING
    write_down(OWNER, [NewActivity("1:1 with Ben", kind="meeting", status="asked")])
    found = one_to_ones(OWNER)
    assert [number for _, number in found.months] == [0, 0, 0, 0, 0, 4]
    assert found.months[0][0] == date(2025, 10, 1)
    assert found.unanswered == 4
    assert found.asked == "4 were asked for this month, 0 last month."


def test_this_weeks_hours_are_those_said_yes_to_and_those_logged(logbook):
    prefer(OWNER, one_to_one_hours=2)
    for _ in range(2):
        answer(OWNER, ask(OWNER, "1:1", hours=1), "yes")
    write_down(OWNER, [NewActivity("1:1 with Ana", kind="meeting", day=TODAY, hours=0.5)])
    write_down(OWNER, [NewActivity("Team meeting", kind="meeting", day=TODAY, hours=3)])
    found = one_to_ones(OWNER)
    assert found.taken == 2.5
    assert found.is_full
    assert (
        found.sentence == "You offer 2 h a week for 1:1s; this week 2.5 h are taken; none are left."
    )
