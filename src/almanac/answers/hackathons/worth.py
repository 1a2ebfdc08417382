"""Is this hackathon worth it? How many to expect at each stage, what it takes, and what else the hours
could be spent on."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from statistics import fmean
from typing import TYPE_CHECKING

from django.db.models import Count

from almanac.answers import words
from almanac.answers.guesses.calibration import combined, expected
from almanac.answers.metrics.working import programs_at_work
from almanac.answers.turnout.based_on import basis
from almanac.answers.turnout.expectation import (
    body_of,
    compute,
    first_guess,
    prospect,
    upcoming_of,
)
from almanac.core.hackathons.worth import Alternative, beside, carried_on, per_result
from almanac.core.turnout.class_shares import StagePair
from almanac.core.vocabulary import Kind, Stage, Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.models import (
    USES,
    Activity,
    Hackathon,
    HackathonAudience,
    Length,
    Nearness,
    Project,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from almanac.answers.metrics.working import PerResult, ProgramWork
    from almanac.core.counts import Counts
    from almanac.record.rules import Actor

PRODUCT = "your product"
MOST_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class WorthStage:
    """One stage from sign-up to use. counts: None where nothing can be said, and then why; rests: what it
    rests on; hours, money: of one result, likely."""

    name: str
    counts: Counts | None
    why: str
    rests: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    hours: str = ""
    money: str = ""

    @property
    def said(self) -> str:
        """“40 to 70”."""
        if self.counts is None:
            return self.why
        low, high = self.counts.interval(0.8)
        return words.span(low, high)


@dataclass(frozen=True, slots=True)
class OtherUse:
    """A program whose people took hours too."""

    program: str
    slug: str
    events: int
    found: Alternative

    @property
    def sentence(self) -> str:
        """“Small groups: 1.4 h per person who came, by 6 events. 23 % chance that the hackathon takes less.”"""
        return f"{self.program}: {self.told}"

    @property
    def told(self) -> str:
        """The same without its name."""
        return (
            f"{self.found.middle:,.2g} h per person who came, by {words.counted(self.events, 'event', 'events')}. "
            f"{words.percent_chance(self.found.better).capitalize()} that the hackathon takes less."
        )


@dataclass(frozen=True, slots=True)
class HackathonWorth:
    """The page before a hackathon. is_asked: whether no forecast was made yet, before which no number is
    shown; has_guess: whether the guess that comes first is there."""

    activity: Activity
    plan: Hackathon | None
    is_asked: bool
    has_guess: bool
    stages: tuple[WorthStage, ...]
    hours: float | None
    hours_from: str
    money: float | None
    others: tuple[OtherUse, ...]
    changes: tuple[str, ...]
    questions: tuple[str, ...]
    outdated: str
    """“This forecast is outdated (1 more event of this program was counted).”"""

    @property
    def sentence(self) -> str:
        """The answer in one or two sentences."""
        present = next((stage for stage in self.stages if stage.name == "Present"), None)
        if present is None or present.counts is None:
            return "Can’t say yet how many will come, so not whether it is worth it either."
        handed = next(stage for stage in self.stages if stage.name == "Handed in")
        expects = f"Expect {present.said} people"
        if handed.counts is not None:
            expects += f" and {handed.said} projects"
        if self.hours is None:
            return f"{expects}. Say how many hours it takes, and its cost stands beside your other programs."
        spent = f" for about {self.hours:,.3g} h"
        if self.money:
            spent += f" and {self.money:,.0f} {self.activity.currency}".rstrip()
        best = max(self.others, key=lambda other: other.found.from_people, default=None)
        if best is None:
            return f"{expects}{spent}: {present.hours} per person who comes."
        chance = words.percent_chance(best.found.better)
        return (
            f"{expects}{spent}: {present.hours} per person who comes, beside {best.found.middle:,.2g} h in "
            f"{best.program}. {chance.capitalize()} that the hackathon is the better use of the hours."
        )


def plan_of(actor: Actor, activity: Activity) -> Hackathon | None:
    """What is known of a hackathon beside its turnout."""
    rules.require(rules.may_read_record, actor)
    return Hackathon.objects.filter(activity=activity).first()


def worth(actor: Actor, activity: Activity, *, unseen: bool = False) -> HackathonWorth:
    """unseen: show the forecast even where nobody has guessed yet and none is frozen."""
    rules.require(rules.may_read_private, actor)
    plan = plan_of(actor, activity)
    stages = _turnout_stages(actor, activity, unseen=unseen)
    is_asked = not stages
    handed = next((stage.counts for stage in stages if stage.name == "Handed in"), None)
    stages += _use_stages(handed, activity) if stages else []
    hours, hours_from = _hours(actor, activity)
    money = money_of(activity, plan)
    priced = tuple(_priced(stage, hours, money, activity.currency) for stage in stages)
    present = next((stage.counts for stage in priced if stage.name == "Present"), None)
    others = _others(actor, activity, hours, present)
    since = "; ".join(prospect(actor, activity).changes)
    return HackathonWorth(
        activity, plan, is_asked, first_guess(actor, activity) is not None, priced, hours, hours_from, money, others,
        tuple(_changes(plan, priced, others)), _questions(activity, plan),
        f"This forecast is outdated ({since})." if since else "",
    )  # fmt: skip


STAGES = (
    (Stage.SIGNUPS, "Signed up"),
    (Stage.ATTENDED, "Present"),
    (Stage.SUBMISSIONS, "Handed in"),
)


def _turnout_stages(actor: Actor, activity: Activity, *, unseen: bool) -> list[WorthStage]:
    """As the event's own page shows them: the combined expectation once there is a guess."""
    seen = prospect(actor, activity)
    if seen.latest is not None:
        both = combined(actor, activity, seen.guess, seen.latest)
        main = expected(seen.latest, both)
        views = [main if main.stage == stage else seen.latest[stage] for stage, _ in STAGES]
        return [
            WorthStage(name, view.counts, view.sentence, view.basis.sentences, view.basis.sources)
            for view, (_, name) in zip(views, STAGES, strict=True)
        ]
    if not unseen:
        return []
    now = clock.now()
    found = compute(actor, activity, now)
    body = body_of(found, upcoming_of(activity, now))
    made = []
    for stage, name in STAGES:
        counts = found[stage].counts
        told = next(each for each in body["stages"] if each["stage"] == stage)
        rests = basis(stage, told, body["known"]) if counts is not None else None
        made.append(
            WorthStage(
                name, counts, "" if counts is not None else "can’t say yet",
                rests.sentences if rests else (), rests.sources if rests else (),
            )
        )  # fmt: skip
    return made


