"""People across guest lists, quotes, requests and what is written down."""

from datetime import date, timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.capture import capture, understand
from almanac.actions.community import people as verbs
from almanac.actions.community.quotes import hear
from almanac.actions.errors import CannotError
from almanac.actions.keeping.erasing import erase
from almanac.actions.keeping.undo import undo
from almanac.answers.community.people import (
    Presence,
    encounters_of,
    everybody,
    follow_ups,
    identity_key,
    key_of,
    may_be_same,
    people_called,
    presence_of,
)
from almanac.answers.community.returning import first_steps, presences, returning
from almanac.core.vocabulary import GuestState
from almanac.record.models import Activity, Change, Guest, Person, SamePerson, Turnout
from almanac.record.rules import OWNER

TODAY = NOW.date()


@pytest.fixture
def lists(logbook):
    """Three evenings: whose list has whom, and whether somebody stood at the door."""

    def put(ago, *guests, program="Evenings", title=""):
        (event,) = write_down(
            OWNER,
            [NewActivity(title or f"Evening {ago}", kind="event", program=program, day=TODAY - timedelta(days=ago))],
        )  # fmt: skip
        Guest.objects.bulk_create(
            Guest(activity=event, name=name, email=email, status=status, source="list.csv")
            for name, email, status in guests
        )
        return event

    return put


def guest(name, email="", status=GuestState.ATTENDED):
    return (name, email, status)


def named(name):
    (found,) = people_called(OWNER, name)
    return found


CROWD = tuple(
    guest(name, f"mail@{n}.example")
    for n, name in enumerate((
        "Bo Okafor", "Cleo Ruiz", "Dag Lund", "Eva Novak", "Femi Bello", "Gus Haas", "Ines Prado", "Joon Seo",
        "Lena Wolf", "Mika Virta", "Nour Saad", "Otto Brandt",
        "Pia Moreau", "Quinn Daly", "Rana Aziz", "Sven Dahl", "Tara Joshi", "Uri Katz", "Vera Popova",
        "Wim Bakker", "Xia Chen", "Yara Haddad", "Zoe Martin", "Ann Byrne", "Carl Meyer",
    ))
)  # fmt: skip
"""Others, among whom a full name that nobody shares a word of is rare."""


def test_who_came_back_is_counted_by_person_and_twice_is_once(lists):
    lists(
        30,
        guest("Ada Lovelace", "ada@example.org"),
        guest("Kim Park", "kim@example.org", "no_show"),
    )
    lists(
        20,
        guest("Lovelace Ada", "ADA@example.org", "signed_up"),
        guest("New One", "n@example.org", "signed_up"),
    )
    last = lists(
        10, guest("Ada Lovelace", "ada@example.org"), guest("Ada Lovelace", "ada@example.org", "signed_up"),
        guest("Bo Invited", "bo@example.org", "invited"), guest("Kim Park", "kim@example.org"),
    )  # fmt: skip
    found = returning(OWNER)
    assert [(each.signed_up, each.came, each.first, each.returning) for each in found] == [
        (2, 1, 2, 0),
        (2, None, 1, 1),
        (2, 2, 0, 2),
    ]
    assert found[-1].event == str(last.pk)


def test_first_names_alone_are_nobody_who_came_back(lists):
    for ago in (30, 20, 10):
        lists(ago, guest("Anna"), guest("Guest"), guest("Ada Lovelace", "ada@example.org"))
    assert [(each.first, each.returning) for each in returning(OWNER)] == [(3, 0), (2, 1), (2, 1)]
    assert named("anna").presence == "first time"


@pytest.mark.parametrize(("evidence", "came"), [("counted", 2), ("not_measured", None), ("", None)])
def test_marks_that_nobody_takes_for_attendance_are_none(lists, evidence, came):
    event = lists(5, guest("Ada Lovelace", "a@x.org"), guest("Kim Park", "k@x.org"))
    Turnout.objects.create(activity=event, signups=2, attended_evidence=evidence)
    assert returning(OWNER)[0].came == came


def test_a_ticket_bought_for_another_is_another_person(lists):
    lists(30, guest("Bob Stone", "bob@x.org"), guest("Thea Reed", "thea@y.org"), *CROWD)
    lists(20, guest("Bob Stone", "bob@x.org"), guest("Thea Reed", "bob@x.org"))
    lists(10, guest("Bob Stone", "bob@x.org"), guest("Thea Reed", "thea@y.org"))
    assert [(each.signed_up, each.first) for each in returning(OWNER)] == [(27, 27), (2, 0), (2, 0)]


def test_two_of_one_name_on_one_list_say_why_they_are_asked(lists):
    lists(
        5,
        guest("John Smith", "john@acme.example"),
        guest("Smith, John", "js@globex.example"),
        *CROWD,
    )
    assert returning(OWNER)[0].signed_up == len(CROWD) + 2
    assert [each.evidence for each in may_be_same(OWNER)] == ["the same name on one list"]


