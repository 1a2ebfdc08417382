"""How many of a list came before: sums only, matched with care."""

from almanac.answers import history
from almanac.answers.returning import share_of_list, with_lists
from almanac.answers.turnout import upcoming_of
from almanac.record import clock
from almanac.record.models import Guest


def listed(event, *people):
    Guest.objects.bulk_create(
        Guest(activity=event, name=name, email=email, status=status, source="luma")
        for name, email, status in people
    )


def test_only_those_seen_to_come_count_as_returning(held, plan_event):
    first, second = held((60, 3, 2), (30, 4, 2))
    listed(
        first,
        ("Ada Lovelace", "ada@example.org", "attended"),
        ("Bob Moss", "", "attended"),
        ("Carla Diaz", "carla@example.org", "no_show"),
    )
    listed(
        second,
        ("Ada L.", "ADA@example.org", "attended"),
        ("bob  moss", "", "signed_up"),
        ("Carla Diaz", "carla@example.org", "attended"),
        ("Bob", "", "attended"),
        ("Eve", "e***@example.org", "signed_up"),
        ("Waiting", "w@example.org", "waitlisted"),
    )
    coming = plan_event(days=7)
    listed(coming, ("Carla", "carla@example.org", "signed_up"), ("New", "n@x.org", "signed_up"))

    with history.before(coming, clock.now()) as past:
        events = past.history.events

    # A single first name and a masked address are nobody; the waitlist is not the list.
    assert [event.returning for event in events] == [None, 2 / 3]
    assert share_of_list(coming) == 0.5
    assert upcoming_of(coming, clock.now()).returning == 0.5


def test_without_lists_nothing_is_known(held, plan_event):
    held((60, 30, 20))
    coming = plan_event(days=7)

    with history.before(coming, clock.now()) as past:
        assert {event.returning for event in past.history.events} == {None}
        assert {event.reminded for event in with_lists(past.history.events)} == {None}
    assert share_of_list(coming) is None
