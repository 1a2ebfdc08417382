"""Metrics and targets: the list, one metric, the catalogue, what could show a change."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions import metrics as verbs
from almanac.actions.errors import CannotError
from almanac.answers.log import logbook
from almanac.answers.metrics import catalogue as definitions
from almanac.answers.metrics import metric_pages as answers
from almanac.answers.metrics import targets as targets_answers
from almanac.answers.metrics.advice import GOALS, advice, goal_called
from almanac.answers.metrics.targets import find_target
from almanac.charts import line as charts
from almanac.core.errors import AlmanacError
from almanac.core.refusals import Refusal
from almanac.faces.web.forms import MetricForm
from almanac.faces.web.pictures import target_bar
from almanac.faces.web.views.requests import actor_of, noted, page_number, refused
from almanac.sources.tables.measurements_table import value_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from almanac.answers.metrics.metric_pages import MetricLine, MetricPage
    from almanac.record.models import Metric

LONGEST_WEEKS = 104
GROUPINGS = (
    ("", "name"),
    ("sort", "activity, output, outcome"),
    ("stage", "stage"),
    ("goal", "goal and question"),
)


@require_GET
def metric_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page = page_number(request)
    by = request.GET.get("by", "")
    lines = answers.metrics(actor, page, by)
    context = {
        "by": by,
        "groupings": GROUPINGS,
        "lines": [(line, _spark(line), _group(line.metric, by)) for line in lines[: answers.PAGE]],
        "closed": answers.closed_metrics(actor),
        "page": page,
        "more": len(lines) > answers.PAGE,
    }
    return render(request, "almanac/metrics/metrics.html", context)


def _group(metric: Metric, by: str) -> str:
    """The heading a metric stands under."""
    if by == "goal":
        parts = [part for part in (metric.goal, metric.question) if part]
        return " → ".join(parts) or "no goal said"
    if by == "stage":
        return metric.get_stage_display().capitalize() if metric.stage else "No stage said"
    return metric.get_sort_display().capitalize() if by == "sort" else ""


def _spark(line: MetricLine) -> charts.Spark | None:
    values = [period.value for period in line.periods]
    if not any(value is not None for value in values):
        return None
    known = sum(value is not None for value in values)
    return charts.spark(values, f"{line.metric.name}: {known} of {len(values)} weeks are known")


@require_GET
def metric(request: HttpRequest, slug: str) -> HttpResponse:
    page = answers.metric_page(actor_of(request), slug, request.GET.get("label"))
    if page is None:
        raise Http404("There is no such metric.")
    context = {"page": page, "chart": _chart(page), "finding": _finding(page)}
    return render(request, "almanac/metrics/metric.html", context)


def _finding(page: MetricPage) -> str:
    """The sentence that stands above the picture."""
    if page.standings:
        return page.standings[0].sentence
    card = page.card
    if card.result.refusal is Refusal.TOO_FEW_VALUES or not card.result.thresholds:
        return card.sentences[0]
    usual = targets_answers.quantity(card.result.usual, page.metric)
    above = targets_answers.quantity(card.result.thresholds[-1].above, page.metric)
    return f"Usually {usual} a week; a rise means something only if 13 weeks average above {above}."


def _chart(page: MetricPage) -> charts.LineChart | None:
    values = [period.value for period in page.periods]
    if not any(value is not None for value in values):
        return None
    names = [f"{period.first:%-d %b %y}" for period in page.periods]
    card = page.card.result
    band = None
    if page.step == "week" and card.noise:
        low = (
            max(card.usual - card.noise, 0.0)
            if min(v for v in values if v is not None) >= 0
            else (card.usual - card.noise)
        )
        band = (low, card.usual + card.noise)
    starts = [period.first for period in page.periods]
    marks = [
        (_place(starts, version.since), f"new definition: version {version.number}", "break")
        for version in page.versions[1:]
    ]
    marks += [
        (_place(starts, activity.day), activity.title, "doing")
        for activity in page.marks
        if activity.day is not None
    ]
    aim = None
    if page.standings and page.metric.measure != "flow":
        aim = page.standings[0].target.value
    title = f"{page.metric.name} by {page.step}, {names[0]} to {names[-1]}"
    return charts.lay_out(values, names, title, band=band, target=aim, marks=marks)


def _place(starts: list[date], day: date) -> int:
    return sum(start <= day for start in starts) - 1


@require_http_methods(["GET", "POST"])
def metric_new(request: HttpRequest) -> HttpResponse:
    form = MetricForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.begin_metric(actor_of(request), **form.cleaned_data)
        except AlmanacError as error:
            form.add_error(None, str(error))
        else:
            noted(request)
            return HttpResponseRedirect(reverse("metric", args=[made.slug]))
    status = 400 if request.method == "POST" else 200
    return render(request, "almanac/metrics/form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def metric_edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = _metric_or_404(request, slug)
    actor = actor_of(request)
    toggled = request.POST.get("toggle")
    if toggled in {"cares", "closed"}:
        verbs.set_details(actor, found, **{toggled: not getattr(found, toggled)})
        noted(request)
        return HttpResponseRedirect(reverse("metric", args=[slug]))
    form = MetricForm(request.POST or None, initial=_initial(found))
    for name in ("definition", "formula"):
        del form.fields[name]
    if request.method == "POST" and form.is_valid():
        try:
            verbs.set_details(actor, found, **form.cleaned_data)
        except AlmanacError as error:
            form.add_error(None, str(error))
        else:
            noted(request)
            return HttpResponseRedirect(reverse("metric", args=[slug]))
    status = 400 if request.method == "POST" else 200
    context = {"form": form, "metric": found}
    return render(request, "almanac/metrics/form.html", context, status=status)


def _initial(found: Metric) -> dict[str, Any]:
    return {name: getattr(found, name) for name in MetricForm.base_fields if hasattr(found, name)}


def _metric_or_404(request: HttpRequest, slug: str) -> Metric:
    found = answers.find_metric(actor_of(request), slug)
    if found is None:
        raise Http404("There is no such metric.")
    return found


@require_POST
def metric_measure(request: HttpRequest, slug: str) -> HttpResponse:
    found = _metric_or_404(request, slug)
    label = request.POST.get("label", "").strip()[:60]
    try:
        value = verbs.read_value(found, request.POST.get("value", ""))
        verbs.measure(actor_of(request), found, value, _day(request, "day"), label=label)
    except AlmanacError as error:
        refused(request, error)
    else:
        noted(request)
    return HttpResponseRedirect(reverse("metric", args=[slug]))


@require_POST
def metric_define(request: HttpRequest, slug: str) -> HttpResponse:
    found = _metric_or_404(request, slug)
    try:
        verbs.redefine(
            actor_of(request),
            found,
            request.POST.get("definition", "")[:5000],
            since=_day(request, "since"),
        )
    except AlmanacError as error:
        refused(request, error)
    else:
        noted(request)
    return HttpResponseRedirect(reverse("metric", args=[slug]))


@require_POST
def metric_aim(request: HttpRequest, slug: str) -> HttpResponse:
    found = _metric_or_404(request, slug)
    try:
        by = _day(request, "by")
        if by is None:
            raise CannotError("By when?")
        verbs.aim(
            actor_of(request),
            found,
            verbs.read_value(found, request.POST.get("value", "")),
            by,
            since=_day(request, "since"),
            why=request.POST.get("why", ""),
        )
    except AlmanacError as error:
        refused(request, error)
    else:
        noted(request)
    return HttpResponseRedirect(reverse("metric", args=[slug]))


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CannotError(f"“{text[:20]}” is not a day.") from error


@require_http_methods(["GET", "POST"])
def catalogue(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        try:
            made = verbs.switch_on(actor, request.POST.get("key", ""))
        except AlmanacError as error:
            refused(request, error)
            return HttpResponseRedirect(reverse("catalogue"))
        noted(request)
        return HttpResponseRedirect(reverse("metric", args=[made.slug]))
    delicate = "delicate" in request.GET
    groups = definitions.catalogue(actor, delicate=delicate)
    return render(
        request, "almanac/metrics/catalogue.html", {"groups": groups, "delicate": delicate}
    )


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    change, weeks = request.GET.get("change", "30"), request.GET.get("weeks", "13")
    goal = goal_called(request.GET.get("goal", ""))
    context: dict[str, Any] = {
        "change": change,
        "weeks": weeks,
        "choices": [],
        "goals": GOALS,
        "goal": goal,
        "advice": advice(actor_of(request), goal) if goal else [],
    }
    try:
        number = value_of(weeks)
        if not 1 <= number <= LONGEST_WEEKS:
            raise CannotError("Choose from 1 to 104 weeks.")
        context["choices"] = answers.choose(actor_of(request), value_of(change) / 100, int(number))
    except AlmanacError as error:
        context["problem"] = error
    return render(request, "almanac/metrics/choose.html", context)


@require_GET
def targets(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    today = logbook.today_for(actor)
    context = {
        "standings": [(found, target_bar(found)) for found in targets_answers.all_targets(actor)],
        "goals": answers.goals(actor, today.replace(month=1, day=1), today),
        "year": today.year,
    }
    return render(request, "almanac/metrics/targets.html", context)


@require_POST
def target_change(request: HttpRequest, key: int) -> HttpResponse:
    found = find_target(actor_of(request), key)
    if found is None:
        raise Http404("There is no such target.")
    wanted = request.POST.get("do", "")
    try:
        if wanted == "drop":
            verbs.drop_target(actor_of(request), found)
            noted(request)
        else:
            verbs.break_down(actor_of(request), found, wanted)
            noted(request)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("metric", args=[found.metric.slug]))
