"""Rows for `parts/tracks.html`: answers with their addresses, ranges and results on one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from almanac.answers import words
from almanac.answers.guesses.accuracy import MODEL, TOGETHER, YOU
from almanac.answers.metrics.content import at_age_words
from almanac.answers.metrics.targets import quantity
from almanac.answers.words import number
from almanac.charts import tracks
from almanac.charts.tracks import Mark, Span, TrackRow
from almanac.core.metrics.growth import AtAge
from almanac.core.vocabulary import Evidence, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from almanac.answers.guesses.accuracy import Accuracy, Said
    from almanac.answers.guesses.calibration import ComingExpectation
    from almanac.answers.log.logbook import ProgramPage
    from almanac.answers.log.months import MonthOfYear
    from almanac.answers.metrics.content import PostView
    from almanac.answers.metrics.targets import TargetProgress
    from almanac.answers.metrics.working import ProgramWork
    from almanac.answers.turnout.expectation import Prospect, StageView
    from almanac.answers.workload.overview import Load
    from almanac.charts.tracks import Track
    from almanac.core.counts import Counts
    from almanac.record.models import Activity, Break

MOST_EVENTS = 12


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One row: its words at both sides, and its track; None where there is nothing to draw."""

    title: str
    text: str
    url: str = ""
    when: str = ""
    track: Track | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows on one scale; ticks are written above them, none where the scale says nothing.

    caption, first, last: what the table and its two outer columns hold, for those who can't see it.
    """

    caption: str
    first: str
    last: str
    rows: tuple[PictureRow, ...]
    ticks: tuple[str, ...] = ()


def _picture(
    caption: str, first: str, last: str, rows: Sequence[tuple[PictureRow, TrackRow | None]],
    *, unit: str = "", scaled: bool = True,
) -> Picture:  # fmt: skip
    drawn = tracks.lay_out([row for _, row in rows if row is not None])
    each = iter(drawn.rows)
    placed = tuple(replace(words_, track=next(each)) if row else words_ for words_, row in rows)
    ticks = tuple(f"{tick:,.6g}{unit}" for tick in drawn.ticks) if scaled and drawn.rows else ()
    return Picture(caption, first, last, placed, ticks)


def _address(activity: Activity) -> str:
    return reverse("activity", args=[activity.pk])


def said_and_came(found: Accuracy, *, most: int = MOST_EVENTS) -> Picture:
    """The latest events, newest first: the forecast's range, one's own, and what came."""
    by_event: dict[tuple[int, str], dict[str, Said]] = {}
    for said in found.main:
        by_event.setdefault((said.activity.pk, said.stage), {})[said.who] = said
    rows = []
    for said_of in reversed(list(by_event.values())[-most:]):
        first = next(iter(said_of.values()))
        lanes = tuple(
            (Span(kind, *said_of[who].interval),)
            for who, kind in ((MODEL, "range"), (YOU, "yours"))
            if who in said_of
        )
        outside = [who for who in (MODEL, YOU) if who in said_of and not said_of[who].inside]
        text = f"{number(first.observed)} {words.DONE_TITLES[first.stage].lower()}"
        when = words.moment_said(first.activity.day)
        if outside:
            when += f" · outside {' and '.join(OUTSIDE[who] for who in outside)}"
        row = TrackRow(lanes, (Mark("came", first.observed),))
        rows.append((PictureRow(first.activity.title, text, _address(first.activity), when), row))
    return _picture("Forecasts, guesses and results", "Event", "Result", rows)


OUTSIDE = {MODEL: "the forecast’s range", YOU: "yours"}


def average_misses(found: Accuracy) -> Picture:
    """How far the middle of what each said was from the result, on average, in people."""
    rows: list[tuple[PictureRow, TrackRow | None]] = []
    for who in (MODEL, YOU, TOGETHER):
        missed = [
            abs(said.counts.quantile(0.5) - said.observed) for said in found.main if said.who == who
        ]
        if missed:
            mean = sum(missed) / len(missed)
            text = f"{words.counted(round(mean), 'person', 'people')} ({words.counted(len(missed), 'event', 'events')})"
            rows.append((PictureRow(who.capitalize(), text), TrackRow(((Span("bar", 0, mean),),))))
    return _picture("Average miss in people", "Who", "Off by", rows, scaled=False)


def turnout_history(found: ProgramPage, expected: dict[int, ComingExpectation]) -> Picture:
    """A program's events, newest first: who signed up, who came, and what the next should bring."""
    rows: list[tuple[PictureRow, TrackRow | None]] = []
    for activity in reversed(found.upcoming):
        found_ = expected.get(activity.pk)
        view = found_.view if found_ else None
        if view is not None and view.low is not None and view.high is not None:
            text = f"{words.span(view.low, view.high)} expected"
            row = TrackRow(((Span("range", view.low, view.high),),))
            when = words.moment_said(activity.day)
            rows.append((PictureRow(activity.title, text, _address(activity), when), row))
    for activity in found.events[:MOST_EVENTS]:
        turnout = activity.turnout
        came = turnout.attended if activity.is_counted else None
        lane = (Span("ground", 0, turnout.signups),) if turnout.signups is not None else ()
        bar = (Span("bar", 0, came),) if came is not None else ()
        said = [] if came is None else [f"{words.number(came)} came"]
        if turnout.signups is not None:
            said.append(f"{words.number(turnout.signups)} signed up")
        text = ", ".join(said) or "not counted"
        when = words.moment_said(activity.day)
        drawn = TrackRow(((*lane, *bar),)) if said else None
        rows.append((PictureRow(activity.title, text, _address(activity), when), drawn))
    return _picture("Sign-ups and attendance by event", "Event", "Count", rows)


