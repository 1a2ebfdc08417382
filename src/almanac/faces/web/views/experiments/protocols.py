"""Writing down how an experiment will be looked at, one step at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from almanac.actions.errors import CannotError
from almanac.actions.experiments.protocols import ProtocolDraft, write_protocol
from almanac.answers.experiments import experiments as answers
from almanac.answers.experiments import protocols
from almanac.answers.metrics import metric_pages as metric_answers
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import actor_of, amount, day_in, noted, refused, whole
from almanac.record.infra.clock import monday_of
from almanac.record.models import Counted, Way
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from almanac.record.models import Experiment, Metric, Protocol

WAYS = (
    (Way.WEEKS, "The weeks before", "A number you keep by the week, perhaps set against others that "
     "the change cannot touch."),
    (Way.EVENTS, "Other events, by chance", "Events of one program: of each two, chance says which one "
     "gets the change. The surest where you hold events often."),
    (Way.VERSIONS, "Another version beside it", "Two subject lines, two pages: shown to some and to "
     "others at the same time."),
)  # fmt: skip
COUNTED = {
    Way.WEEKS: (),
    Way.EVENTS: protocols.OF_EVENTS,
    Way.VERSIONS: protocols.OF_VERSIONS,
}


@require_http_methods(["GET", "POST"])
def protocol(request: HttpRequest, key: int) -> HttpResponse:
    """First what it is compared with, then the fields that asks for."""
    actor = actor_of(request)
    found = answers.by_number(actor, key)
    if found is None:
        raise Http404("There is no such experiment.")
    known: Protocol | None = getattr(found, "protocol", None)
    if known is not None and known.locked_at is not None:
        refused(request, CannotError("It’s locked. Note what differs as a deviation."))
        return HttpResponseRedirect(reverse("experiment", args=[key]))
    problem = None
    if request.method == "POST":
        try:
            write_protocol(actor, found, _plan(request))
        except AlmanacError as error:
            problem = error
        else:
            noted(request)
            return HttpResponseRedirect(reverse("experiment", args=[key]))
    given = _given(request, found, known)
    way = given.get("way", "")
    way = given["way"] = way if way in Way.values else ""
    context = {
        "experiment": found,
        "given": given,
        "way": way,
        "ways": WAYS,
        "problem": problem,
        "metrics": metric_answers.open_metrics(actor) if way == Way.WEEKS else [],
        "counted": [(name, Counted(name).label) for name in _counted(way)],
    }
    status = 400 if problem else 200
    return render(request, "almanac/experiments/protocol.html", context, status=status)


def _counted(way: str) -> tuple[Counted, ...]:
    return COUNTED[Way(way)] if way else ()


def _given(request: HttpRequest, found: Experiment, known: Protocol | None) -> dict[str, Any]:
    """What the form shows: what was sent, else what is known, else a first proposal."""
    if request.method == "POST":
        lists = {name: request.POST.getlist(name) for name in ("comparisons",)}
        return request.POST.dict() | lists
    way = request.GET.get("way", known.way if known else "")
    way = way if way in Way.values else ""
    if known is None:
        monday = monday_of(preferences.today()) + timedelta(weeks=1)
        return {"way": way, "change": found.trying, "starts": monday.isoformat(),
                "weeks_before": "26", "weeks_after": "8", "smallest": "20"}  # fmt: skip
    return {
        "way": way, "change": known.change, "audience": known.audience,
        "starts": known.starts.isoformat(), "weeks_before": str(known.weeks_before),
        "weeks_after": str(known.weeks_after), "smallest": f"{100 * known.smallest:g}",
        "metric": known.metric.slug if known.metric else "", "comparisons": known.comparisons,
        "counted": known.counted, "planned": str(known.planned or ""),
        "if_up": known.if_up, "if_unclear": known.if_unclear, "if_down": known.if_down,
    }  # fmt: skip


def _plan(request: HttpRequest) -> ProtocolDraft:
    given, actor = request.POST, actor_of(request)
    starts, smallest = day_in(given, "starts"), amount(given, "smallest")
    if starts is None or smallest is None:
        raise CannotError("From which day, and how large a change would matter?")

    def metric(slug: str) -> Metric:
        row = metric_answers.find_metric(actor, slug)
        if row is None:
            raise CannotError("That metric is not there any more.")
        return row

    return ProtocolDraft(
        given.get("change", ""), starts, smallest / 100, given.get("if_up", ""),
        given.get("if_unclear", ""), given.get("if_down", ""), given.get("way", ""),
        metric(given["metric"]) if given.get("metric") else None,
        tuple(metric(slug) for slug in given.getlist("comparisons") if slug),
        whole(given, "weeks_before") or 26, whole(given, "weeks_after") or 8,
        given.get("counted", ""), whole(given, "planned"),
        audience=given.get("audience", "")[:300],
    )  # fmt: skip