def _use_stages(handed: Counts | None, activity: Activity) -> list[WorthStage]:
    """Use of the product, by the record's own past hackathons alone: no published figure is comparable."""
    past = _past_uses(activity)
    made = []
    before, counts = "submissions", handed
    for field, name in zip(
        USES, ("Using the product", "After 30 days", "After 90 days"), strict=True
    ):
        pairs = [
            StagePair(row[before] or 0, min(row[field] or 0, row[before] or 0), 1.0, key)
            for key, row in past.items()
            if row[before] is not None and row[field] is not None
        ]
        counts_here = carried_on(counts, pairs)
        why = (
            f"can’t say yet: {words.counted(len(pairs), 'past hackathon', 'past hackathons')} of yours "
            "with this count, two are needed"
        )
        rests = (f"{words.counted(len(pairs), 'past hackathon', 'past hackathons')} of yours.",)
        made.append(WorthStage(name, counts_here, why, rests if counts_here is not None else ()))
        # 30 and 90 days are shares of those who used it at the hackathon.
        if field == "used":
            before, counts = "used", counts_here
    return made


def _past_uses(activity: Activity) -> Mapping[int, Mapping[str, int | None]]:
    """Of past hackathons: projects handed in, and how many used the product, then and later."""
    rows = Activity.objects.filter(kind=Kind.HACKATHON, status=Status.DONE).exclude(pk=activity.pk)
    found = {}
    for row in rows.select_related("turnout", "hackathon").order_by("-day")[:60]:
        uses = uses_of(row)
        turnout = row.turnout_if_any
        submissions = turnout.submissions if turnout else None
        found[row.pk] = {"submissions": submissions, **uses}
    return found


def uses_of(activity: Activity) -> dict[str, int | None]:
    """How many projects used the product, then and after 30 and 90 days: as said of the hackathon, else as
    said of its projects, where it was said of all of them."""
    plan = getattr(activity, "hackathon", None)
    said = {field: getattr(plan, field, None) for field in USES}
    if all(number is not None for number in said.values()):
        return said
    projects = list(Project.objects.filter(activity=activity).values_list(*USES))
    for place, field in enumerate(USES):
        flags = [row[place] for row in projects]
        if field != "used":
            unsure = any(row[0] is None for row in projects)
            flags = [] if unsure else [row[place] for row in projects if row[0]]
        if said[field] is None and flags and all(flag is not None for flag in flags):
            said[field] = sum(map(bool, flags))
    return said


