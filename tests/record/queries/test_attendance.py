"""“People who came” means the same on the year page, a program's page, in reviews and metrics."""

from datetime import date

from tests.conftest import text
from tests.factories import past

from almanac.actions.metrics import switch_on
from almanac.actions.turnout import say_counts
from almanac.answers.log.logbook import program_page, year_so_far
from almanac.answers.metrics import from_record
from almanac.answers.review.evidence import Audience, gather
from almanac.answers.review.periods import period
from almanac.answers.review.sentences import people_sentence, plain
from almanac.record.rules import OWNER


def test_events_and_audiences_are_named_apart_and_add_up(held, plan_event, browser_client):
    held(past(ago=30, signups=40, attended=22), past(ago=20, signups=30, attended=0))
    held(past(ago=15, signups=12))
    plan_event("Keynote", kind="talk", days=-9, status="done", counts={"attended": 705},
               evidence="counted")  # fmt: skip
    registered = plan_event("Webinar", days=-5, status="done", counts={"signups": 90})
    say_counts(OWNER, registered, {"attended": 88}, evidence="registered_only")
    for key in ("attendees", "talk-audiences"):
        switch_on(OWNER, key)

    year = year_so_far(OWNER, 2026).attendance
    program = program_page(OWNER, "meetups").attendance
    said = plain(people_sentence(gather(OWNER, period("2026"), Audience.OWN)))
    events, talks = (sum(day.value for day in from_record.feed(metric)) for metric in _metrics())

    assert (year.people, year.audience) == (22, 705)
    assert (program.people, program.audience) == (22, 705)
    assert (events, talks) == (22, 705)
    assert said == (
        "22 attendances at 2 events with a count. 705 people in the audience of 1 talk. "
        "At 2 events nobody counted."
    )
    for page in ("/year/?year=2026", "/programs/meetups/"):
        shown = text(browser_client.get(page))
        assert "<b>22</b> attendances at 2 events" in shown, page
        assert "<b>705</b> people in the audience of 1 talk" in shown, page


def test_nobody_is_a_count_and_nothing_counted_is_none(held, plan_event):
    held(past(ago=30, signups=4, attended=0))

    assert year_so_far(OWNER, 2026).attendance.people == 0
    assert year_so_far(OWNER, 2025).attendance.people is None
    assert year_so_far(OWNER, 2025).attendance.audience is None
    assert date(2026, 3, 18).year == 2026


def _metrics():
    from almanac.record.models import Metric

    return [Metric.objects.get(entry=key) for key in ("attendees", "talk-audiences")]
