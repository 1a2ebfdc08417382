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


def some(number, status="signed_up", start=0):
    return [(f"Guest {n}", f"g{n}@example.org", status) for n in range(start, start + number)]


def test_only_those_seen_to_come_count_as_returning(held, plan_event):
    first, second = held((60, 12, 8), (30, 10, 4))
    listed(
        first,
        ("Ada Lovelace", "ada@example.org", "attended"),
        ("Bob Moss", "", "attended"),
        ("Carla Diaz", "carla@example.org", "no_show"),
        *some(8, "attended", start=50),
    )
    listed(
        second,
        ("Ada L.", "ADA@example.org", "attended"),
        ("bob  moss", "", "signed_up"),
        ("Carla Diaz", "carla@example.org", "attended"),
        ("Bob", "", "attended"),
        ("Eve", "e***@example.org", "signed_up"),
        ("Waiting", "w@example.org", "waitlisted"),
        *some(5),
    )
    coming = plan_event(days=7, counts={"signups": 10})
    listed(coming, ("Carla", "carla@example.org", "signed_up"), *some(7), *some(2, start=50))

    with history.before(coming, clock.now()) as past:
        events = past.history.events

    # A single first name and a masked address are nobody; the waitlist is not the list.
    assert [event.returning for event in events] == [None, 2 / 8]
    assert share_of_list(coming) == 0.3
    assert upcoming_of(coming, clock.now()).returning == 0.3


def test_a_list_that_is_not_that_of_the_sign_ups_says_nothing(held, plan_event):
    """Attendance reports, two lists of one event, and a few names would tell what is not asked."""
    (first,) = held((60, 30, 12))
    listed(first, *some(12, "attended"))
    report, twice, few = (plan_event(days=7, counts={"signups": n}) for n in (30, 10, 4))
    listed(report, *some(10))
    listed(twice, *some(10), *some(8, start=20))
    listed(few, *some(4))

    assert [share_of_list(event) for event in (report, twice, few)] == [None, None, None]


def test_without_lists_nothing_is_known(held, plan_event):
    held((60, 30, 20))
    coming = plan_event(days=7)

    with history.before(coming, clock.now()) as past:
        assert {event.returning for event in past.history.events} == {None}
        assert {event.reminded for event in with_lists(past.history.events)} == {None}
    assert share_of_list(coming) is None
