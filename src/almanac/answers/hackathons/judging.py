"""Judging: what the ballots say in sentences, a sheet for each team, and an account a losing team accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from almanac.answers import words
from almanac.core.judging.pairs import by_pairs
from almanac.core.judging.scores import by_scores
from almanac.core.judging.sheets import (
    CriterionScore,
    TeamSheet,
    pair_sheets,
    score_sheets,
    vote_sheets,
)
from almanac.core.judging.votes import by_votes
from almanac.record import rules
from almanac.record.models import Judging
from almanac.record.queries.versions import record_version, remembered
from almanac.sources.tables.ballots_table import read_ballots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from almanac.core.judging.standings import Standings
    from almanac.record.models import Activity
    from almanac.record.rules import Actor
    from almanac.sources.tables.ballots_table import Ballots

UNITS = {
    "scores": ("score", "scores"),
    "pairs": ("comparison", "comparisons"),
    "votes": ("vote", "votes"),
}
TIES = (
    "Projects that the ballots can’t tell apart share their places. Inside a group they stand in the order of "
    "their means, which says nothing; equal means, by name."
)
"""The stated rule for ties."""
HOW = {
    "scores": (
        "Only the order of scores counts: 5 is more than 4, not by a fixed amount. Each comes from the project’s "
        "merit, the judge’s leniency, the criterion’s level and chance. "
        "Leniency and carelessness of each judge are worked out from all scores at once, so that a lenient judge "
        "helps nobody, and a careless one decides little."
    ),
    "pairs": (
        "Merits are worked out from who was preferred to whom (Bradley and Terry, 1952); whoever was compared "
        "little stays near the middle, and a judge who often goes against all others decides little."
    ),
    "votes": "Each voter’s choice counts once for a project; of how many voters chose it comes its share, with its range.",
}


@dataclass(frozen=True, slots=True)
class JudgingVerdict:
    """What came out of one file of ballots."""

    kind: str
    standings: Standings
    sheets: tuple[TeamSheet, ...]
    remarks: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        return said(self.standings, self.kind)

    @property
    def severities(self) -> list[str]:
        """Who gave how much less or more than the others, the furthest first."""
        told = [each for each in self.standings.judges if each.severity is not None]
        told.sort(key=lambda each: -abs(each.severity or 0.0))
        return [
            f"{each.judge}: {words.counted(each.ballots, 'score', 'scores')}, "
            f"{abs(each.severity or 0):.1f} {'below' if (each.severity or 0) > 0 else 'above'} the others"
            + (f", {each.noise:.1f} off what all say together" if each.noise is not None else "")
            for each in told
        ]

    @property
    def how(self) -> str:
        return f"{HOW[self.kind]} {self.groups} {TIES}"

    @property
    def groups(self) -> str:
        """What a group says, and how surely."""
        times = f"{self.standings.sure:.0%}".removesuffix("%")
        return f"A group holds the best of those not placed before it {times} times in 100."


def judged(ballots: Ballots) -> JudgingVerdict:
    """From ballots that were read. A project without a score that counts has no place."""
    flat = _flat(ballots)
    if ballots.kind == "scores":
        scores = [score for score in ballots.scores if score.judge not in flat]
        scored = {score.project for score in scores}
        found = by_scores(scores, [name for name in ballots.projects if name in scored])
        sheets = score_sheets(scores, found)
    elif ballots.kind == "pairs":
        found = by_pairs(ballots.projects, ballots.pairs)
        sheets = pair_sheets(ballots.projects, ballots.pairs, found)
    else:
        found = by_votes(ballots.projects, ballots.votes)
        sheets = vote_sheets(ballots.projects, ballots.votes, found)
    return JudgingVerdict(
        ballots.kind,
        found,
        tuple(sheets),
        (
            *ballots.remarks,
            *(f"{judge} gave every project the same, which tells none apart." for judge in flat),
        ),
        tuple(_missing(ballots, flat)),
    )


SAME_FOR = 3
"""A judge who gives so many projects the same score is left out; of two it may be what they think."""


def _flat(ballots: Ballots) -> list[str]:
    """Judges whose scores differ nowhere: taken along, they would seem the steadiest of all."""
    given: dict[str, tuple[set[float], set[str]]] = {}
    for score in ballots.scores:
        values, projects = given.setdefault(score.judge, (set(), set()))
        values.add(score.value)
        projects.add(score.project)
    flat = sorted(
        judge
        for judge, (values, seen) in given.items()
        if len(values) == 1 and len(seen) >= SAME_FOR
    )
    return flat if len(flat) < len(given) else []


def _missing(ballots: Ballots, flat: list[str]) -> list[str]:
    """From which columns scores came; judges who did not score everything, and by how much."""
    if ballots.kind != "scores":
        return []
    seen: dict[str, set[str]] = {}
    for score in ballots.scores:
        if score.judge not in flat:
            seen.setdefault(score.judge, set()).add(score.project)
    scored = {project for projects in seen.values() for project in projects}
    total = len(scored)
    read_from = [f"Scores were read from the columns {', '.join(ballots.columns).rstrip('.')}."]
    return [
        *(read_from if ballots.columns else ()),
        *(
            f"{project} has no score that counts, and no place."
            for project in ballots.projects
            if project not in scored
        ),
        *(
            f"{judge} scored {len(projects):,} of {total:,} projects."
            for judge, projects in sorted(seen.items())
            if len(projects) < total
        ),
    ]


def said(found: Standings, kind: str) -> list[str]:
    """“First is clear. Second to fourth can’t be told apart.”"""
    groups = found.groups
    first = groups[0]
    if len(first) == 1:
        lines = [f"First is clear: {first[0]}."]
    else:
        more = (
            f"; about {words.counted(found.more, f'more {UNITS[kind][0]}', f'more {UNITS[kind][1]}')} would decide"
            if found.more
            else ""
        )
        lines = [
            f"{words.joined(first) if len(first) <= 4 else f'The first {len(first)}'} can’t be told apart{more}."
        ]
    at, shared = len(first), []
    for group in groups[1:]:
        if len(group) > 1:
            shared.append(f"{at + 1} to {at + len(group)}")
        at += len(group)
    if len(shared) == 1:
        lines.append(f"Places {shared[0]} can’t be told apart.")
    elif shared:
        lines.append(f"Places {shared[0]} can’t be told apart, nor can {words.joined(shared[1:])}.")
    return lines


def place_said(sheet: TeamSheet) -> str:
    """“3”, or “4 to 6” where they can't be told apart."""
    return f"{sheet.place}" if sheet.place == sheet.to else f"{sheet.place} to {sheet.to}"