def weeks_ahead(found: Load) -> Picture:
    """Hours due in each week against the hours there are for them; what is too much stands out."""
    rows = []
    for week in found.weeks:
        fits = min(week.due, week.holds)
        lane = [Span("ground", 0, week.holds), Span("bar", 0, fits)]
        if week.due > week.holds:
            lane.append(Span("over", week.holds, week.due))
        off = f" · {words.counted(week.days_off, 'day', 'days')} off" if week.days_off else ""
        text = f"{round(week.due)} of {round(week.holds)} h"
        rows.append(
            (
                PictureRow(f"{week.monday:%-d %b}", text, "", off.strip(" ·")),
                TrackRow((tuple(lane),)),
            )
        )
    return _picture("Hours by week", "Week of", "Hours", rows, unit=" h")


def year_by_month(months: Sequence[MonthOfYear]) -> Picture:
    """What was done in each month, its sorts one after another."""
    rows = []
    for month in months:
        lane, begin = [], 0
        for place, count in enumerate(month.counts, start=1):
            if count:
                lane.append(Span(f"k{place}", begin, begin + count))
            begin += count
        words_ = PictureRow(f"{month.first:%B}", words.number(month.total))
        rows.append((words_, TrackRow((tuple(lane),))))
    return _picture("Activities by month", "Month", "Activities", rows)


def target_bar(standing: TargetProgress) -> Picture:
    """Where a target stands, the range to expect, and what it should become."""
    outlook, metric = standing.outlook, standing.target.metric
    lane = []
    if outlook.so_far is not None:
        lane.append(Span("bar", 0, max(outlook.so_far, 0.0)))
    if outlook.low is not None and outlook.high is not None:
        lane.append(Span("range", max(outlook.low, 0.0), max(outlook.high, 0.0)))
    row = TrackRow((tuple(lane),), (Mark("aimed", standing.target.value),)) if lane else None
    text = f"target {quantity(standing.target.value, metric)}"
    so_far = f"{quantity(outlook.so_far, metric)} so far" if outlook.so_far is not None else ""
    return _picture(standing.sentence, "So far", "Target", [(PictureRow(so_far, text), row)])


def hours_per_person(found: Sequence[ProgramWork]) -> Picture:
    """What a person who came took in hours, program by program, beside the extremes of single events."""
    rows = []
    for work in found:
        per = work.per_person
        if per is None or per.hours is None:
            continue
        lanes = [(Span("bar", 0, per.hours),)]
        if per.low is not None and per.high is not None:
            lanes.append((Span("yours", per.low, per.high),))
        address = reverse("program", args=[work.program.slug])
        came = words.counted(per.number, "person", "people")
        words_ = PictureRow(work.program.name, f"{per.hours:,.2g} h", address, came)
        rows.append((words_, TrackRow(tuple(lanes))))
    return _picture("Hours per person who came", "Program", "Hours each", rows, unit=" h")


