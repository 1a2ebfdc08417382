"""Reference classes: what is known of events in general, for whoever has no record yet.

A readable table. Each row names its source and how thin it is; the widest ranges stand where the
evidence is thinnest. Facts measured for Almanac from open data say so.
"""

import re
from dataclasses import dataclass

from almanac.core.turnout.level_parameters import LevelParameters
from almanac.core.turnout.pace import Pace

R_LADIES = "R-Ladies meetup archive (CC BY 4.0), events before 2021"
CARPENTRIES = "The Carpentries' workshop assessment (CC BY 4.0), workshops to July 2017"
ONE_PLATFORM = "4,788 hackathons on one platform, 2022 to 2025"


@dataclass(frozen=True, slots=True)
class LevelClass:
    """How many sign up for an event: log(count + 2) around a level (core/levels.py).

    mean: natural log; scale: how widely events of the class differ, where events of communities
    are 1. events: how many it rests on. carried: how much of what all programs share reaches it, per
    unit of its scale: what meetups of 60 say of a first hackathon is little.
    """

    key: str
    title: str
    mean: float
    scale: float
    events: int
    source: str
    carried: float = 1.0


@dataclass(frozen=True, slots=True)
class RateClass:
    """What share goes on from one stage to the next.

    mean: share; between: concentration (a + b) of the Beta over programs' own means; within:
    usual concentration of one program's events around its mean; size_slope: change of the logit
    per unit of natural log of the number at the stage before, around `size_centre`.
    """

    key: str
    title: str
    mean: float
    between: float
    within: float
    events: int
    source: str
    size_slope: float = 0.0
    size_centre: float = 1.0


LEVELS = (
    LevelClass(
        "community-in-person",
        "community events held in person",
        mean=2.75,
        scale=1.0,
        events=2077,
        source=R_LADIES,
    ),
    LevelClass(
        "community-online",
        "community events held online",
        mean=3.22,
        scale=1.0,
        events=646,
        source=R_LADIES,
    ),
    LevelClass(
        "workshop",
        "two-day computing workshops",
        mean=3.49,
        scale=0.55,
        events=110,
        source=CARPENTRIES,
    ),
    LevelClass(
        "hackathon",
        "hackathons",
        mean=4.32,
        scale=1.75,
        events=4788,
        source=f"{ONE_PLATFORM}: median 73 participants, with large differences",
        carried=0.15,
    ),
)
NO_CLASS = LevelClass("", "", mean=3.2, scale=1.9, events=0, source="", carried=0.15)
"""Where no class fits: as wide as the differences between all of them."""


def level_class(kind: str, event_format: str) -> LevelClass:
    """The class of events whose sign-ups resemble this one's; NO_CLASS where none does."""
    if kind in {"workshop", "hackathon"}:
        key = kind
    elif kind in {"event", "stream"}:
        online = event_format == "online" or (kind == "stream" and not event_format)
        key = "community-online" if online else "community-in-person"
    else:
        return NO_CLASS
    return next(found for found in LEVELS if found.key == key)


PARAMETERS = LevelParameters(
    program=0.46,
    drift=0.31,
    drift_years=0.75,
    formats=0.16,
    lead=0.12,
    slot=0.155,
    words=0.225,
    tide=0.095,
    tide_years=1.8,
    lead_effect=0.14,
    hour_effect=0.17,
    habit_effect=0.09,
    title_effect=0.09,
    word_effect=0.1,
    noise_in_person=0.225,
    noise_online=0.24,
    noise_other=0.475,
)
TRAIT_EFFECTS = {
    "lead": 0.23,
    "far ahead": -0.16,
    "at short notice": -0.07,
    "lead, online": -0.03,
    "far ahead, online": -0.04,
    "at short notice, online": -0.01,
    "about 8:00": -0.22,
    "about 10:00": 0.03,
    "about 12:00": 0.08,
    "about 14:00": 0.08,
    "about 16:00": -0.06,
    "about 18:00": 0.30,
    "about 20:00": 0.10,
    "about 22:00": 0.01,
    "first of its program": 0.01,
    "events before": 0.05,
    "years since the first": 0.03,
    "pause since the last": -0.03,
    "events in 90 days": -0.06,
    "words in the title": -0.16,
    "length of the title": 0.09,
    "no subject yet": -0.24,
    "no subject yet, far ahead": -0.21,
}
"""What an announcement tells (core/traits.py), in logs; from the same fit."""

