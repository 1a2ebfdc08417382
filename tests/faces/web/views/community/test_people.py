"""People's pages."""

import pytest
from tests.answers.community.test_people import guest, lists  # noqa: F401
from tests.conftest import text

from almanac.actions.community import people as verbs
from almanac.answers.community.people import may_be_same, people_called
from almanac.record.models import Person, SamePerson
from almanac.record.rules import OWNER


@pytest.fixture
def two(lists):  # noqa: F811
    lists(30, guest("Ada Lovelace", "alovelace1@example.org"), guest("Kim Park", "kim@example.org"))
    lists(5, guest("Ada Lovelce", "alovelace@example.net"), guest("Kim Park", "kim@example.org"))


def test_everybody_and_one_of_them(browser_client, two):
    page = text(browser_client.get("/community/people/"))
    assert "3 people have been on your guest lists: 2 first time, 1 came back." in page
    (kim,) = people_called(OWNER, "kim")
    own = text(browser_client.get(f"/community/people/{kim.token}/"))
    assert "Evening 30" in own
    assert "2 events; came back" in own
    assert "No matches" in text(browser_client.get("/community/people/?words=nobody"))
    assert (
        "Kim"
        not in text(browser_client.get("/community/people/?presence=first time")).split(
            "Everybody"
        )[1]
    )
    assert browser_client.get("/community/people/0000000000000000/").status_code == 404


def test_a_person_is_written_down_changed_and_followed_up(browser_client, logbook):
    given = {
        "name": "Ada",
        "handles": "ada@example.org",
        "follow_up_on": "2026-03-18",
        "follow_up": "the panel",
    }
    there = browser_client.post("/community/people/new/", given).url
    assert "the panel" in text(browser_client.get("/community/people/"))
    browser_client.post(there, given | {"notes": "Likes types", "follow_up_on": ""})
    card = Person.objects.get()
    assert (card.notes, card.follow_up_on) == ("Likes types", None)
    bad = text(browser_client.post("/community/people/new/", {"name": " "}, follow=True))
    assert "A name is needed" in bad
    browser_client.post(there, {"do": "delete"})
    assert not Person.objects.exists()


def test_the_queue_is_answered_and_an_identity_taken_out(browser_client, two):
    page = text(browser_client.get("/community/people/same/"))
    (pair,) = may_be_same(OWNER)
    assert "1 pair looks alike" in page
    first, second = pair.tokens
    browser_client.post(
        "/community/people/same/", {"first": first, "second": second, "same": "yes"}
    )
    (ada,) = people_called(OWNER, "lovel")
    own = text(browser_client.get(f"/community/people/{ada.token}/"))
    assert "These are one person" in own
    browser_client.post(f"/community/people/{ada.token}/split/", {"key": first})
    assert len(people_called(OWNER, "lovel")) == 2
    assert SamePerson.objects.get().same is False
    refusal = browser_client.post(
        f"/community/people/{ada.token}/split/", {"key": "x"}, follow=True
    )
    assert "Choose one of several" in text(refusal)


def test_two_who_are_one_are_joined_by_hand(browser_client, two):
    (kim,) = people_called(OWNER, "kim")
    address = f"/community/people/{kim.token}/join/"
    for other, said in (("nobody", "Nobody else is called"), ("lovel", "fits 2 people")):
        assert said in text(browser_client.post(address, {"other": other}, follow=True))
    browser_client.post(address, {"other": "alovelace1@example.org"})
    (kim,) = people_called(OWNER, "kim")
    assert {"kim@example.org", "alovelace1@example.org"} <= set(kim.handles)


def test_an_earlier_name_is_shown_nowhere(browser_client, lists):  # noqa: F811
    lists(30, guest("Old Name", "ada@example.org"))
    lists(5, guest("Ada Lovelace", "ada@example.org"))
    (ada,) = people_called(OWNER, "ada")
    for page in ("/community/people/", f"/community/people/{ada.token}/"):
        assert "Old Name" not in text(browser_client.get(page))
    verbs.card_of(OWNER, ada)
    assert "Old Name" not in text(browser_client.get(f"/community/people/{ada.token}/"))
