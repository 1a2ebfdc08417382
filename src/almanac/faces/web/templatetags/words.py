"""How values read on a page, beside what documents have too (press/tags.py)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe

from almanac.answers import words
from almanac.answers.community.traces import Mention
from almanac.answers.experiments.experiments import RESULTS, result_said
from almanac.answers.imports import import_plan
from almanac.answers.log import change_lines
from almanac.answers.log.captured import counts_said
from almanac.answers.log.captured import other_facts as other_facts_said
from almanac.answers.metrics import content, targets
from almanac.answers.review.sentences import plain
from almanac.core.vocabulary import Kind, Stage, Status
from almanac.press.tags import day, hours, number
from almanac.record.infra import clock
from almanac.record.models import Verdict

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

    from almanac.answers.metrics.metric_pages import MetricLine, MetricPage
    from almanac.answers.metrics.targets import TargetProgress
    from almanac.answers.playbooks.stand_ins import BusFactor
    from almanac.answers.review.sentences import Sentence
    from almanac.answers.turnout.losses import Attempt
    from almanac.core.counts import Counts
    from almanac.core.metrics.growth import AtAge
    from almanac.core.refusals import Refusal
    from almanac.record.models import Activity, Finding, Metric, Program
    from almanac.sources.capture.line import Captured

register = template.Library()


@register.filter
def stage_or_name(name: str) -> str:
    """A stage by what is said of it afterwards; anything else as it is."""
    return words.DONE_TITLES[Stage(name)] if name in list(Stage) else name


@register.simple_tag(takes_context=True)
def page_link(context: template.Context, number: int) -> str:
    """The same address with another page number."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def log_link(**narrow: Any) -> str:
    """The log, narrowed: every number opens the rows it came from."""
    given = {key: value for key, value in narrow.items() if value not in ("", None)}
    return reverse("log") + f"?{urlencode(given)}"


@register.filter
def result(finding: Finding) -> str:
    """What came of an experiment, against what it was to reach."""
    return result_said(finding)


@register.filter
def verdict(finding: Finding) -> str:
    return RESULTS[Verdict(finding.verdict)]


@register.filter
def can_i_link(activity: Activity) -> str:
    """“Can I?” with what is known of an activity filled in."""
    known: dict[str, Any] = {"activity": activity.pk}
    if activity.hours_planned is not None and activity.promised_for:
        known |= {"hours": activity.hours_planned, "by": activity.promised_for.isoformat()}
    return f"{reverse('can-i')}?{urlencode(known)}"


@register.filter
def calendar_class(activity: Activity) -> str:
    """Classes of an activity in the calendar: upcoming, and event."""
    over = activity.begins is not None and activity.begins < clock.now()
    ahead = "" if over or activity.status == Status.DONE else "ahead"
    return f"{ahead} {'gathering' if activity.is_gathering else ''}".strip()


@register.simple_tag
def year_link(year: int, kind: str) -> str:
    """The log of a year, narrowed to what was done of one kind."""
    return log_link(kind=kind, status="done", since=f"{year}-01-01", until=f"{year}-12-31")


PAGES = {
    "activity": "activity-edit",
    "retro": "activity",
    "program": "program-edit",
    "experiment": "experiment",
    "quote": "community",
}
"""The page on which a row can be read or changed, by its table."""


@register.filter
def address(mention: Mention) -> str:
    """Where a text that mentions a person can be read or changed; empty where no page is about it."""
    if mention.table not in PAGES:
        return ""
    place = reverse(PAGES[mention.table], args=[] if mention.table == "quote" else [mention.key])
    return f"{place}#retro" if mention.table == "retro" else place


@register.filter
def browser(agent: str) -> str:
    """“Firefox on Linux”, of what a browser calls itself."""
    name = next((said for sign, said in BROWSERS.items() if sign in agent), agent[:40])
    system = next((said for sign, said in SYSTEMS.items() if sign in agent), "")
    return f"{name} on {system}" if system else name


BROWSERS = {
    "Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "Mac OS": "macOS", "Linux": "Linux",
}  # fmt: skip


@register.filter
def reaching(counts: Counts, wanted: int) -> str:
    """“Reaching the 25 you hope for: 12 % chance.”"""
    likely = words.percent_chance(counts.at_least(wanted))
    return f"Reaching the {words.number(wanted)} you hope for: {likely}."


@register.filter
def gist(activity: Activity) -> str:
    """What a line of a list says beside the title: status, hours, people."""
    parts = []
    ahead = activity.status != Status.DONE
    if ahead:
        parts.append(activity.get_status_display())
    effort = activity.hours_planned if ahead else activity.hours_spent
    if effort is not None:
        parts.append(hours(effort))
    turnout = activity.turnout_if_any
    if turnout is not None and activity.is_counted:
        parts.append(f"{about(activity)}{number(turnout.attended)} came")
    elif turnout is not None and turnout.signups is not None:
        parts.append(f"{number(turnout.signups)} signed up")
    return ", ".join(parts)


