"""The example's hackathons: who signed up and why, what was handed in, and five judges. All are invented."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from almanac.actions.hackathons.hackathons import (
    count_uses,
    plan_hackathon,
    read_answers,
    read_judging,
    read_project_file,
)
from almanac.core.vocabulary import GuestState
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import Activity, SeenGuest
from almanac.record.queries import preferences, seen_guests
from almanac.sources.base.documents import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from almanac.record.rules import Actor

PRODUCT = "our API"
PROJECTS = (
    ("Bus, now", "Noor Haddad, Pavel Novotný", "our API, Python", "yes"),
    ("Commons map", "Lena Brandt", "our API, Leaflet", "yes"),
    ("Dyslexia reader", "Kofi Mensah, Ana Petrović", "Rust", "no"),
    ("Field notes", "Imani Okoro", "our API, Svelte", "yes"),
    ("Kitchen sums", "Greta Solheim, Omar Fayed", "JavaScript", "no"),
    ("Night bus chat", "Diego Robles", "our API, Go", "yes"),
    ("Repair café", "Sofia Lindqvist, Rui Nakamura", "our API, Django", "yes"),
    ("Sign along", "Mei-Ling Chou", "TensorFlow", "no"),
    ("Tide table", "Wren Albright, Bashir Karimi", "our API, Kotlin", "yes"),
)  # fmt: skip
MERIT = (3.4, 3.9, 3.6, 2.8, 2.5, 3.0, 4.3, 3.3, 4.2)
JUDGES = (("Amal", 0.5), ("Britt", -0.6), ("Chen", 0.0), ("Dora", 0.2), ("Emeka", -0.1))
"""How much more than others each gives."""
CRITERIA = (("idea", 0.2), ("craft", -0.2), ("use", 0.0))
CONFLICT = ("Dora", "Tide table")
UNSEEN = {("Emeka", "Bus, now"), ("Emeka", "Sign along"), ("Amal", "Kitchen sums")}
WHY = ("For the prizes", "To learn something new", "To learn something new", "To meet people", "To build an idea I have",
       "To use our API", "For the prizes")  # fmt: skip
YEARS = (
    "I study, or began this year",
    "I study, or began this year",
    "1 to 3 years",
    "4 to 10 years",
)
USE = ("Maybe", "No", "Yes", "Maybe", "No", "Maybe", "No", "Maybe", "No")
USES = ((5, 2, 1), (6, 3, 1), (2, 1, None))
"""Projects of each past hackathon that used the product, then and after 30 and 90 days."""
PLANS = (
    {"audience": "students", "teams": "teams", "length": "weekend", "nearness": "far", "product": PRODUCT},
    {"audience": "mixed", "teams": "any", "length": "week", "nearness": "beside", "product": PRODUCT},
    {"audience": "students", "teams": "any", "length": "weekend", "nearness": "far", "product": PRODUCT,
     "prizes": "1500"},
)  # fmt: skip


def hold_hackathons(actor: Actor, past: list[Activity], at: Callable[[date], datetime]) -> None:
    """past: the three that are over, in order; at: the moment of a day at which work is written down."""
    rules.require(rules.may_change_record, actor)
    for activity, plan, (used, later, latest) in zip(past, PLANS, USES, strict=False):
        day = activity.day or preferences.today()
        with clock.at(at(day - timedelta(days=20))):
            plan_hackathon(actor, activity, **plan)
        for ago, counts in (
            (1, {"used": used}),
            (31, {"used_30": later}),
            (92, {"used_90": latest}),
        ):
            if None not in counts.values():
                with clock.at(at(day + timedelta(days=ago))):
                    count_uses(actor, activity, **counts)
    with clock.at(at((past[1].day or preferences.today()) + timedelta(days=1))):
        read_project_file(actor, past[1], Document("projects.csv", _projects().encode()))
        read_judging(actor, past[1], Document("ballots.csv", _ballots().encode()), 1, 5)
    with clock.at(at((past[2].day or preferences.today()) - timedelta(days=1))):
        _sign_up(actor, past[2])


def _projects() -> str:
    rows = ["Project Title,Team,Built With,Used the product"]
    rows += [f'"{title}","{team}","{uses}",{used}' for title, team, uses, used in PROJECTS]
    return "\n".join(rows) + "\n"


def _ballots() -> str:
    rows = ["judge,project,criterion,score,conflict"]
    for at, (judge, leniency) in enumerate(JUDGES):
        for place, ((title, *_), merit) in enumerate(zip(PROJECTS, MERIT, strict=True)):
            if (judge, title) in UNSEEN:
                continue
            for number, (criterion, level) in enumerate(CRITERIA):
                # Judges differ a little beside their leniency, each time alike.
                apart = ((at * 7 + place * 5 + number * 3) % 5 - 2) * 0.28
                score = min(5, max(1, round(merit + leniency + level + apart)))
                conflict = "yes" if (judge, title) == CONFLICT else ""
                rows.append(f'{judge},"{title}",{criterion},{score},{conflict}')
    return "\n".join(rows) + "\n"


def _sign_up(actor: Actor, activity: Activity) -> None:
    """The form's responses, and who came, by hashes alone."""
    number = activity.turnout.signups or 0
    rows = [
        "Email,Why are you here?,How long have you been building software?,Would you use our API for your project?"
    ]
    rows += [
        f'guest{n}@example.org,{WHY[n % len(WHY)]},"{YEARS[n % len(YEARS)]}",{USE[n % len(USE)]}'
        for n in range(number)
        if n % 6
    ]
    read_answers(actor, activity, Document("sign-ups.csv", "\n".join(rows).encode()))
    secret = seen_guests.key_made()
    came = activity.turnout.attended or 0
    SeenGuest.objects.bulk_create(
        SeenGuest(
            activity_id=activity.pk, digest=seen_guests.digest(secret, activity.pk, f"guest{n}@example.org"),
            person=seen_guests.digest(secret, seen_guests.EVERYWHERE, f"guest{n}@example.org"),
            state=GuestState.ATTENDED if n % 3 == 2 and n // 3 < came else GuestState.NO_SHOW,
        )
        for n in range(number)
    )  # fmt: skip
