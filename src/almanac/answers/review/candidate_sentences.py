"""Candidates for the four headings of a review, each a sentence with its numbers and its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.answers.review.sentences import Fact, named
from almanac.core.metrics.target_chance import Course
from almanac.record.infra.seals import fingerprint
from almanac.record.models import WorthIt
from almanac.record.queries.attendance import attendance, signed_and_came

if TYPE_CHECKING:
    from collections.abc import Iterable

    from almanac.answers.review.evidence import ByProgram, ExpectedInReview, Found
    from almanac.answers.review.sentences import Sentence

HEADINGS = {
    "challenges": "Challenges",
    "successes": "Successes",
    "failures": "Failures",
    "takeaways": "Takeaways",
}
LONGEST_KEY = 160
FEW_CAME = 0.4
"""A share of those signed up below which coming is said to have been the hard part."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """key: stable over regeneration, so that what a person did with it stays with it."""

    section: str
    key: str
    sentence: Sentence
    reason: Sentence


def candidates(found: Found) -> list[Candidate]:
    """Everything the record suggests for the four headings."""
    made: list[Candidate] = []
    for mine in found.programs:
        # Work without a program has nothing in common that could be judged.
        made += _of_program(mine, found) if mine.program.pk else []
    made += _of_targets(found)
    made += _of_expected(found)
    made += _of_given_up(found)
    made += _of_quotes(found)
    made += _of_energy(found)
    made += _of_reach(found)
    return [
        replace(each, key=f"{each.key[:80]}:{fingerprint({'key': each.key})[:32]}")
        if len(each.key) > LONGEST_KEY
        else each
        for each in made
    ]


def _of_program(mine: ByProgram, found: Found) -> Iterable[Candidate]:
    name, slug = mine.program.name, mine.program.slug
    worth = [a for a in mine.gatherings() if (t := a.turnout_if_any) and t.worth_it == WorthIt.YES]
    waste = [a for a in mine.gatherings() if (t := a.turnout_if_any) and t.worth_it == WorthIt.NO]
    if worth:
        yield Candidate(
            "successes",
            f"worth:{slug}",
            (
                f"{name}: ",
                Fact.of(_events(len(worth)), worth),
                f" {'was' if len(worth) == 1 else 'were'} worth it for those who came.",
            ),
            ("Your own rating after: ", named(worth), "."),
        )
    if waste:
        yield Candidate(
            "failures",
            f"not-worth:{slug}",
            (
                f"{name}: ",
                Fact.of(_events(len(waste)), waste),
                f" {'was' if len(waste) == 1 else 'were'} not worth it for those who came.",
            ),
            ("Your own rating after: ", named(waste), "."),
        )
    both = [a for a in mine.counted() if a.turnout.signups]
    signed, came = signed_and_came(both)
    if both and signed and came / signed < FEW_CAME:
        yield Candidate(
            "challenges",
            f"few-came:{slug}",
            (
                f"{name}: only {words.number(came)} of the ",
                Fact.of(words.counted(signed, "sign-up", "sign-ups"), both),
                " came.",
            ),
            (
                f"{words.share(came / signed)} of sign-ups, over ",
                Fact.of(_events(len(both)), both),
                ".",
            ),
        )
        yield Candidate(
            "takeaways",
            f"plan-for:{slug}",
            (
                f"{name}: plan for about ",
                Fact.of(f"{words.share(came / signed)}", both),
                " of sign-ups when you book a room.",
            ),
            ("The share that came, over ", Fact.of(_events(len(both)), both), "."),
        )
    yield from _returned_little(mine, found)


def _returned_little(mine: ByProgram, found: Found) -> Iterable[Candidate]:
    """“hackathons: 3 held, 41 h, 12 took part, expected 30 to 55”"""
    said = {e.activity.pk: e for e in found.expected if e.low is not None}
    below = [
        e
        for a in mine.counted()
        if (e := said.get(a.pk)) and e.low is not None and e.observed < e.low
    ]
    above = [
        e
        for a in mine.counted()
        if (e := said.get(a.pk)) and e.high is not None and e.observed > e.high
    ]
    held = [said[a.pk] for a in mine.counted() if a.pk in said]
    for group, section, verb in ((below, "failures", "fewer"), (above, "successes", "more")):
        if group and len(group) * 2 >= len(held):
            rows = [e.activity for e in group]
            came = sum(e.observed for e in group)
            low, high = sum(e.low or 0 for e in group), sum(e.high or 0 for e in group)
            yield Candidate(
                section,
                f"{verb}-than-expected:{mine.program.slug}",
                (
                    f"{mine.program.name}: {verb} people than expected: ",
                    Fact.of(words.counted(came, "person", "people"), rows),
                    f" came, expected {words.span(low, high)}.",
                ),
                (
                    Fact.of(f"{len(held)} held", [e.activity for e in held]),
                    _hours(mine),
                    f", {words.number(came)} came, expected {words.span(low, high)}.",
                ),
            )


def _hours(mine: ByProgram) -> str:
    return f", {float(mine.hours):,.6g} h" if mine.hours is not None else ""


def _of_targets(found: Found) -> Iterable[Candidate]:
    for standing in found.targets:
        target = standing.target
        if target.by > found.period.last and standing.outlook.course is not Course.REACHED:
            continue
        key = f"target:{target.pk}"
        if standing.outlook.course is Course.REACHED:
            yield Candidate(
                "successes", key, (f"{target.metric.name}: {standing.sentence}",),
                (target.why or "You had set this target.",),
            )  # fmt: skip
        elif standing.outlook.course is Course.MISSED:
            yield Candidate(
                "failures", key, (f"{target.metric.name}: {standing.sentence}",),
                (target.why or "You had set this target.",),
            )  # fmt: skip


def _of_expected(found: Found) -> Iterable[Candidate]:
    guessed = [e for e in found.expected if e.guess is not None]
    if len(guessed) < 3:
        return
    rows = [e.activity for e in guessed]
    high = sum(e.guess.best > e.observed for e in guessed if e.guess)
    low = sum(e.guess.best < e.observed for e in guessed if e.guess)
    if max(high, low) * 4 >= 3 * len(guessed):
        way = "high" if high > low else "low"
        yield Candidate(
            "takeaways",
            "guesses",
            (
                f"Your guesses were too {way}, ",
                Fact.of(f"{max(high, low)} of {len(guessed)} times", rows),
                f"; next time start {'lower' if way == 'high' else 'higher'}.",
            ),
            ("Your best guess against what was counted.",),
        )


def guessing(found: Found) -> list[Sentence]:
    """Forecasts against outcomes, and what was learnt about guessing."""
    said: list[Sentence] = []
    ranged = [e for e in found.expected if e.inside is not None]
    if ranged:
        inside = sum(bool(e.inside) for e in ranged)
        right = round(0.8 * len(ranged))
        few = "; too few to judge" if len(ranged) < 10 else ""
        said.append(
            (
                "Of ",
                Fact.of(
                    words.counted(len(ranged), "event", "events"), [e.activity for e in ranged]
                ),
                f" with a forecast and a count, {inside} fell inside the forecast’s range (about {right} "
                f"expected{few}).",
            )
        )
    guessed = [e for e in found.expected if e.guess is not None]
    if guessed:
        near = sum(_inside_guess(e) for e in guessed)
        said.append(
            (
                "You guessed at ",
                Fact.of(_events(len(guessed)), [e.activity for e in guessed]),
                f"; {near} fell inside your range.",
            )
        )
    return said


def _inside_guess(expected: ExpectedInReview) -> bool:
    """Whether it came out inside the guess's 80 % range, as on the page of forecast accuracy."""
    if expected.guess is None:
        return False
    low, high = expected.guess.counts.interval(0.8)
    return low <= expected.observed <= high