SHOW_SLOPE = -0.2
"""Larger events lose a larger share: change of the logit per unit of log size. Workshops to July 2017
alone say −.1 to −.3 and cannot tell which."""
SHOW_RATES = (
    RateClass(
        "free-online",
        "free online events",
        mean=0.37,
        between=4,
        within=10,
        events=0,
        size_slope=SHOW_SLOPE,
        size_centre=60.0,
        source="about 37 % of online sign-ups come, from articles (unverified, so the range is wide)",
    ),
    RateClass(
        "free-evening",
        "free evenings held in person",
        mean=0.66,
        between=9,
        within=14,
        events=36,
        size_slope=SHOW_SLOPE,
        size_centre=40.0,
        source=(
            "36 ticketed evenings of one women-in-tech community with check-ins (pooled .66); "
            "hyped free meetups reach only .30 to .42"
        ),
    ),
    RateClass(
        "paid",
        "paid events",
        mean=0.81,
        between=12,
        within=20,
        events=1,
        size_slope=SHOW_SLOPE,
        size_centre=100.0,
        source="Python Brasil 2024, paid tickets in person: .82 of 320",
    ),
    RateClass(
        "workshop-show",
        "workshops people register for",
        mean=0.82,
        between=20,
        within=14,
        events=234,
        size_slope=SHOW_SLOPE,
        size_centre=30.0,
        source=f"{CARPENTRIES} and later; registered to first day, Beta(5.0, 1.2)",
    ),
    RateClass(
        "hackathon-show",
        "hackathons with an invitation to confirm",
        mean=0.6,
        between=7,
        within=12,
        events=2,
        size_slope=SHOW_SLOPE,
        size_centre=60.0,
        source="HackHer413 2019 and 2020: .64 of those who confirmed checked in",
    ),
)

JAM = re.compile(r"\bjam\b", re.IGNORECASE)

SUBMISSION_RATES = (
    RateClass(
        "hackathon-submissions",
        "submissions at hackathons",
        mean=0.27,
        between=14,
        within=22,
        events=4788,
        source=f"{ONE_PLATFORM}: median .27 of 20 to 50 participants, .066 of 1,000 and more",
        size_slope=-0.41,
        size_centre=35.0,
    ),
    RateClass(
        "jam-submissions",
        "submissions at online game jams",
        mean=0.28,
        between=6,
        within=9,
        events=830,
        source="online game jams 2013 to 2018: medians .29, .24, .24, .20, .27 of 20, 50, 100, 300, 1,000 and more",
        size_slope=-0.08,
        size_centre=35.0,
    ),
)


def submission_class(title: str) -> RateClass:
    """The class of hackathons whose share of projects handed in resembles this one's."""
    hackathons, jams = SUBMISSION_RATES
    return jams if JAM.search(title) else hackathons


PACE_SOURCE = (
    "sign-ups of 31 R-Ladies events of 2026 as they came in (CC BY 4.0), "
    "around a programmers' meetup with medians .30, .60, .80, .91 at 14, 7, 2 and 1 days"
)
PUBLISHED_PACE = Pace(
    level=1.2,
    to_go=-0.9,
    since=0.5,
    firmness=2.0,
    firmness_to_go=-0.2,
    leaving=0.06,
    loyalty=12.8,
)
"""The programmers' meetup alone: what a pace is learnt around."""
PACE = Pace(
    level=0.37,
    to_go=-0.67,
    since=0.51,
    firmness=1.99,
    firmness_to_go=-0.21,
    leaving=0.06,
    loyalty=12.8,
)