@pytest.mark.parametrize(
    ("ago", "presence"),
    [
        ((), Presence.NEVER),
        ((5,), Presence.FIRST),
        ((400,), Presence.FIRST),
        ((35, 5), Presence.CAME_BACK),
        ((65, 35, 5), Presence.REGULAR),
        ((395, 365, 335), Presence.MISSING),
        ((730, 365, 100), Presence.REGULAR),
        ((140, 110, 80), Presence.MISSING),
        ((5, 5, 5), Presence.FIRST),
    ],
)
def test_presence_goes_by_ones_own_rhythm(ago, presence):
    assert presence_of([TODAY - timedelta(days=n) for n in ago], TODAY) is presence


def test_presences_over_all_and_per_program_without_the_team(lists):
    lists(30, guest("Ada Lovelace", "ada@example.org"), guest("Team Mate", "team@example.org"))
    lists(5, guest("Ada Lovelace", "ada@example.org"), program="Talks")
    verbs.note_person(OWNER, "Team Mate", handles="team@example.org", is_team=True)
    together, *each = presences(OWNER)
    assert (together.people, together.counts[Presence.CAME_BACK]) == (1, 1)
    assert {row.program: row.counts[Presence.FIRST] for row in each} == {"Evenings": 1, "Talks": 1}


def test_which_first_steps_keep_people_and_where_they_go(lists):
    lists(200, guest("Ada Lovelace", "ada@example.org"), guest("Kim Park", "kim@example.org"))
    lists(100, guest("Ada Lovelace", "ada@example.org"), program="Talks")
    lists(5, guest("Too New", "new@example.org"), program="Talks")
    (step,) = first_steps(OWNER)
    assert (step.program, step.people, step.came_again, step.moved) == (
        "Evenings",
        2,
        1,
        (("Talks", 1),),
    )
    assert step.low < 0.5 < step.high


def test_everything_of_one_person_stands_together_and_the_latest_name_holds(lists):
    lists(30, guest("Old Name", "ada@example.org"))
    lists(5, guest("Ada Lovelace", "ada@example.org"))
    hear(OWNER, "I would not have known", who="Ada Lovelace")
    ada = named("ada")
    assert (ada.name, len(ada.visits), len(ada.quotes)) == ("Ada Lovelace", 2, 1)
    assert ada.handles == ("ada@example.org",)
    assert len(everybody(OWNER).people) == 1


def test_two_of_one_name_on_one_list_are_two(lists):
    lists(5, guest("Anna Berg", "a@example.org"), guest("Anna Berg", "b@example.org"))
    assert len(people_called(OWNER, "anna")) == 2


def test_three_of_one_name_on_one_list_are_three_and_an_answer_joins_two(lists):
    lists(5, *(guest("Anna Berg", f"{letter}@example.org") for letter in "abc"))
    assert len(people_called(OWNER, "anna")) == 3
    pair = may_be_same(OWNER)[0]
    verbs.say_same(OWNER, *(key_of(OWNER, token) for token in pair.tokens), pair.evidence)
    assert len(people_called(OWNER, "anna")) == 2


def test_a_pair_is_asked_once_and_a_split_is_not_asked_again(lists):
    lists(30, guest("Ada Lovelace", "alovelace1@example.org"))
    lists(5, guest("Ada Lovelace", "alovelace@example.net"), *CROWD)
    ada = named("ada")
    verbs.split(OWNER, ada.token, identity_key(ada.identities[0]))
    assert len(people_called(OWNER, "ada")) == 2
    assert may_be_same(OWNER) == ()
    lists(3, guest("Kim Park", "k@example.org"), guest("Kim Park", "kim@example.org"))
    (pair,) = may_be_same(OWNER)
    verbs.say_apart(OWNER, *(key_of(OWNER, token) for token in pair.tokens), pair.evidence)
    assert may_be_same(OWNER) == ()


def test_merge_split_and_undo_of_any_age_move_everything(lists):
    lists(30, guest("Ada Lovelace", "ada@example.org"))
    lists(5, guest("Countess A", "countess@example.net"))
    one, two = named("lovelace"), named("countess")
    joined = verbs.merge(OWNER, one.token, two.token)
    assert (len(joined.visits), joined.name) == (2, "Countess A")
    assert everybody(OWNER).by_token[two.token].token == everybody(OWNER).by_token[one.token].token
    merged = Change.objects.latest("id")
    verbs.note_person(OWNER, "Somebody Else")
    with pytest.raises(CannotError, match="one person already"):
        verbs.merge(OWNER, one.token, two.token)
    undo(OWNER, merged)
    assert len(named("lovelace").visits) == 1
    verbs.merge(OWNER, one.token, two.token)
    key = next(identity_key(each) for each in joined.identities if "countess" in each.email)
    verbs.split(OWNER, joined.token, key)
    assert len(named("lovelace").visits) == len(named("countess").visits) == 1


