from datetime import timedelta

from almanac.actions.activities import NewActivity, write_down
from almanac.answers.turnout import announcing
from almanac.record.infra import clock
from almanac.record.rules import OWNER


def hold(number, signups_of, lead_of, *, reminded=lambda _n: False, helps=0.25):
    write_down(
        OWNER,
        [
            NewActivity(
                title=f"Evening {n}",
                kind="event",
                status="done",
                program="Evenings",
                starts_at=clock.now() - timedelta(days=10 * (number - n)),
                announced_at=clock.now() - timedelta(days=10 * (number - n) + lead_of(n)),
                zone="Europe/Berlin",
                counts={
                    "signups": signups_of(n),
                    "attended": round(signups_of(n) * (0.55 + (n % 3) / 20 + helps * reminded(n))),
                },
                evidence="counted",
                tags=("reminder",) if reminded(n) else (),
                fields={"format": "in_person"},
            )
            for n in range(number)
        ],
    )


def test_too_few_announcements_are_refused(plan_event):
    event = plan_event(days=60, program="Evenings")

    assert "needs 12 past events" in announcing.announcement(OWNER, event).sentence


def test_lead_times_all_alike_are_refused(plan_event):
    hold(14, lambda _n: 30, lambda _n: 14)
    event = plan_event(days=60, program="Evenings")

    assert "about equally far ahead" in announcing.announcement(OWNER, event).sentence


def test_a_clear_difference_is_told_with_its_doubt(plan_event):
    hold(24, lambda n: 60 if n % 2 else 15, lambda n: 35 if n % 2 else 5)
    event = plan_event(days=60, program="Evenings")

    found = announcing.announcement(OWNER, event)

    assert "more than" in found.sentence
    assert "one need not have caused the other" in found.sentence
    assert len(found.rows) == 24
    assert [lead.days for lead in found.leads] == sorted(lead.days for lead in found.leads)
    assert found.leads[-1].middle > found.leads[0].middle


def test_no_difference_is_said_to_be_none(plan_event):
    hold(20, lambda n: 30 + n % 3, lambda n: 35 if n % 2 else 5)
    event = plan_event(days=60, program="Evenings")

    found = announcing.announcement(OWNER, event)

    assert "no clear difference" in found.sentence or "%" in found.sentence
    assert found.leads


def test_a_past_event_is_not_advised_about(plan_event):
    event = plan_event(days=-3, status="done")

    assert "needs a future date" in announcing.announcement(OWNER, event).sentence


def test_reminders_need_events_with_and_without(plan_event):
    hold(12, lambda _n: 40, lambda _n: 14)
    event = plan_event(days=7, program="Evenings")

    assert "Can’t tell yet" in announcing.reminder(OWNER, event).sentence


def test_a_reminder_that_helped_is_told_in_people(plan_event):
    hold(24, lambda _n: 40, lambda _n: 14, reminded=lambda n: n % 2 == 0)
    event = plan_event(days=7, program="Evenings", counts={"signups": 40})

    found = announcing.reminder(OWNER, event)

    assert "For 40 sign-ups that is" in found.sentence
    assert found.low is not None
    assert 0 < found.low <= 10 <= found.high


def test_reminders_that_changed_nothing_are_too_few_to_tell(plan_event):
    hold(18, lambda n: 40 + n, lambda _n: 14, reminded=lambda n: n % 2 == 0, helps=0.0)
    event = plan_event(days=7, program="Evenings")

    found = announcing.reminder(OWNER, event)

    assert found.low is None
    assert "Can’t tell yet" in found.sentence