def _hours(actor: Actor, activity: Activity) -> tuple[float | None, str]:
    """Hours with preparation: as planned, else as the program's past events took."""
    if activity.hours_planned:
        parts = sum(float(part.hours or 0) for part in activity.parts.all())
        return float(activity.hours_planned) + parts, "as you planned"
    work = next(
        (each for each in programs_at_work(actor, judged=activity.program_id)
         if each.program.pk == activity.program_id), None,
    )  # fmt: skip
    mine = work.per_person if work else None
    if mine is None or not mine.events:
        return None, ""
    hours = sorted(hours for hours, _ in mine.events)
    return hours[len(hours) // 2], "as past ones of this program took"


def money_of(activity: Activity, plan: Hackathon | None) -> float | None:
    """What it costs, prizes included; None where nothing is known."""
    prizes = float(plan.prizes) if plan and plan.prizes is not None else None
    cost = float(activity.cost) if activity.cost is not None else None
    if prizes is None and cost is None:
        return None
    return (prizes or 0.0) + (cost or 0.0)


def _priced(
    stage: WorthStage, hours: float | None, money: float | None, currency: str
) -> WorthStage:
    if stage.counts is None:
        return stage
    return WorthStage(
        stage.name, stage.counts, stage.why, stage.rests, stage.sources,
        _per(hours, stage.counts, "h") if hours else "",
        _per(money, stage.counts, currency) if money else "",
    )  # fmt: skip


def _per(spent: float, results: Counts, unit: str) -> str:
    """“0.9 to 1.6 h”, or “2.4 h or more” where there may be no result at all."""
    low, high = per_result(spent, results)
    shown = f"{low:,.2g}" if low < 100 else f"{low:,.0f}"
    if high is None:
        return f"{shown} {unit} or more".replace("  ", " ")
    upper = f"{high:,.2g}" if high < 100 else f"{high:,.0f}"
    return (f"{shown} {unit}" if shown == upper else f"{shown} to {upper} {unit}").strip()


def per_event(mine: PerResult) -> list[float]:
    """Hours per person who came, of each of a program's events."""
    return [hours / came for hours, came in mine.events if hours and came]


def usual_hours(mine: PerResult) -> float | None:
    """A program's usual hours per person who came: the geometric mean of its events."""
    each = per_event(mine)
    return exp(fmean(map(log, each))) if each else None


def comparable(actor: Actor, activity: Activity) -> list[tuple[ProgramWork, PerResult]]:
    """Other programs in which people do something together, as at a hackathon: events and workshops. To
    listen to a stream or a talk is something else, however little an hour of it costs."""
    rules.require(rules.may_read_private, actor)
    done = Activity.objects.filter(status=Status.DONE)
    together = dict(
        done.filter(kind__in=(Kind.EVENT, Kind.WORKSHOP))
        .values_list("program")
        .annotate(Count("pk"))
    )
    heard = dict(
        done.filter(kind__in=(Kind.STREAM, Kind.TALK)).values_list("program").annotate(Count("pk"))
    )
    return [
        (work, work.per_person)
        for work in programs_at_work(actor, judged=activity.program_id)
        if work.program.pk != activity.program_id
        and work.per_person is not None
        and together.get(work.program.pk, 0) > heard.get(work.program.pk, 0)
    ]


def _others(
    actor: Actor, activity: Activity, hours: float | None, present: Counts | None
) -> tuple[OtherUse, ...]:
    if not hours or present is None:
        return ()
    found = []
    for work, mine in comparable(actor, activity):
        each = per_event(mine)
        if each:
            found.append(
                OtherUse(
                    work.program.name, work.program.slug, len(each), beside(hours, present, each)
                )
            )
    return tuple(sorted(found, key=lambda other: other.found.middle)[:MOST_ALTERNATIVES])


def _changes(
    plan: Hackathon | None, stages: tuple[WorthStage, ...], others: tuple[OtherUse, ...]
) -> list[str]:
    """What would change the answer."""
    found = []
    for other in others[:1]:
        found.append(
            f"From about {words.counted(other.found.from_people, 'person', 'people')} on, an hour here reaches "
            f"as many as an hour of {other.program}."
        )
    product = (plan.product if plan else "") or PRODUCT
    if any(stage.counts is None and stage.name == "Using the product" for stage in stages):
        found.append(
            f"How many go on to use {product}. Nothing in your record says, and no published figure is comparable: "
            "ask at sign-up who would, and count the projects that did."
        )
    if plan and plan.nearness == Nearness.FAR:
        found.append(f"A theme, a track or a prize that needs {product}: now anything goes.")
    return found


def _questions(activity: Activity, plan: Hackathon | None) -> tuple[str, ...]:
    """The two questions to ask the organiser: those whose answers are missing, the most telling first."""
    own = Activity.objects.filter(
        program=activity.program_id, kind=Kind.HACKATHON, status=Status.DONE, turnout__submissions__isnull=False
    ).exists()  # fmt: skip
    product = (plan.product if plan else "") or PRODUCT
    asked = [
        (not own, "How many signed up, came and handed something in last time?"),
        (
            plan is None or plan.audience == HackathonAudience.UNKNOWN,
            "Who comes: students, newcomers, working developers or specialists, and what did they say they came for?",
        ),
        (
            plan is None or plan.nearness in {Nearness.UNKNOWN, Nearness.FAR},
            f"May a track or a prize ask for {product}, and may you show it at the start?",
        ),
        (True, "May your three questions stand in the sign-up form, and will you get the answers?"),
        (
            plan is None or plan.length == Length.UNKNOWN,
            "How long does it last, and is there help for those who get stuck?",
        ),
        (True, "How many of last time’s projects were still worked on after a month?"),
    ]
    return tuple(text for is_missing, text in asked if is_missing)[:2]
