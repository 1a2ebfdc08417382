"""Class shares."""

import pytest

from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.forecast import forecast
from almanac.core.vocabulary import Stage


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
