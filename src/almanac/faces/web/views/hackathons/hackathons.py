"""A hackathon before and after: is it worth it, who signed up, what was handed in, who won."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from almanac.actions.errors import CannotError
from almanac.actions.hackathons import hackathons as verbs
from almanac.answers import words
from almanac.answers.hackathons.audience import form_text, signup_audience
from almanac.answers.hackathons.judging import (
    account,
    find_judging,
    sheets_text,
    verdict_of,
)
from almanac.answers.hackathons.outcome import (
    find_project,
    hackathons,
    heard_at,
    outcome,
)
from almanac.answers.hackathons.worth import plan_of, worth
from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import Kind, Status
from almanac.faces.web.views.requests import (
    activity_or_404,
    actor_of,
    amount,
    back,
    brought_in,
    noted,
    refused,
    said,
    whole,
)
from almanac.record.models import USES, HackathonAudience, Length, Nearness, Teams
from almanac.sources.base.documents import Document
from almanac.sources.base.reading import documents_in
from almanac.sources.tables.ballots_table import ballots_text

if TYPE_CHECKING:
    from django.http import HttpRequest

    from almanac.record.models import Activity

LARGEST_FILE = 5_000_000
YES_NO = {"": None, "yes": True, "no": False}


def _hackathon_or_404(request: HttpRequest, key: int) -> Activity:
    activity = activity_or_404(request, key)
    if activity.kind != Kind.HACKATHON:
        raise Http404("This is not a hackathon.")
    return activity


def _back(key: int, place: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("hackathon", args=[key]) + place)


def _file(request: HttpRequest) -> Document:
    """The file; of a workbook, its first sheet."""
    return _sheets(request)[0]


def _sheets(request: HttpRequest) -> list[Document]:
    file = request.FILES.get("file")
    if file is None:
        raise CannotError("Choose a file first.")
    if (file.size or 0) > LARGEST_FILE:
        raise CannotError(f"{file.name} is larger than 5 MB.")
    name, data = file.name or "file", file.read()
    return list(documents_in(name, data)) or [Document(name, data)]


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    rows = hackathons(actor_of(request))
    return render(request, "almanac/hackathons/hackathons.html", {"rows": rows})


@require_GET
def page(request: HttpRequest, key: int) -> HttpResponse:
    actor, activity = actor_of(request), _hackathon_or_404(request, key)
    is_done = activity.status == Status.DONE
    judging = find_judging(actor, activity)
    plan = plan_of(actor, activity)
    context = {
        "activity": activity,
        "is_done": is_done,
        "worth": None if is_done else worth(actor, activity),
        "plan": plan,
        "after": outcome(actor, activity) if is_done else None,
        "heard": heard_at(actor, activity) if is_done else [],
        "audience": signup_audience(actor, activity),
        "form_text": form_text(actor, plan.product if plan else ""),
        "judging": judging,
        "verdict": verdict_of(actor, activity) if judging else None,
        "audiences": HackathonAudience.choices,
        "team_choices": Teams.choices,
        "lengths": Length.choices,
        "nearnesses": Nearness.choices,
    }
    return render(request, "almanac/hackathons/hackathon.html", context)


@require_POST
def save_plan(request: HttpRequest, key: int) -> HttpResponse:
    activity, given = _hackathon_or_404(request, key), request.POST
    names = ("audience", "teams", "length", "nearness", "theme", "product", "prizes", "helps")
    try:
        fields = {name: given[name] for name in names if name in given}
        verbs.plan_hackathon(actor_of(request), activity, **fields)
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return _back(key, "#plan")


@require_POST
def uses(request: HttpRequest, key: int) -> HttpResponse:
    activity, given = _hackathon_or_404(request, key), request.POST
    try:
        counts = {name: whole(given, name) for name in USES if name in given}
        verbs.count_uses(actor_of(request), activity, **counts)
        noted(request)
    except AlmanacError as error:
        refused(request, error)
    return back(request, reverse("hackathon", args=[key]))


@require_POST
def answers(request: HttpRequest, key: int) -> HttpResponse:
    actor, activity = actor_of(request), _hackathon_or_404(request, key)
    try:
        if request.POST.get("do") == "delete":
            verbs.forget_answers(actor, activity)
            said(request, "Deleted")
        else:
            number, _ = verbs.read_answers(actor, activity, _file(request))
            said(request, f"Read {words.counted(number, 'answer', 'answers')}")
    except AlmanacError as error:
        refused(request, error)
    return _back(key, "#signup")


@require_POST
def projects(request: HttpRequest, key: int) -> HttpResponse:
    actor, activity = actor_of(request), _hackathon_or_404(request, key)
    try:
        counts, remarks = verbs.read_project_file(actor, activity, _file(request))
        noted(request, " ".join(remarks))
        if not counts["new"] and not counts["changed"] and not remarks:
            said(request, "Nothing new")
    except AlmanacError as error:
        refused(request, error)
    return _back(key, "#projects")


@require_POST
def marks(request: HttpRequest, key: int) -> HttpResponse:
    """Which projects use the product, all at once."""
    actor, activity = actor_of(request), _hackathon_or_404(request, key)
    flags: dict[int, dict[str, bool | None]] = {}
    for name, value in request.POST.items():
        field, _, number = name.rpartition("-")
        if field in USES and number.isdecimal() and value in YES_NO:
            flags.setdefault(int(number), {})[field] = YES_NO[value]
    verbs.mark_projects(actor, activity, flags)
    noted(request)
    return _back(key, "#projects")


@require_POST
def project(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Delete a project."""
    actor, activity = actor_of(request), _hackathon_or_404(request, key)
    row = find_project(actor, activity, number)
    if row is None:
        raise Http404("There is no such project.")
    verbs.forget_project(actor, row)
    said(request, "Deleted")
    return _back(key, "#projects")


@require_POST
def judging(request: HttpRequest, key: int) -> HttpResponse:
    actor, activity = actor_of(request), _hackathon_or_404(request, key)
    try:
        if request.POST.get("do") == "delete":
            row = find_judging(actor, activity)
            if row is not None:
                verbs.forget_judging(actor, row)
                said(request, "Deleted")
        else:
            low, high = amount(request.POST, "low"), amount(request.POST, "high")
            sheets = _sheets(request)
            text = ballots_text(*sheets).encode()
            name = sheets[0].name.partition("/")[0]
            verbs.read_judging(actor, activity, Document(name, text), low, high)
            noted(request)
    except AlmanacError as error:
        refused(request, error)
    return _back(key, "#judging")


@require_GET
def sheet(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """What one team is told."""
    activity = _hackathon_or_404(request, key)
    verdict = verdict_of(actor_of(request), activity)
    if verdict is None or not 0 < number <= len(verdict.sheets):
        raise Http404("There is no such sheet.")
    found = verdict.sheets[number - 1]
    context = {
        "activity": activity,
        "sheet": found,
        "account": account(found, verdict.kind),
        "how": verdict.how,
    }
    return render(request, "almanac/hackathons/sheet.html", context)


@require_GET
def sheets(request: HttpRequest, key: int) -> HttpResponse:
    """Every sheet in one file, to send."""
    activity = _hackathon_or_404(request, key)
    verdict = verdict_of(actor_of(request), activity)
    if verdict is None:
        raise Http404("There are no ballots.")
    text = sheets_text(verdict, activity.title)
    name = f"{slugify(activity.title)[:60] or 'hackathon'}-sheets.md"
    return brought_in(text.encode(), "text/markdown; charset=utf-8", save_as=name)