def test_two_people_stay_two_until_something_else_speaks_for_one(lists):
    lists(30, guest("Ada Lovelace", "alovelace1@example.org"))
    lists(5, guest("Ada Lovelce", "alovelace@example.net"))
    (proposal,) = may_be_same(OWNER)
    verbs.say_apart(OWNER, *(key_of(OWNER, token) for token in proposal.tokens), proposal.evidence)
    assert may_be_same(OWNER) == ()
    SamePerson.objects.update(evidence=f"{proposal.evidence}, addresses of one place")
    verbs.note_person(OWNER, "Unrelated")
    assert may_be_same(OWNER) == ()
    SamePerson.objects.update(evidence="other reasons")
    verbs.note_person(OWNER, "Another")
    assert len(may_be_same(OWNER)) == 1


def test_a_full_name_alone_is_asked_until_the_list_shows_it_is_rare(lists):
    lists(30, guest("Ada Lovelace", "countess@example.org"))
    lists(20, guest("Ada Lovelace", "ada@example.net"))
    (proposal,) = may_be_same(OWNER)
    assert proposal.evidence == "a name like an address, the same name"
    lists(10, *CROWD)
    assert named("lovelace").presence == "came back"
    assert may_be_same(OWNER) == ()


def test_somebody_is_written_down_followed_up_and_deleted(logbook):
    ada = verbs.note_person(
        OWNER, "Ada Lovelace", handles="ada@example.org @adalove", met_at="VueConf"
    )
    (talk,) = write_down(OWNER, [NewActivity("1:1 with Ada", kind="meeting", day=TODAY)])
    verbs.talk_to(OWNER, ada, talk)
    verbs.follow_up_later(OWNER, ada, TODAY + timedelta(days=14), "the panel")
    assert [person.name for person in follow_ups(OWNER, TODAY + timedelta(days=14))] == [
        "Ada Lovelace"
    ]
    assert follow_ups(OWNER, TODAY + timedelta(days=13)) == ()
    assert encounters_of(OWNER, named("adalove")) == [talk]
    with pytest.raises(CannotError, match="still to come"):
        verbs.follow_up_later(OWNER, ada, TODAY - timedelta(days=1))
    with pytest.raises(CannotError, match="A name is needed"):
        verbs.note_person(OWNER, " ")
    verbs.forget_person(OWNER, ada)
    assert not Person.objects.exists()
    assert Activity.objects.count() == 1
    assert "Ada" not in Change.objects.latest("id").summary


def test_no_line_of_the_log_names_anybody(lists):
    lists(30, guest("Ada Lovelace", "ada@example.org"))
    before = Change.objects.count()
    ada = named("ada")
    card = verbs.card_of(OWNER, ada)
    verbs.change_person(OWNER, card, notes="Likes types", met_on=date(2026, 1, 5))
    assert all(
        "Ada" not in row.summary for row in Change.objects.all()[: Change.objects.count() - before]
    )


def test_a_typed_line_writes_somebody_down_and_undo_takes_both_back(logbook):
    read, _ = understand(OWNER, "talked to Ada at VueConf, follow up in two weeks")
    (activity,) = capture(OWNER, read)
    card = Person.objects.get()
    assert (card.name, card.follow_up_on) == ("Ada", TODAY + timedelta(days=14))
    assert encounters_of(OWNER, named("ada")) == [activity]
    again, _ = understand(OWNER, "1:1 with Ada, follow up tomorrow")
    capture(OWNER, again)
    assert Person.objects.get().follow_up_on == TODAY + timedelta(days=1)
    undo(OWNER)
    assert Person.objects.get().follow_up_on == TODAY + timedelta(days=14)
    undo(OWNER)
    assert not Person.objects.exists()
    assert not Activity.objects.exists()


def test_erasing_somebody_takes_their_page_and_what_was_said_of_it(lists):
    lists(30, guest("Ada Lovelace", "ada@example.org"), guest("Kim Park", "kim@example.org"))
    lists(5, guest("Countess A", "countess@example.net"))
    ada = named("lovelace")
    verbs.change_person(OWNER, verbs.card_of(OWNER, ada), notes="Knows Ada Lovelace's sister")
    other = verbs.note_person(OWNER, "Bo", notes="A friend of Ada Lovelace")
    verbs.merge(OWNER, ada.token, named("countess").token)
    erase(OWNER, "Ada Lovelace")
    assert {person.name for person in Person.objects.all()} == {"Bo"}
    assert not SamePerson.objects.filter(first__icontains="ada").exists()
    assert "Lovelace" not in Person.objects.get(pk=other.pk).notes
    assert people_called(OWNER, "lovelace") == []
    assert len(people_called(OWNER, "kim")) == 1


def test_everybody_who_is_named_is_followed_up(logbook):
    (item,), program = understand(
        OWNER, "met Ada, Kim Park & Jan de Vries at PyCon, follow up in two weeks"
    )
    capture(OWNER, [item], program)
    names = {person.name for person in follow_ups(OWNER, TODAY + timedelta(days=14))}
    assert names == {"Ada", "Kim Park", "Jan de Vries"}