def _of_given_up(found: Found) -> Iterable[Candidate]:
    gatherings = [a for a in found.dropped if a.is_gathering]
    if gatherings:
        yield Candidate(
            "failures",
            "dropped",
            (
                Fact.of(words.counted(len(gatherings), "event", "events"), gatherings),
                f" did not take place: {named(gatherings)}.",
            ),
            ("Cancelled events are not counted as zero.",),
        )
    if found.declined:
        yield Candidate(
            "successes",
            "declined",
            (
                "I said no to ",
                Fact.of(words.counted(len(found.declined), "request", "requests"), found.declined),
                ", which left room for the rest.",
            ),
            ("Declined: ", named(found.declined), "."),
        )
    who = attendance(found.done)
    blind, counted = who.uncounted, who.events
    if len(blind) > len(counted) and len(blind) >= 3:
        yield Candidate(
            "takeaways",
            "count",
            ("Count attendance: ", Fact.of(_events(len(blind)), blind), " had no count."),
            ("Only ", Fact.of(_events(len(counted)), counted), " have a count."),
        )


def _of_quotes(found: Found) -> Iterable[Candidate]:
    if len(found.quotes) >= 3:
        number = words.counted(len(found.quotes), "quote", "quotes")
        yield Candidate(
            "successes",
            "voices",
            (f"{number} may be quoted.",),
            (f"“{found.quotes[0].text[:160]}”",),
        )


def _of_reach(found: Found) -> Iterable[Candidate]:
    """How many came because of the work, where anybody was asked; never added to views."""
    reach = found.reach
    if reach is None:
        return
    if reach.answers is not None and reach.answers.answered:
        marked = words.counted(reach.marked_number, "quote says", "quotes say")
        otherwise = (
            (f" {marked} that they would not have known otherwise.",) if reach.marked_number else ()
        )
        yield Candidate(
            "successes" if reach.answers.low else "takeaways", "reach", (reach.sentence, *otherwise),
            ("Answers to how they heard; those who gave none may have come because of anything.",),
        )  # fmt: skip
    if reach.followed:
        followed = words.joined(
            [words.counted(n, what.removesuffix("s"), what) for what, n in reach.followed.items()]
        )
        yield Candidate(
            "successes", "links", (f"Links you handed out brought {followed}.",),
            ("As the link tools count them; one person may follow a link twice.",),
        )  # fmt: skip
    for each in reach.feedback:
        yield Candidate("successes", f"feedback-{each.receiver}", (each.sentence,),
                        ("Feedback heard in this time, and where it stands today.",))  # fmt: skip


def _of_energy(found: Found) -> Iterable[Candidate]:
    for rows, other, section, verb in (
        (found.took, found.gave, "challenges", "took"),
        (found.gave, found.took, "takeaways", "gave"),
    ):
        by = Counter(row.program.name for row in rows if not row.program.is_unsorted)
        against = Counter(activity.program.name for activity in other)
        for name, number in by.most_common(2):
            if number >= 3 and number >= 2 * against[name]:
                mine = [activity for activity in rows if activity.program.name == name]
                felt = "energising" if verb == "gave" else "draining"
                yield Candidate(
                    section,
                    f"energy-{verb}:{name[:100]}",
                    (
                        f"{name}: ",
                        Fact.of(words.counted(number, "activity", "activities"), mine),
                        f" {'was' if number == 1 else 'were'} {felt}.",
                    ),
                    ("From your own marks; only you see this.",),
                )


def _events(number: int) -> str:
    return words.counted(number, "event", "events")
