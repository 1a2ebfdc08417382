"""Metrics, the catalogue and choices, as tables and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.answers.metrics.catalogue import catalogue
from almanac.answers.metrics.metric_pages import choose, metrics
from almanac.answers.metrics.targets import quantity
from almanac.answers.words import counted
from almanac.faces.cli import out
from almanac.record.rules import OWNER

if TYPE_CHECKING:
    from almanac.answers.metrics.metric_pages import MetricLine, MetricPage
    from almanac.answers.metrics.targets import TargetProgress


def show_metrics(*, as_json: bool) -> int:

    found = metrics(OWNER)
    if as_json:
        out.data([_plain_line(line) for line in found])
        return 0
    if not found:
        out.say("No metric is on yet. almanac metric catalogue lists what there is, and")
        out.say('  almanac metric add "Newsletter readers" 412 --kind stock adds your own.')
        return 0
    lines = []
    for line in found:
        latest = f"{line.latest.value:,g}" if line.latest and line.latest.over is None else ""
        age = "" if line.days_old is None else f"{counted(line.days_old, 'day', 'days')} ago"
        course = line.target.course if line.target else ""
        lines.append([line.metric.name, latest, age, course])
    out.rows(["metric", "latest", "when", "target"], lines, right=frozenset({1}))
    return 0


def _plain_line(line: MetricLine) -> dict[str, Any]:
    return {
        "metric": line.metric.slug,
        "name": line.metric.name,
        "latest": line.latest.value if line.latest else None,
        "on": line.latest.day if line.latest else None,
        "weeks": [{"from": p.first, "value": p.value} for p in line.periods],
        "target": line.target.course if line.target else None,
    }


def show_catalogue(*, delicate: bool, as_json: bool) -> int:

    groups = catalogue(OWNER, delicate=delicate)
    if as_json:
        out.data(
            [
                {
                    "key": each.entry.key,
                    "name": each.entry.name,
                    "definition": each.entry.definition,
                    "formula": each.entry.formula,
                    "source": each.entry.source,
                    "traps": each.entry.traps,
                    "state": each.state,
                }
                for _, _, group in groups
                for each in group
            ]
        )
        return 0
    for title, _, group in groups:
        out.say(title)
        out.rows(
            ["key", "what", "from", "state"],
            [[e.entry.key, e.entry.definition, e.entry.source, e.state] for e in group],
        )
    return 0


def show_choices(change: float, weeks: int, *, as_json: bool) -> int:

    found = choose(OWNER, change / 100, weeks)
    if as_json:
        out.data(
            [
                {
                    "metric": c.metric.slug,
                    "weeks": c.weeks,
                    "smallest": c.smallest,
                    "says": c.sentence,
                }
                for c in found
            ]
        )
        return 0
    if not found:
        out.say("No tracked metric could show a change.")
    for choice in found:
        out.say(f"{choice.metric.name}: {choice.sentence}")
    return 0


def show_metric(page: MetricPage) -> None:

    out.say(page.metric.name)
    version = page.versions[-1] if page.versions else None
    if version and version.definition:
        out.say(version.definition)
    out.say()
    for sentence in page.card.sentences:
        out.say(sentence)
    for standing in page.standings:
        out.say()
        out.say(standing.sentence)
    for each in page.together:
        out.say(each.sentence)
    rows = [
        [f"{p.first:%-d %b %Y}", "missing" if p.value is None else quantity(p.value, page.metric)]
        for p in page.periods[-12:]
    ]
    if rows:
        out.rows([f"{page.step} from", "value"], rows, right=frozenset({1}))


def plain_page(page: MetricPage) -> dict[str, Any]:
    card = page.card.result
    return {
        "metric": page.metric.slug,
        "name": page.metric.name,
        "step": page.step,
        "periods": [{"from": p.first, "value": p.value} for p in page.periods],
        "sensitivity": {
            "usual": card.usual,
            "noise": card.noise,
            "autocorrelation": card.autocorrelation,
            "weeks": card.weeks,
            "missing": card.missing,
            "refusal": card.refusal,
            "thresholds": [
                {"weeks": t.weeks, "below": t.below, "above": t.above} for t in card.thresholds
            ],
            "says": page.card.sentences,
        },
        "targets": [plain_target(standing) for standing in page.standings],
        "moved_with": [each.sentence for each in page.together],
    }


def plain_target(each: TargetProgress) -> dict[str, Any]:
    found = each.outlook
    return {
        "id": each.target.pk,
        "metric": each.target.metric.slug,
        "since": each.target.since,
        "by": each.target.by,
        "value": each.target.value,
        "course": found.course,
        "so_far": found.so_far,
        "low": found.low,
        "middle": found.middle,
        "high": found.high,
        "chance": found.chance,
        "needed": found.needed,
        "pace": found.pace,
        "refusal": found.refusal,
        "says": each.sentence,
    }
