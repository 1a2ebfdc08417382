"""Everyday cases, each with the band that any sensible answer lies in.

A case is a past, an event to come, and a range for the middle of what is expected; some also say what
the 90 % point may not pass, or what must be refused. Bands are wide on purpose: they come from what the
events before it did, or from what is published of the class, never from what the model says.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from almanac.core.turnout.events import PastEvent, Upcoming
from almanac.core.turnout.forecast import forecast, learn_levels
from almanac.core.turnout.history import History
from almanac.core.vocabulary import Stage

DAYS = 365.25
NOW = 26.9
"""Years since 2000: late November 2026."""


def past(
    signups: Any = None,
    attended: Any = None,
    *,
    every: float = 14,
    lead: float | None = 20,
    first_row: int = 0,
    until: float = 7,
    **more: Any,
) -> list[PastEvent]:
    """Events at even distances, the last `until` days ago; numbers by event, None where missing."""
    number = len(signups if signups is not None else attended)
    events = []
    for place in range(number):
        starts = NOW - (until + every * (number - 1 - place)) / DAYS
        counts = {
            name: values[place]
            for name, values in (("signups", signups), ("attended", attended))
            if values is not None
        }
        told = {
            "program": 1,
            "format": "in_person",
            "title": "Meetup",
            "weekday": 1,
            "hour": 18.0,
        } | more
        told = {k: (v[place] if isinstance(v, list) else v) for k, v in told.items()}
        events.append(
            PastEvent(
                row=first_row + place + 1,
                starts=starts,
                announced=None if lead is None else starts - lead / DAYS,
                **told,
                **counts,
            )
        )
    return events


def to_come(days: float = 7, *, lead: float | None = 21, **more: Any) -> Upcoming:
    """An event so many days ahead, announced so many days before it."""
    starts = NOW + days / DAYS
    told = {
        "program": 1,
        "format": "in_person",
        "title": "Meetup",
        "weekday": 1,
        "hour": 18.0,
    } | more
    announced = None if lead is None else min(starts - lead / DAYS, NOW)
    return Upcoming(starts=starts, announced=announced, hours_to_go=24 * days, **told)


@dataclass(frozen=True)
class Case:
    """stage: of the middle that must lie between low and high; most: of the 90 % point; refused: that
    the stage is not forecast at all."""

    name: str
    upcoming: Upcoming
    low: float = 0
    high: float = 0
    stage: Stage = Stage.SIGNUPS
    past: list[PastEvent] = field(default_factory=list)
    most: float | None = None
    least: float | None = None
    refused: bool = False

    def middle(self) -> tuple[int | None, int | None, int | None]:
        """10 %, middle and 90 % of the stage; nothing where it is refused."""
        counts = forecast(self.upcoming, self.past)[self.stage].counts
        if counts is None:
            return None, None, None
        return counts.quantile(0.1), counts.quantile(0.5), counts.quantile(0.9)

    def verdict(self) -> tuple[bool, tuple[int | None, int | None, int | None]]:
        low, middle, high = found = self.middle()
        if self.refused or middle is None or low is None or high is None:
            return self.refused == (middle is None), found
        inside = self.low <= middle <= self.high
        inside = inside and (self.most is None or high <= self.most)
        return inside and (self.least is None or low >= self.least), found


CAME = Stage.ATTENDED
TEN = [45, 38, 51, 42, 40, 47, 44, 39, 50, 46]


def level(middle: float, number: int) -> list[int]:
    """Numbers within 8 % around a level."""
    return [round(middle * (1 + 0.08 * ((place * 7) % 5 - 2) / 2)) for place in range(number)]


def pairs(size: float, share: float, number: int) -> dict[str, list[int]]:
    sizes = level(size, number)
    return {"signups": sizes, "attended": [round(share * one) for one in sizes]}


def others(size: float, programs: int, each: int = 6) -> list[PastEvent]:
    """Other programs of meetups of that size."""
    found = []
    for program in range(programs):
        found += past(
            level(size, each), program=100 + program, first_row=1000 * (program + 1), every=30
        )
    return found


CASES = [
    # Nothing on record
    Case("a first meetup", to_come(14), 8, 45),
    Case("a first meetup online", to_come(14, format="online"), 12, 60),
    Case("a first workshop", to_come(14, kind="workshop"), 15, 60),
    Case("a first hackathon", to_come(28, kind="hackathon", lead=30), 25, 150),
    Case("61 signed up for a first evening", to_come(1, signups=61), 30, 52, CAME),
    Case("61 signed up online", to_come(1, signups=61, format="online"), 13, 34, CAME),
    Case("61 signed up, format unknown", to_come(1, signups=61, format=""), 20, 44, CAME, most=60),
    Case("61 signed up for a first online workshop", to_come(1, signups=61, kind="workshop", format="online"), 15, 50, CAME),
    Case("61 signed up for a free tutorial", to_come(1, signups=61, kind="workshop"), 28, 54, CAME),
    Case("320 paid tickets", to_come(1, signups=320, price=120.0), 225, 300, CAME),
    Case("2,000 signed up online", to_come(1, signups=2000, format="online"), 400, 1200, CAME),
    Case("none signed up yet for tomorrow", to_come(1, signups=0), 0, 3),
    # Three, ten and twenty events
    Case("three of 20", to_come(), 15, 27, past=past(level(20, 3))),
    Case("ten of 45", to_come(), 35, 54, past=past(TEN), most=75),
    Case("ten of 4", to_come(), 2, 6, past=past([4, 3, 5, 4, 4, 3, 5, 4, 4, 4]), most=10),
    Case("ten of 8", to_come(), 6, 11, past=past(level(8, 10))),
    Case("twenty of 120", to_come(), 100, 145, past=past(level(120, 20))),
    Case("one of 20", to_come(), 12, 30, past=past([20])),
    # A famous guest
    Case("120 where 45 are usual", to_come(signups=120), 122, 175, past=past(TEN)),
    Case("160 where 45 are usual", to_come(signups=160), 162, 235, past=past(TEN)),
    Case("250 where 45 are usual", to_come(signups=250), 252, 380, past=past(TEN)),
    Case("140 in a long program of 45", to_come(signups=140), 142, 205, past=past(TEN + TEN)),
    Case("160 with three days to go", to_come(3, signups=160), 161, 205, past=past(TEN + TEN)),
    Case("900 where 45 are usual", to_come(signups=900), 902, 1400, past=past(TEN)),
    # Growth by pace, 14 days before and announced 14 days ago
    *[
        Case(f"{size:,} with two weeks to go", to_come(14, lead=28, signups=size, format="online"), 1.25 * size, 1.9 * size)
        for size in (61, 300, 400, 1000, 2000, 6000)
    ],
    # Large programs
    *[
        Case(f"{number} of {size:,}", to_come(), 0.75 * size, 1.3 * size, past=past(level(size, number)))
        for number in (3, 5, 10) for size in (300, 1000, 5000)
    ],
    *[
        Case(f"three of {size:,} with unlike titles", to_come(lead=35), 0.75 * size, 1.3 * size,
             past=past(level(size, 3), every=30, title=["Postgres tips", "Feature flags", "On call"]))
        for size in (300, 700, 1500, 4000)
    ],
    Case("three yearly conferences of 2,000, paid", to_come(60, lead=120, price=300.0, title="Conf"), 1200, 2700,
         past=past([1900, 2000, 2100], every=365, lead=120, price=300.0, title="Conf", until=300)),
    Case("one of 1,000", to_come(), 60, 1200, past=past([1000])),
    Case("webinars of 1,000", to_come(format="online"), 800, 1250, past=past(level(1000, 5), format="online")),
    Case("who comes to webinars of 1,000 of whom 35 % came", to_come(1, signups=1000, format="online"), 290, 410, CAME,
         past=past(**pairs(1000, 0.35, 5), format="online")),
    Case("one huge event long ago", to_come(1, signups=9), 5, 8, CAME,
         past=past([12, 10, 11, 9], [8, 7, 7, 6]) + past([100_000], [40_000], until=400, format="online", first_row=50)),
    # A jump, a silence, a fall, growth
    Case("one of 400 among 44s", to_come(), 36, 70, past=past([44, 46, 43, 400, 45, 44, 42])),
    Case("from 90 down to 32", to_come(), 25, 46, past=past([90, 88, 84, 60, 45, 36, 34, 32, 31, 33])),
    Case("from 60 to 3 a year ago", to_come(), 2, 8, past=past([60, 55, 70, 58, 62, 61, 3, 3, 4, 3, 3, 4, 3, 3])),
    Case("doubled four times ago and stayed", to_come(), 65, 100, past=past([40, 42, 39, 41, 80, 82, 79, 84])),
    Case("numbered meetups of 480, the next without a number", to_come(lead=21, title="Christmas special"), 360, 560,
         past=past(level(480, 10), every=30, title=[f"Big {n}" for n in range(1, 11)])),
    Case("growing from 20 to 80", to_come(), 60, 100, past=past([20, 24, 30, 36, 42, 50, 58, 64, 72, 80])),
    Case("a year of silence", to_come(), 25, 60, past=past(TEN, until=400)),
    Case("a book club that loses people", to_come(title="Book club part 9"), 5, 15,
         past=past([110, 38, 20, 12, 11, 9, 9, 8], title=[f"Book club part {n}" for n in range(1, 9)])),
    Case("a show rate that fell from .8 to .35", to_come(1, signups=44), 14, 27, CAME,
         past=past([44] * 10, [35, 34, 32, 30, 28, 25, 23, 20, 18, 15])),
    # Attendance and sign-ups together
    Case("six counted evenings, none signed up", to_come(), 20, 30, CAME, past=past(None, [24, 26, 25, 28, 24, 27])),
    Case("the same, 1 signed up", to_come(signups=1), 20, 30, CAME, past=past(None, [24, 26, 25, 28, 24, 27])),
    Case("the same, 8 signed up", to_come(signups=8), 20, 30, CAME, past=past(None, [24, 26, 25, 28, 24, 27])),
    Case("the same, 60 signed up", to_come(1, signups=60), 25, 45, CAME, past=past(None, [24, 26, 25, 28, 24, 27])),
    Case("office hours with four regulars", to_come(), 3, 5, CAME, past=past(None, [4] * 10, title="Office hours")),
    Case("their sign-ups", to_come(), refused=True, past=past(None, [4] * 10, title="Office hours")),
    Case("a first stream's sign-ups", to_come(kind="stream", format=""), refused=True),
    Case("half of those signed up come", to_come(1, signups=50), 20, 31, CAME, past=past(**pairs(50, 0.5, 6))),
    # Seats
    Case("40 seats, 38 signed up", to_come(signups=38, seats=40), 38, 40, past=past(TEN), most=40),
    Case("12 seats, 30 signed up", to_come(1, signups=30, seats=12), 9, 12, CAME, most=12),
    Case("40 seats, 41 signed up", to_come(1, signups=41, seats=40), 22, 38, CAME, past=past(TEN), most=40),
    Case("100 seats online do not limit", to_come(1, signups=300, seats=100, format="online"), 60, 180, CAME),
    # Interest
    Case("300 interested and no pairs", to_come(interested=300), 35, 54, past=past(TEN)),
    Case("30 interested with pairs of 40 and 12", to_come(interested=30), 8, 14,
         past=past([12, 11, 13, 12], interested=[40, 38, 42, 41])),
    Case("3,000 interested where 40 were the most", to_come(interested=3000), 10, 45,
         past=past([12, 11, 13, 12], interested=[40, 38, 42, 41])),
    # A first of its kind beside other programs
    *[
        Case(f"a first hackathon beside ten programs of {size}", to_come(28, lead=30, kind="hackathon", program=9), 20, 200,
             past=others(size, 10))
        for size in (10, 25, 60, 120, 300)
    ],
    Case("a conference in four weeks, 400 signed up, beside meetups of 60",
         to_come(28, lead=60, kind="conference", program=9, signups=400), 450, 1100, past=others(60, 5)),
    Case("who comes to a first hackathon of 80", to_come(1, kind="hackathon", program=9, signups=80), 30, 65, CAME,
         past=others(60, 5)),
]  # fmt: skip


def drawn(seed: int) -> tuple[Upcoming, History, int]:
    """An event to come, a past, and a number of sign-ups: of any size, format and kind."""
    rng = random.Random(seed)
    size = 10 ** rng.uniform(0.3, 3.5)
    number = rng.choice([0, 0, 1, 3, 6, 12])
    signups = [max(0, round(size * rng.lognormvariate(0, 0.3))) for _ in range(number)]
    share = rng.uniform(0.2, 0.95)
    attended = [round(share * one) if rng.random() < 0.7 else None for one in signups]
    form = rng.choice(["in_person", "online", "hybrid", ""])
    more = {"format": form, "kind": rng.choice(["event", "event", "workshop", "hackathon"])}
    hidden = rng.random() < 0.25
    events = past(None if hidden else signups, attended, **more) if number else []
    seats = rng.choice([None, None, max(1, round(size * rng.uniform(0.5, 2)))])
    event = to_come(rng.uniform(0.5, 40), lead=rng.choice([None, 7, 30]), seats=seats, **more)
    return event, History(events), max(1, round(size * rng.uniform(0.1, 2.5)))


def incoherences(seed: int) -> list[str]:
    """What of one random event's forecasts contradicts another, in words; nothing is right."""
    event, history, number = drawn(seed)
    levels = learn_levels(history.events)
    found = [
        forecast(replace(event, signups=signups), history, levels)
        for signups in (number, number + 1, round(number * 1.3) + 1)
    ]
    came, signed = ([each[stage].counts for each in found] for stage in (CAME, Stage.SIGNUPS))
    wrong = []
    for name, counts in (("sign up", signed), ("come", came)):
        for less, more in pairwise(counts):
            if more.mean < 0.98 * less.mean - 0.05 or more.quantile(0.5) < less.quantile(0.5) - 1:
                wrong.append(
                    f"{seed}: more signed up and fewer {name}: {less.mean:.1f}, {more.mean:.1f}"
                )
    if (
        event.seats is not None
        and not event.online
        and any(each.last > event.seats for each in came)
    ):
        wrong.append(f"{seed}: more come than there are seats")
    rises = [came[0].at_least(n) for n in range(0, came[0].last + 2, max(1, came[0].last // 50))]
    if any(after > before + 1e-12 for before, after in pairwise(rises)):
        wrong.append(f"{seed}: a larger number is more likely reached")
    counted = any(one.attended is not None for one in history.events)
    if not counted and came[0].quantile(0.9) > signed[0].quantile(0.9):
        wrong.append(f"{seed}: more come than sign up")
    return wrong