def views_at(posts: Iterable[PostView], age: int) -> Picture:
    """Views of posts at one age, newest first: read, or where they are likely to be by then."""
    rows: list[tuple[PictureRow, TrackRow | None]] = []
    for post in posts:
        for seen in post.seen:
            found = dict(seen.at).get(age)
            if not isinstance(found, AtAge):
                continue
            kind = (
                (Span("bar", 0, found.views),)
                if found.exact
                else (Span("range", found.low, found.high),)
            )
            text = at_age_words(found)
            when = f"{words.moment_said(post.activity.day)} · {seen.platform}"
            words_ = PictureRow(post.activity.title, text, _address(post.activity), when)
            rows.append((words_, TrackRow((kind,))))
    return _picture(f"Views after {age} days", "Post", "Views", rows[:MOST_EVENTS])


def days_off(breaks: Iterable[Break], today: date) -> Picture:
    """Breaks of the past year and the next quarter on one strip, and where today is."""
    first, last = today - timedelta(days=365), today + timedelta(days=90)
    lane = tuple(
        Span(
            "range" if each.first > today else "bar",
            max((each.first - first).days, 0),
            (min(each.last, last) - first).days + 1,
        )
        for each in breaks
        if each.last >= first and each.first <= last
    )
    row = TrackRow((tuple(sorted(lane, key=lambda span: span.low)),), (Mark("aimed", 365),))
    drawn = tracks.lay_out([row], top=(last - first).days)
    total = words.counted(
        sum(min(each.last, today) >= first for each in breaks if each.first <= today),
        "break",
        "breaks",
    )
    words_ = PictureRow("Time off", f"{total} in a year", track=drawn.rows[0])
    return Picture("Time off", "", "Breaks", (words_,), (f"{first:%b %Y}", f"{last:%b %Y}"))


def funnel(prospect: Prospect, main: StageView | None) -> Picture:
    """The stages as bars: what is counted, else what is expected, else why neither is there.

    main: what the page expects of its stage, where that is not the forecast's own.
    """
    rows: list[tuple[PictureRow, TrackRow | None]] = []
    turnout = prospect.turnout
    if turnout is not None and turnout.interested is not None:
        rows.append(_counted("Interested", turnout.interested))
    for outcome in prospect.outcomes:
        view = prospect.latest[outcome.stage] if prospect.latest else None
        if main is not None and main.stage is outcome.stage:
            view = main
        known = prospect.has_begun or (outcome.stage is Stage.SIGNUPS and view is None)
        if outcome.observed is not None and known:
            rows.append(_counted(outcome.title, outcome.observed))
        elif (
            outcome.stage is Stage.SIGNUPS and outcome.observed is not None and view and view.counts
        ):
            rows.append(_so_far(outcome.title, outcome.observed, view.counts))
        elif view is not None and view.counts is not None:
            title = view.title if not prospect.has_begun else f"{outcome.title}, expected"
            low, high = view.counts.interval(0.8)
            row = TrackRow(
                ((Span("range", low, high),),), (Mark("aimed", view.counts.quantile(0.5)),)
            )
            rows.append((PictureRow(title, words.span(low, high)), row))
        elif outcome.stage in {Stage.ATTENDED, Stage.SIGNUPS} or outcome.observed is not None:
            rows.append((PictureRow(outcome.title, _missing(prospect, outcome.stage)), None))
    return _picture("Counts and ranges from interest to showing up", "Stage", "People", rows)


def _so_far(title: str, number_: int, counts: Counts) -> tuple[PictureRow, TrackRow]:
    """Sign-ups that are in, and how many there will be."""
    low, high = counts.interval(0.8)
    lanes = ((Span("bar", 0, number_),), (Span("range", low, high),))
    text = f"{words.number(number_)} so far"
    if (low, high) != (number_, number_):
        text += f", {words.span(low, high)} expected"
    return PictureRow(title, text), TrackRow(lanes, (Mark("aimed", counts.quantile(0.5)),))


def _counted(title: str, number_: int) -> tuple[PictureRow, TrackRow]:
    return PictureRow(title, words.number(number_)), TrackRow(((Span("bar", 0, number_),),))


def _missing(prospect: Prospect, stage: Stage) -> str:
    if stage is Stage.ATTENDED and prospect.has_begun:
        return Evidence(prospect.evidence).label
    return "not known" if prospect.has_begun else "not entered yet"
