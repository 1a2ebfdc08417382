"""Drop files in, see what they would do, confirm once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from almanac.actions.imports.carrying_out import carry_out, count, remember_mapping
from almanac.answers.imports.import_plan import ImportPlan
from almanac.answers.imports.reading_files import plan, read
from almanac.answers.log import logbook
from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import Evidence, choices, values
from almanac.faces.web import uploads
from almanac.faces.web.views.requests import actor_of, refused, said
from almanac.record import changelog
from almanac.sources.base.rows import UnreadableError
from almanac.sources.recognise import UnmappedError, sources
from almanac.sources.tables.mapped_table import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from almanac.actions.imports.carrying_out import Imported
    from almanac.record.models import Activity
    from almanac.sources.base.documents import Document
    from almanac.sources.base.reading import Table
    from almanac.sources.base.source import Harvest

MOST_LISTED = 400
MOST_SHOWN = 8


@dataclass(slots=True)
class Sheet:
    """One file on the preview: what it is and would do, or why it cannot be read."""

    number: int
    name: str
    harvest: Harvest | None = None
    plan: ImportPlan | None = None
    counted: Imported | None = None
    table: Table | None = None
    guess: list[tuple[str, str, str]] = field(default_factory=list)
    problem: str = ""
    targets: list[Activity] = field(default_factory=list)

    @property
    def is_guests(self) -> bool:
        return self.harvest is not None and self.harvest.guest_list is not None


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "almanac/imports/import.html", {"sources": sources()})
    try:
        kept = uploads.keep(request.FILES.getlist("files"))
    except AlmanacError as error:
        context = {"problem": error, "sources": sources()}
        return render(request, "almanac/imports/import.html", context, status=400)
    return HttpResponseRedirect(reverse("import-preview", args=[kept.token]))


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What the files would do; a POST names columns, events or picks, and shows it again."""
    try:
        kept = uploads.find(token)
    except AlmanacError as error:
        refused(request, error)
        return HttpResponseRedirect(reverse("import"))
    if request.method == "POST" and "confirm" in request.POST:
        return _confirm(request, kept)
    sheets = _sheets(request, kept)
    ready = any(sheet.plan is not None and not sheet.plan.does_nothing for sheet in sheets)
    context = {
        "token": token,
        "sheets": sheets,
        "ready": ready,
        "fields": FIELDS.items(),
        "evidences": choices(Evidence)[1:],
        "programs": logbook.program_names(actor_of(request)),
        "given": request.POST,
        "most_listed": MOST_LISTED,
        "most_shown": MOST_SHOWN,
    }
    return render(request, "almanac/imports/preview.html", context)


@require_POST
def forget(request: HttpRequest, token: str) -> HttpResponse:
    try:
        uploads.find(token).forget()
    except AlmanacError as error:
        refused(request, error)
    else:
        said(request, "Nothing was imported, and the files are gone from here")
    return HttpResponseRedirect(reverse("import"))


def _sheets(request: HttpRequest, kept: uploads.Upload) -> list[Sheet]:
    return list(_each_sheet(request, kept))


def _each_sheet(request: HttpRequest, kept: uploads.Upload) -> Iterator[Sheet]:
    """Read and plan one file after the other, so that each plan sees what came before it."""
    for number, (name, document) in enumerate(kept.documents()):
        if isinstance(document, UnreadableError):
            yield Sheet(number, name, problem=str(document))
        else:
            yield _sheet(request, number, document)


def _sheet(request: HttpRequest, number: int, document: Document) -> Sheet:
    sheet = Sheet(number, document.name)
    actor = actor_of(request)
    try:
        found = read(actor, document, _mapping(request, number))
    except UnmappedError as error:
        sheet.table = error.table
        sheet.guess = [
            (column, name, error.guess.get(column, ""))
            for column, name in zip(error.table.keys, error.table.header, strict=True)
        ]
        return sheet
    except AlmanacError as error:
        sheet.problem = str(error)
        return sheet
    # Here a person is asked which event a list is of; a new one is among the choices.
    lists = tuple(replace(listed, wants_event=False) for listed in found.guest_lists)
    found = sheet.harvest = replace(found, guest_lists=lists)
    options = _options(request, number, found)
    sheet.plan = plan(actor, document.name, found, **options)
    sheet.counted = count(sheet.plan)
    if found.guest_list is not None:
        wanted = found.guest_list.title or Path(document.name).stem
        sheet.targets = logbook.search_activities(actor, wanted)
        sheet.targets += [
            row for row in logbook.recent_gatherings(actor) if row not in sheet.targets
        ]
    return sheet


def _mapping(request: HttpRequest, number: int) -> dict[str, str] | None:
    prefix = f"column-{number}-"
    mapping = {
        key.removeprefix(prefix): value
        for key in request.POST
        if key.startswith(prefix) and (value := request.POST.get(key, ""))
    }
    return mapping or None


def _options(request: HttpRequest, number: int, found: Harvest) -> dict[str, Any]:
    given = request.POST
    options: dict[str, Any] = {"program": given.get("program", "").strip()}
    if found.choosable:
        picked = {
            int(key) for key in given.getlist(f"pick-{number}") if key.isdecimal() and len(key) < 9
        }
        options["chosen"] = picked
    if found.guest_list is not None:
        target = given.get(f"event-{number}", "")
        if target.isdecimal() and len(target) < 16:
            options["target"] = logbook.find_activity(actor_of(request), int(target))
        attendance = given.get(f"attendance-{number}", "")
        options["attendance"] = attendance if attendance in values(Evidence) else ""
        options["keep_names"] = given.get(f"names-{number}") == "keep"
    return options


def _confirm(request: HttpRequest, kept: uploads.Upload) -> HttpResponse:
    actor = actor_of(request)
    done: list[tuple[ImportPlan, Imported]] = []
    unread: list[Sheet] = []
    for sheet in _each_sheet(request, kept):
        if sheet.plan is None:
            unread.append(sheet)
            continue
        try:
            done.append((sheet.plan, carry_out(actor, sheet.plan)))
        except AlmanacError as error:
            sheet.problem = str(error)
            unread.append(sheet)
    kept.forget()
    year = logbook.year_so_far(actor, logbook.today_for(actor).year)
    touched = [key for _, result in done for key in result.activities]
    context = {
        "done": done,
        "unread": unread,
        "year": year,
        "ahead": logbook.next_among(actor, touched),
        "only": touched[0] if len(touched) == 1 else None,
        "undoable": changelog.latest() if touched else None,
    }
    return render(request, "almanac/imports/done.html", context)


@require_POST
def remember(request: HttpRequest, token: str) -> HttpResponse:
    """Keep how a table's columns are read, then show what it would do."""
    try:
        kept = uploads.find(token)
        for number, (_, document) in enumerate(kept.documents()):
            mapping = _mapping(request, number)
            if mapping is None or isinstance(document, UnreadableError):
                continue
            try:
                read(actor_of(request), document)
            except UnmappedError as error:
                remember_mapping(actor_of(request), error.table, mapping)
    except AlmanacError as error:
        refused(request, error)
    return HttpResponseRedirect(reverse("import-preview", args=[token]))


@require_GET
def rejected(request: HttpRequest, name: str) -> FileResponse:
    """The rows that were not taken, each with its reason."""
    del request
    folder = Path(settings.ALMANAC_HOME) / "rejected"
    file = next((file for file in folder.glob("*.csv") if file.name == name), None)
    if file is None:
        raise Http404("There is no such file.")
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)
