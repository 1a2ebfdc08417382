"""Experiments: what is tried and why, what a design could show, what came out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions.errors import CannotError
from almanac.actions.experiments import experiments as verbs
from almanac.actions.experiments.protocols import lock
from almanac.actions.experiments.trials import tally
from almanac.answers.experiments import before_after, protocols, results
from almanac.answers.experiments import experiments as answers
from almanac.answers.experiments.power import power_of
from almanac.answers.log import logbook
from almanac.charts import line, pairs
from almanac.core.errors import AlmanacError
from almanac.faces.web.views.requests import actor_of, day_in, noted, refused, said, whole
from almanac.record.models import Experiment, Verdict, Way

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from almanac.answers.experiments.analysis import Analysis
    from almanac.answers.experiments.results import Result
    from almanac.record.models import Protocol


FIELDS = ("line", "trying", "because", "worked_if", "by", "topic", "program")


@require_http_methods(["GET", "POST"])
def experiment_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    given: dict[str, Any] = {}
    if "trying" in request.GET:
        given = {name: request.GET.get(name, "")[:600] for name in FIELDS}
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in FIELDS}
        try:
            made = _try(request, given)
        except AlmanacError as error:
            # The vague sentence comes back taken apart, with what is missing to fill in.
            given |= {"problem": error}
        else:
            noted(request)
            return HttpResponseRedirect(reverse("experiment", args=[made.pk]))
    text = request.GET.get("words", "")
    context = {
        "found": answers.experiments(actor, text),
        "words": text,
        "topics": answers.topics(actor),
        "given": given,
        "programs": logbook.program_names(actor),
    }
    status = 400 if "problem" in given else 200
    return render(request, "almanac/experiments/experiments.html", context, status=status)


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
    found = answers.by_number(actor_of(request), key)
    if found is None:
        raise Http404("There is no such experiment.")
    return found


@require_GET
def experiment(request: HttpRequest, key: int) -> HttpResponse:
    return _page(request, key)


def _page(request: HttpRequest, key: int, *, shows: bool = False) -> HttpResponse:
    actor, found = actor_of(request), _experiment(request, key)
    protocol: Protocol | None = getattr(found, "protocol", None)
    shows = shows or hasattr(found, "finding")
    result = results.result(actor, found) if protocol else None
    holds = protocol is not None and protocols.holds_at_every_look(protocol)
    hidden = result is not None and not result.over and not shows and not holds
    context = {
        "experiment": found,
        "protocol": protocol,
        "finding": getattr(found, "finding", None),
        "few": "" if protocol else before_after.of_experiment(actor, found),
        "before": power_of(actor, protocol) if protocol and not result else None,
        "result": None if hidden else result,
        "hidden": hidden,
        "holds": holds,
        "looks": found.looks.count(),
        "deviations": [*(row.words for row in found.deviations.all()),
                       *(protocols.deviations_by_itself(protocol) if protocol else [])],
        "stages": [results.of_stage(stage) for stage in result.stages] if result else [],
        "charts": _charts(result.analysis) if result and result.analysis else [],
        "pairs": protocols.pairs_of(protocol) if protocol and protocol.way == Way.EVENTS else [],
        "pairs_chart": _pairs_chart(protocol, result) if protocol and result else None,
        "comparisons": protocols.comparisons(protocol) if protocol else [],
        "changed_programs": protocols.named(protocol.changed_programs) if protocol else [],
        "other_programs": protocols.named(protocol.other_programs) if protocol else [],
        "verdicts": Verdict.choices,
        "can_lock": protocol is not None and protocol.locked_at is None,
        "takes_counts": protocol is not None and protocol.way == Way.VERSIONS
        and protocol.locked_at is not None and not hasattr(found, "finding"),
        "kind": next((t for t in answers.topics(actor) if t.topic == found.topic), None),
    }  # fmt: skip
    return render(request, "almanac/experiments/experiment.html", context)


def _charts(found: Analysis) -> list[line.LineChart]:
    """What was observed over what would have come, and the difference of the two."""
    design, first = found.design, found.first
    values = [None if value != value else float(value) for value in design.y]  # noqa: PLR0124 - NaN
    names = [f"{date.fromisoformat(day):%-d %b}" for day in found.times]
    marks = [(design.start, "the change", "break")]
    expected: list[float | None] = [None] * len(values)
    ranges: list[tuple[float, float] | None] = [None] * len(values)
    for place, value in zip(design.after, first.expected, strict=False):
        expected[int(place)] = value
    for place, ends in zip(design.after, first.band, strict=False):
        ranges[int(place)] = ends
    gaps = [
        value - wanted if value is not None and wanted is not None else None
        for value, wanted in zip(values, expected, strict=True)
    ]
    around = [
        (value - ends[1], value - ends[0]) if value is not None and ends is not None else None
        for value, ends in zip(values, ranges, strict=True)
    ]
    title = f"{found.outcome} by week, and what would have come without the change"
    shown = [line.lay_out(values, names, title, marks=marks, beside=expected, ranges=ranges)]
    if first.expected:
        said = f"The difference, week by week: {first.effect or 0:+.1f} a week on average"
        shown.append(line.lay_out(gaps, names, said, marks=marks, ranges=around, height=140))
    return shown


def _pairs_chart(protocol: Protocol, result: Result) -> pairs.PairChart | None:
    is_share = protocol.counted in protocols.PARTS
    rows = []
    for pair in result.pairs:
        ends = [protocols.value_of(event, protocol.counted) if event else None
                for event in (pair.usual, pair.changed)]  # fmt: skip
        if ends[0] is not None and ends[1] is not None:
            rows.append((f"pair {pair.number}", ends[0], ends[1]))
    if not rows:
        return None
    up = sum(changed > usual for _, usual, changed in rows)
    title = f"The changed event had more in {up} of {len(rows)} pairs"
    return pairs.lay_out(rows, title, is_share=is_share)


@require_POST
def experiment_do(request: HttpRequest, key: int, what: str) -> HttpResponse:
    """Lock the protocol, count what versions brought, note a deviation, look, close."""
    found, actor = _experiment(request, key), actor_of(request)
    address = reverse("experiment", args=[key])
    try:
        if what == "lock":
            lock(actor, found)
            said(request, "Locked, with its hash and time")
        elif what == "tally":
            given = request.POST
            tally(actor, found, changed=given.get("changed") == "1",
                  count=_needed(given, "count"), shown=_needed(given, "shown"),
                  day=day_in(given, "day"))  # fmt: skip
            noted(request)
        elif what == "deviate":
            verbs.deviate(actor, found, request.POST.get("words", ""))
            noted(request)
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
            noted(request)
        else:
            raise Http404("There is no such thing to do.")
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(address)


def _needed(given: Any, name: str) -> int:
    found = whole(given, name)
    if found is None:
        raise CannotError("How many, and to how many was it shown?")
    return found
