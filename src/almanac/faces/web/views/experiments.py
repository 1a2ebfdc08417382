"""Experiments: what is tried and why, what a design could show, what came out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions import experiments as verbs
from almanac.actions.errors import CannotError
from almanac.answers import analysis, logbook
from almanac.answers import experiments as answers
from almanac.answers import metrics as metric_answers
from almanac.charts import line
from almanac.faces.web.views.asking import SAYABLE, actor_of, amount, day_in, refused, said, whole
from almanac.record.models import Experiment, Verdict

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from almanac.answers.experiments import Result


@require_http_methods(["GET", "POST"])
def experiment_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    given: dict[str, Any] = {}
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in
                 ("line", "trying", "because", "worked_if", "by", "topic", "program")}  # fmt: skip
        try:
            made = _try(request, given)
        except SAYABLE as error:
            # The vague sentence comes back taken apart, with what is missing to fill in.
            given |= {"problem": error}
        else:
            said(request, "Kept, with its time", undoable=True)
            return HttpResponseRedirect(f"/programs/experiments/{made.pk}/")
    text = request.GET.get("words", "")
    context = {
        "found": answers.experiments(actor, text),
        "words": text,
        "topics": answers.topics(actor),
        "given": given,
        "programs": logbook.program_names(actor),
    }
    status = 400 if given else 200
    return render(request, "almanac/experiments.html", context, status=status)


def _try(request: HttpRequest, given: dict[str, Any]) -> Experiment:
    if given["line"]:
        parts = answers.parts_of(given["line"])
        for name, text in (parts or {"trying": given["line"]}).items():
            given[name] = given[name] or text
    by = day_in(given, "by")
    if by is None:
        raise CannotError("What is still missing? Each of these, so that it can be learnt from.")
    return verbs.try_something(
        actor_of(request), given["trying"], given["because"], given["worked_if"], by,
        topic=given["topic"], program=given["program"],
    )  # fmt: skip


def _experiment(request: HttpRequest, key: int) -> Experiment:
    found = answers.find(actor_of(request), str(key))
    if found is None:
        raise Http404("There is no such experiment.")
    return found


@require_GET
def experiment(request: HttpRequest, key: int) -> HttpResponse:
    return _page(request, key)


def _page(request: HttpRequest, key: int, *, shows: bool = False) -> HttpResponse:
    actor, found = actor_of(request), _experiment(request, key)
    protocol = getattr(found, "protocol", None)
    shows = shows or hasattr(found, "finding")
    result = answers.result(actor, found) if protocol else None
    hidden = result is not None and not result.over and not shows
    context = {
        "experiment": found,
        "protocol": protocol,
        "finding": getattr(found, "finding", None),
        "before": answers.before(actor, protocol) if protocol and not result else None,
        "result": None if hidden else result,
        "hidden": hidden,
        "looks": found.looks.count(),
        "deviations": [*(row.words for row in found.deviations.all()),
                       *(answers.deviations_by_itself(protocol) if protocol else [])],
        "effects": [analysis.sentence(each) for each in result.analysis.effects[1:]]
        if result
        else [],
        "checks": analysis.checks(result.analysis) if result else [],
        "chart": _chart(result) if result else None,
        "verdicts": Verdict.choices,
        "metrics": metric_answers.open_metrics(actor),
        "can_lock": protocol is not None and protocol.locked_at is None,
        "kind": next((t for t in answers.topics(actor) if t.topic == found.topic), None),
    }  # fmt: skip
    return render(request, "almanac/experiment.html", context)


def _chart(result: Result) -> line.Chart:
    design = result.analysis.design
    values = [None if value != value else float(value) for value in design.y]  # noqa: PLR0124 - NaN
    names = [f"{date.fromisoformat(day):%-d %b %y}" for day in result.analysis.times]
    title = f"{result.analysis.outcome} by week; the line is where the change began"
    first = result.analysis.first
    usual = None
    if first.expected:
        usual = sum(first.expected) / len(first.expected)
    return line.lay_out(
        values, names, title, target=usual, marks=[(design.start, "the change", "break")]
    )


@require_POST
def experiment_do(request: HttpRequest, key: int, what: str) -> HttpResponse:
    """Write the protocol, lock it, note a deviation, look, close."""
    found, actor = _experiment(request, key), actor_of(request)
    address = f"/programs/experiments/{key}/"
    try:
        if what == "protocol":
            verbs.write_protocol(actor, found, _plan(request))
            said(request, "Written down", undoable=True)
        elif what == "lock":
            verbs.lock(actor, found)
            said(request, "Locked, with its hash and time")
        elif what == "deviate":
            verbs.deviate(actor, found, request.POST.get("words", ""))
            said(request, "Kept beside the result", undoable=True)
        elif what == "look":
            # Shown in this answer alone, so that each look is counted.
            verbs.look(actor, found)
            return _page(request, key, shows=True)
        elif what == "close":
            given = request.POST
            verbs.close(
                actor, found, given.get("verdict", ""), given.get("happened", ""),
                given.get("why", ""), given.get("decision", ""),
            )  # fmt: skip
            said(request, "Answered", undoable=True)
        else:
            raise Http404("There is no such thing to do.")
    except SAYABLE as error:
        refused(request, error)
    return HttpResponseRedirect(address)


def _plan(request: HttpRequest) -> verbs.Plan:
    given, actor = request.POST, actor_of(request)
    metric = metric_answers.find_metric(actor, given.get("metric", ""))
    starts = day_in(given, "starts")
    before, after = (whole(given, name) for name in ("weeks_before", "weeks_after"))
    smallest = amount(given, "smallest")
    if metric is None or starts is None or smallest is None or before is None or after is None:
        raise CannotError(
            "Which one metric, from which day, how many weeks, and how large a change?"
        )
    against = given.get("comparison", "")
    return verbs.Plan(
        metric, given.get("change", ""), starts, before, after, smallest / 100,
        given.get("if_up", ""), given.get("if_unclear", ""), given.get("if_down", ""),
        metric_answers.find_metric(actor, against) if against else None,
        given.get("audience", "")[:300],
    )  # fmt: skip