@register.filter
def on(activity: Activity, today: date | None = None) -> str:
    """The day of an activity in a list; its month or quarter where that is all that is known."""
    if activity.day is not None and activity.period:
        return words.period_of(activity.day, activity.period)
    return day(activity.day, today)


@register.filter
def when(item: Any) -> str:
    """The day of an activity or of a line, as one says it: a month or quarter where that is all."""
    if item.day is None:
        return ""
    if item.period:
        return words.period_of(item.day, item.period)
    begins = getattr(item, "local_start", None) or getattr(item, "starts_at", None)
    return f"{begins:%-d %b %Y, %H:%M}" if begins else f"{item.day:%-d %b %Y}"


@register.filter
def rows_said(kind: str, number: int) -> str:
    return import_plan.rows_said(kind, number)


@register.filter
def kind_words(item: Captured) -> str:
    return f"{Kind(item.kind).label}, {Status(item.status).label}"


@register.filter
def other_facts(item: Captured) -> list[str]:
    """What a line says beside its kind, status and day."""
    return [*counts_said(item), *other_facts_said(item)]


@register.filter
def about(activity: Activity) -> str:
    """“about ” before a number of people who came that nobody counted exactly."""
    return "about " if activity.is_approximate else ""


@register.filter
def noun(count: int, forms: str) -> str:
    """The noun for a number, without the number: `4|noun:"event,events"`."""
    one, many = forms.split(",")
    return one if count == 1 else many


@register.filter
def attempt_link(attempt: Attempt, program: Program) -> str:
    """The form of a new experiment, with everything but the decision to try it."""
    given = {
        "trying": attempt.trying, "because": attempt.because, "worked_if": attempt.worked_if,
        "by": attempt.by.isoformat(), "topic": attempt.topic, "program": program.name,
    }  # fmt: skip
    return f"{reverse('experiments')}?{urlencode(given)}"


@register.filter
def grid_class(part: str) -> str:
    """How a cell of the absence check is shaded."""
    return "full" if part.startswith("ran") else "half" if part else ""


@register.filter
def part_of(factor: BusFactor, name: str) -> str:
    return factor.part_of(name)


@register.filter
def spaced(name: str) -> str:
    """A field's name as pages call it."""
    return change_lines.fields([name]).capitalize()


@register.filter
def source(origin: str) -> str:
    """Where a count comes from; what was typed in is stored as “you said”."""
    return "entered by you" if origin == "you said" else origin


@register.filter
def filename(path: str) -> str:
    return Path(path).name


@register.simple_tag
def picked(given: QueryDict, sheet: int, row: int) -> str:
    return mark_safe(" checked") if str(row) in given.getlist(f"pick-{sheet}") else ""


@register.simple_tag
def chosen(given: QueryDict, name: str, sheet: int, value: str) -> str:
    """The attribute that marks a choice already made on this page."""
    attribute = " checked" if value == "keep" else " selected"
    return mark_safe(attribute) if given.get(f"{name}-{sheet}") == value else ""  # noqa: S308


@register.filter
def quantity(value: float, metric: Metric) -> str:
    """A metric's value as it reads."""
    return targets.quantity(value, metric)


@register.filter
def latest_value(line: MetricLine) -> str:
    """The latest value of a metric; of a rate, what the day's parts come to."""
    if line.latest is None:
        return "–"
    over = line.latest.over
    value = line.latest.value / over if over else line.latest.value
    return targets.quantity(value, line.metric)


@register.filter
def ago(days: int | None) -> str:
    if days is None:
        return ""
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


@register.filter
def cut_after_colon(text: str) -> str:
    return text.partition(":")[0]


@register.filter
def at_age(found: AtAge | Refusal) -> str:
    return content.at_age_words(found)


@register.filter
def rounded(value: float | None) -> str:
    return "–" if value is None else words.number(round(value))


@register.filter
def plainly(sentence: Sentence) -> str:
    """A sentence of a review without its footnotes."""
    return plain(sentence)


@register.filter
def parts_of(standing: TargetProgress, page: MetricPage) -> tuple[TargetProgress, ...]:
    return page.parts.get(standing.target.pk, ())


@register.filter
def chance(probability: float) -> str:
    """“84 % chance”, never as certain."""
    return words.percent_chance(probability)


@register.filter
def at_key(held: dict[Any, Any], key: Any) -> Any:
    return held.get(key, "")
