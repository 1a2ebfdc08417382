"""Reference classes: what is known of events in general, for whoever has no record yet.

A readable table. Each row names its source and how thin it is; the widest ranges stand where the
evidence is thinnest. Facts measured for Almanac from open data say so.
"""

from dataclasses import dataclass

R_LADIES = (
    "R-Ladies meetup archive (CC BY 4.0), events before 2021; level, spread and drift fitted by "
    "maximum likelihood"
)
CARPENTRIES = "The Carpentries' workshop assessment (CC BY 4.0), workshops to July 2017"
ONE_PLATFORM = "4,788 hackathons on one platform, 2022 to 2025"


@dataclass(frozen=True, slots=True)
class LevelClass:
    """How many sign up for an event: log(count + ½) around a level that drifts.

    mean: natural log; between: sd of programs' levels; drift: sd of a level's change over one
    year; noise: sd of one event around its level; all in log units. events: how many it rests on.
    """

    key: str
    title: str
    mean: float
    between: float
    drift: float
    noise: float
    events: int
    source: str


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
        mean=2.62,
        between=0.92,
        drift=0.75,
        noise=0.63,
        events=2077,
        source=R_LADIES,
    ),
    LevelClass(
        "community-online",
        "community events held online",
        mean=3.09,
        between=0.92,
        drift=0.75,
        noise=0.63,
        events=646,
        source=R_LADIES,
    ),
    LevelClass(
        "workshop",
        "two-day computing workshops",
        mean=3.44,
        between=0.3,
        drift=0.15,
        noise=0.25,
        events=110,
        source=CARPENTRIES,
    ),
    LevelClass(
        "hackathon",
        "hackathons",
        mean=4.3,
        between=1.25,
        drift=0.6,
        noise=0.8,
        events=4788,
        source=f"{ONE_PLATFORM}: median 73 participants, sd of the log 1.49",
    ),
)

SHOW_RATES = (
    RateClass(
        "free-online",
        "free online events",
        mean=0.37,
        between=4,
        within=10,
        events=0,
        source="online registrations quoted in prose, about .37 (unverified, hence the widest range)",
    ),
    RateClass(
        "free-evening",
        "free evenings held in person",
        mean=0.66,
        between=9,
        within=14,
        events=36,
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
        source="Python Brasil 2024, paid tickets in person: .82 of 320",
    ),
    RateClass(
        "workshop-show",
        "workshops people register for",
        mean=0.81,
        between=10,
        within=15,
        events=234,
        source=f"{CARPENTRIES} and later; registered to first day, Beta(5.0, 1.2)",
    ),
    RateClass(
        "hackathon-show",
        "hackathons with an invitation to confirm",
        mean=0.6,
        between=7,
        within=12,
        events=2,
        source="HackHer413 2019 and 2020: .64 of those who confirmed checked in",
    ),
)

SUBMISSION_RATES = (
    RateClass(
        "hackathon-submissions",
        "projects handed in at hackathons",
        mean=0.295,
        between=14,
        within=22,
        events=4788,
        source=f"{ONE_PLATFORM}: median .27 of 20 to 50 participants, .066 of 1,000 and more",
        size_slope=-0.37,
        size_centre=35.0,
    ),
)


@dataclass(frozen=True, slots=True)
class PacePoint:
    """The share of the final sign-ups already in, `hours` before the start: Beta(a, b)."""

    hours: float
    a: float
    b: float


PACE_SOURCE = (
    "sign-ups of 31 R-Ladies events of 2026 as they came in (CC BY 4.0), Beta by moments; "
    "a programmers' meetup has medians .30, .60, .80, .91 at 14, 7, 2 and 1 days"
)
PACE = (
    PacePoint(1, 4.18, 0.21),
    PacePoint(6, 4.16, 0.26),
    PacePoint(24, 2.39, 0.33),
    PacePoint(48, 3.52, 0.64),
    PacePoint(72, 2.69, 0.70),
    PacePoint(120, 2.44, 0.80),
    PacePoint(168, 1.87, 0.86),
    PacePoint(240, 1.95, 0.97),
    PacePoint(336, 1.32, 0.95),
)