def account(sheet: TeamSheet, kind: str) -> list[str]:
    """A sheet in sentences, for the team: where it stands, on what, and what stood out."""
    place = (
        f"Place {place_said(sheet)} of {sheet.of}"
        if sheet.place == sheet.to
        else f"Places {place_said(sheet)} of {sheet.of}, which can’t be told apart"
    )
    chance = words.percent_chance(sheet.chance_first)
    lines = [f"{place}. {chance.capitalize()} that it is the best of all."]
    if kind == "votes":
        lines.append(
            f"{words.counted(sheet.votes, 'voter', 'voters')} of {sheet.voters:,} chose it."
        )
    elif kind == "pairs":
        lines.append(
            f"{words.counted(sheet.judges, 'judge', 'judges')} compared it {words.times(sheet.ballots)}: it was "
            f"preferred {words.times(sheet.won)}, the other {words.times(sheet.lost)}."
        )
    else:
        lines.append(
            f"{words.counted(sheet.judges, 'judge', 'judges')} gave it {words.counted(sheet.ballots, 'score', 'scores')}. "
            "Lenient and severe judges are on one level below."
        )
        lines += _stood_out(sheet)
    return lines


def _stood_out(sheet: TeamSheet) -> list[str]:
    if len(sheet.criteria) < 2:
        return [
            f"It has {each.score:.1f}; the average is {each.field:.1f}." for each in sheet.criteria
        ]
    best = max(sheet.criteria, key=lambda each: each.score - each.field)
    least = min(sheet.criteria, key=lambda each: each.score - each.field)

    def told(each: CriterionScore) -> str:
        return f"{each.criterion} ({each.score:.1f}; average {each.field:.1f})"

    ahead = "Furthest ahead of the others" if best.score >= best.field else "Closest to the others"
    behind = "furthest behind" if least.score < least.field else "closest to them"
    return [f"{ahead}: {told(best)}; {behind}: {told(least)}."]


def find_judging(actor: Actor, activity: Activity) -> Judging | None:
    rules.require(rules.may_read_record, actor)
    return Judging.objects.filter(activity=activity).first()


@remembered(record_version, most=2)
def verdict_of(actor: Actor, activity: Activity) -> JudgingVerdict | None:
    """Of the ballots that were read for a hackathon; None where there are none."""
    rules.require(rules.may_read_record, actor)
    row = find_judging(actor, activity)
    return judged(read_ballots(row.ballots, row.file, low=row.low, high=row.high)) if row else None


def sheets_text(verdict: JudgingVerdict, title: str) -> str:
    """Every sheet as one Markdown text, a team a section."""
    lines = [f"# {title}", "", verdict.how, ""]
    for sheet in verdict.sheets:
        lines += [f"## {sheet.project}", "", *account(sheet, verdict.kind), ""]
        lines += _table(sheet.criteria)
    return "\n".join(lines).rstrip() + "\n"


def _table(criteria: Sequence[CriterionScore]) -> list[str]:
    rows = [each for each in criteria if each.criterion]
    if not rows:
        return []
    head = ["| Criterion | This project | All projects | Judges |", "|---|---|---|---|"]
    return [
        *head,
        *(
            f"| {each.criterion.replace('|', '/')} | {each.score:.1f} | {each.field:.1f} | {each.judges} |"
            for each in rows
        ),
        "",
    ]
