"""Cases a second hunt for bugs has found, each as it was reported."""

from datetime import timedelta

import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.errors import CannotError
from almanac.actions.imports import carry_out, forget_table
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.actions.undo import undo
from almanac.answers import history
from almanac.answers.contribution import contribution
from almanac.answers.imports import plan, read
from almanac.answers.reading import together
from almanac.answers.turnout import compute, first_guess, prospect, thawed
from almanac.core.events import PastEvent, Stage, Upcoming
from almanac.core.guesses import RawGuess
from almanac.core.turnout import forecast
from almanac.record import clock
from almanac.record.models import Activity, OpenTable
from almanac.record.rules import OWNER
from almanac.sources.cells import clean
from almanac.sources.reading import Document

HEADER = "class,format,price,month,signups,attended,evidence\n"


def table(*lines):
    return Document("others.csv", (HEADER + "\n".join(lines) + "\n").encode())


def bring_in(document):
    return carry_out(OWNER, plan(OWNER, document.name, read(OWNER, document)))


def test_whom_one_resembles_is_asked_anew_after_an_undo(plan_event):
    bring_in(
        table(
            *(
                f"community-in-person,in_person,free,2024-{1 + n % 12:02},150,60,counted"
                for n in range(60)
            )
        )
    )
    event = plan_event(days=7)
    before = compute(OWNER, event)[Stage.SIGNUPS].counts
    write_down(
        OWNER,
        [
            NewActivity(
                title=f"Small {n}", kind="event", status="done", program="Others",
                starts_at=clock.now() - timedelta(days=9 * n + 9), zone="Europe/Berlin",
                counts={"signups": 6}, fields={"format": "in_person"},
            )
            for n in range(60)
        ],
    )  # fmt: skip
    assert compute(OWNER, event)[Stage.SIGNUPS].counts.mean < before.mean / 2
    undo(OWNER)

    kept = compute(OWNER, event)[Stage.SIGNUPS].counts
    history.forget()
    fresh = compute(OWNER, event)[Stage.SIGNUPS].counts

    assert kept.mass == pytest.approx(fresh.mass)
    assert kept.mass == pytest.approx(before.mass)


def come(kind, price, share, program=5, form=""):
    return [
        PastEvent(
            row=n, starts=n / 20, program=program, kind=kind, format=form, price=price,
            signups=40, attended=round(40 * share),
        )
        for n in range(40)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("others", "upcoming"),
    [
        (come("hackathon", None, 0.95), Upcoming(kind="event", format="online", starts=3.0)),
        (
            come("event", None, 0.3, form="in_person"),
            Upcoming(kind="event", format="in_person", price=20.0, starts=3.0),
        ),
    ],
    ids=["hackathons say nothing of events", "free evenings say nothing of paid ones"],
)
def test_the_usual_share_is_learnt_from_events_of_the_class(others, upcoming):
    certain = Upcoming(
        **{n: getattr(upcoming, n) for n in ("kind", "format", "price", "starts")},
        signups=40, hours_to_go=0,
    )  # fmt: skip

    alone = forecast(certain, [])[Stage.ATTENDED].counts
    beside = forecast(certain, others)[Stage.ATTENDED].counts

    assert beside.mass == pytest.approx(alone.mass)


def test_streams_stay_online_through_a_shared_table(logbook):
    found = read(
        OWNER,
        table("community-online,,free,2024-05,30,,", "community-online,in_person,,2024-05,3,,"),
    )

    assert [row.format for row in found.shared] == ["online"]
    assert "yet format is in_person" in found.rejected[0].reason


def test_a_column_twice_and_a_crowd_of_thousands_are_turned_away(logbook):
    twice = Document("x.csv", b"class,format,price,month,signups,signups,attended,evidence\n")
    assert not any(h == "open-table" for h in [_source(twice)])
    found = read(
        OWNER, table("event,online,free,0001-05,3,,", "event,online,free,2024-05,5,99999,counted")
    )

    assert len(found.rejected) == 2


def _source(document):
    try:
        return read(OWNER, document).source
    except Exception as error:  # noqa: BLE001 - any refusal will do
        return type(error).__name__


def test_no_idea_first_teaches_nothing_of_later_guesses(plan_event):
    for n in range(3):
        past = plan_event(f"Past {n}", days=2 + n)
        say_guess(OWNER, past, None)
        freeze_forecast(OWNER, past)
        say_guess(OWNER, past, RawGuess(9, 11, 10, 80))
        with clock.at(past.begins):
            from almanac.actions.turnout import say_counts

            say_counts(OWNER, past, {"attended": 10}, evidence="counted")
    event = plan_event("Next", days=9)
    say_guess(OWNER, event, RawGuess(5, 20, 10, 80))
    latest = thawed(freeze_forecast(OWNER, event))

    assert together(OWNER, event, first_guess(OWNER, event), latest).of == 0


def test_a_forecast_made_after_a_corrected_start_is_not_shown_as_before(plan_event):
    event = plan_event(days=7)
    freeze_forecast(OWNER, event)
    Activity.objects.filter(pk=event.pk).update(
        starts_at=clock.now() - timedelta(days=2), day=(clock.now() - timedelta(days=2)).date()
    )

    assert prospect(OWNER, Activity.objects.get(pk=event.pk)).latest is None


def test_contributing_events_alike_but_for_a_missing_count(held):
    held((60, 30, 0), (59, 30, None))

    assert [row.attended for row in contribution(OWNER)] == [0, None]


def test_undoing_a_table_that_was_let_go_says_so(logbook):
    bring_in(table("event,online,free,2024-05,30,,"))
    forget_table(OWNER, OpenTable.objects.get().pk)

    with pytest.raises(CannotError, match="let go of already"):
        undo(OWNER)


def test_noncharacters_never_reach_a_page():
    assert clean("a\uffffb\ufffec\U0001ffffd") == "abcd"


def test_who_comes_names_the_tables_it_rests_on(plan_event):
    bring_in(
        table(*(f"event,in_person,free,2024-{1 + n % 12:02},40,12,counted" for n in range(30)))
    )
    event = plan_event(days=7)

    assert compute(OWNER, event)[Stage.ATTENDED].because.shared == 30


def test_a_table_read_after_a_forecast_makes_it_stale(plan_event):
    event = plan_event(days=7)
    freeze_forecast(OWNER, event)
    assert not prospect(OWNER, event).stale
    bring_in(table("event,in_person,free,2024-05,40,12,counted"))

    assert prospect(OWNER, event).stale


def test_planning_a_day_gone_by_is_a_question_back(browser_client):
    answer = browser_client.post(
        "/activities/plan/", {"title": "X", "kind": "event", "day": "2020-01-01"}
    )

    assert answer.status_code == 400
    assert b"That day is past" in answer.content
