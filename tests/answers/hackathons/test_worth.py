"""Before and after a hackathon: expectation, cost, use, and what else the hours could do."""

from datetime import timedelta

import pytest
from tests.conftest import NOW

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.hackathons.hackathons import count_uses, plan_hackathon
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.answers.guesses.calibration import combined, expected
from almanac.answers.hackathons.outcome import hackathons, outcome
from almanac.answers.hackathons.worth import worth
from almanac.answers.turnout.expectation import prospect
from almanac.core.guesses.elicited import RawGuess
from almanac.record.models import Activity
from almanac.record.rules import OWNER

TODAY = NOW.date()


def done(ago, title, kind="hackathon", program="Hackathons", hours=40, signups=60, came=30, made=8):
    (row,) = write_down(
        OWNER,
        [NewActivity(title, kind=kind, program=program, day=TODAY - timedelta(days=ago), hours=hours)],
    )  # fmt: skip
    counts = {"signups": signups, "attended": came, "submissions": made}
    say_counts(OWNER, row, counts, evidence="counted")
    return row


@pytest.fixture
def year(logbook):
    past = [
        done(300, "First"),
        done(200, "Second", came=26, made=6),
        done(100, "Third", came=34, made=9),
    ]
    for n in range(4):
        done(290 - 60 * n, f"Group {n}", "event", "Groups", 6, 20, 12, None)
        done(280 - 60 * n, f"Space {n}", "stream", "Spaces", 2, 90, 80, None)
    return past


@pytest.fixture
def coming(plan_event):
    return plan_event(
        "Next", kind="hackathon", program="Hackathons", days=20, counts={"signups": 55}
    )


def stage(found, name):
    return next(each for each in found.stages if each.name == name)


def test_no_number_is_shown_before_the_guess(year, coming):
    found = worth(OWNER, coming)
    assert found.is_asked
    assert found.stages == ()
    assert "Can’t say yet" in found.sentence
    assert not worth(OWNER, coming, unseen=True).is_asked


def test_it_expects_what_the_events_own_page_expects(year, coming):
    say_guess(OWNER, coming, RawGuess(10, 60, 20, 80))
    freeze_forecast(OWNER, coming)
    seen = prospect(OWNER, coming)
    main = expected(seen.latest, combined(OWNER, coming, seen.guess, seen.latest))
    found = worth(OWNER, coming)
    for name, view in (("Present", main), ("Handed in", seen.latest["submissions"])):
        counts = stage(found, name).counts
        assert counts.mass == pytest.approx(view.counts.mass)
        assert counts.interval(0.8) == view.counts.interval(0.8)


def test_hours_stand_beside_programs_in_which_people_do_something(year, coming):
    coming.hours_planned = 44
    coming.save()
    found = worth(OWNER, coming, unseen=True)
    assert [other.program for other in found.others] == ["Groups"]
    assert found.others[0].found.middle == pytest.approx(0.5, abs=0.05)
    assert found.hours == 44
    assert "beside 0.5 h in Groups" in found.sentence
    assert "that the hackathon is the better use of the hours" in found.sentence
    assert found.changes[0].startswith("From about 88 people on")


def test_hours_are_those_of_past_ones_where_none_are_planned(year, coming):
    found = worth(OWNER, coming, unseen=True)
    assert (found.hours, found.hours_from) == (40, "as past ones of this program took")


def test_use_is_refused_until_two_past_hackathons_tell(year, coming):
    found = worth(OWNER, coming, unseen=True)
    assert stage(found, "Using the product").counts is None
    assert "0 past hackathons of yours with this count" in stage(found, "Using the product").said
    assert any("How many go on to use your product" in line for line in found.changes)
    for row, used in zip(year, (4, 3, 5), strict=True):
        count_uses(OWNER, row, used=used)
    count_uses(OWNER, year[0], used_30=2)
    found = worth(OWNER, Activity.objects.get(pk=coming.pk), unseen=True)
    low, high = stage(found, "Using the product").counts.interval(0.8)
    assert low < 5 < high
    assert "1 past hackathon of yours" in stage(found, "After 30 days").said
    assert not any("How many go on to use" in line for line in found.changes)


def test_the_two_questions_are_those_whose_answers_are_missing(plan_event, logbook):
    coming = plan_event("Next", kind="hackathon", program="Hackathons", days=20)
    first = worth(OWNER, coming).questions
    assert [text.split(",")[0] for text in first] == ["How many signed up", "Who comes: students"]
    plan_hackathon(
        OWNER, coming, audience="students", nearness="near", product="our API", length="week"
    )
    second = worth(OWNER, coming).questions
    assert second[0] == first[0]
    assert "three questions" in second[1]
    done(100, "Past", program="Hackathons")
    assert "How many signed up" not in " ".join(worth(OWNER, coming).questions)


def test_without_any_past_it_says_what_is_missing(plan_event, logbook):
    coming = plan_event("Next", kind="hackathon", program="Hackathons", days=20)
    found = worth(OWNER, coming, unseen=True)
    assert found.hours is None
    assert found.others == ()
    assert "Say how many hours it takes" in found.sentence
    assert stage(found, "Handed in").sources


def test_money_is_cost_and_prizes(year, coming):
    coming.cost, coming.currency = 500, "EUR"
    coming.save()
    plan_hackathon(OWNER, coming, prizes="1000")
    found = worth(OWNER, Activity.objects.get(pk=coming.pk), unseen=True)
    assert found.money == 1500
    assert stage(found, "Present").money.endswith("EUR")
    assert "1,500 EUR" in found.sentence


def test_what_became_of_it(year):
    third = year[2]
    write_down(
        OWNER,
        [NewActivity("Found mentors", kind="task", program="Hackathons", day=TODAY - timedelta(days=110), hours=11)],
    )  # fmt: skip
    count_uses(OWNER, third, used=4, used_30=2)
    third = Activity.objects.get(pk=third.pk)
    found = outcome(OWNER, third)
    assert found.sentence == (
        "34 came and 9 projects were handed in for 51 h with preparation: 1.5 h per person, beside 0.5 h in Groups. "
        "By its hours it was not worth it. "
        "4 projects used the product, and 2 still did after 30 days."
    )
    assert found.asks == ("used_90",)
    rows = {row.name: row for row in found.rows}
    assert (rows["Present"].came, rows["Present"].hours) == (34, "1.5 h")
    assert rows["Projects that still used it after 90 days"].came is None
    count_uses(OWNER, third, used_90=0)
    assert outcome(OWNER, Activity.objects.get(pk=third.pk)).asks == ()


@pytest.mark.parametrize(
    ("came", "made", "said"),
    [
        (1, 1, "1 came and 1 project was handed in"),
        (0, 0, "0 came and 0 projects were handed in."),
        (None, None, "nobody counted who came"),
    ],
)
def test_an_outcome_agrees_with_its_numbers(logbook, came, made, said):
    row = done(40, "Past", came=30, made=1)
    turnout = row.turnout
    turnout.attended, turnout.submissions = came, made
    turnout.attended_evidence = "counted" if came is not None else "not_measured"
    turnout.save()
    assert said in outcome(OWNER, Activity.objects.get(pk=row.pk)).sentence


def test_every_hackathon_is_listed_those_ahead_first(year, coming):
    rows = hackathons(OWNER)
    assert [row.title for row, _ in rows] == ["Next", "Third", "Second", "First"]
    assert rows[0][1] is None
    assert "handed in" in rows[1][1].sentence
