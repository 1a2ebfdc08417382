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
from almanac.answers.imports.landing import landing
from almanac.answers.imports.reading_files import plan, read_uploads, remembered_mapping
from almanac.answers.log import logbook
from almanac.core.errors import AlmanacError
from almanac.core.vocabulary import Evidence, choices, values
from almanac.faces.web import uploads
from almanac.faces.web.views.requests import actor_of, refused, said
from almanac.record import changelog
from almanac.sources.base.dates import ORDERS, day_of
from almanac.sources.recognise import sources
from almanac.sources.tables.mapped_table import FIELDS, OF_THINGS, is_of_people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from almanac.actions.imports.carrying_out import Imported
    from almanac.record.models import Activity
    from almanac.sources.apart import Outcome
    from almanac.sources.base.reading import Table
    from almanac.sources.base.source import Harvest

MOST_LISTED = 400
AN_EITHER = "3/4/2026"
"""A date that could be read either way, for asking again."""
MOST_SHOWN = 8


@dataclass(slots=True)
class Sheet:
    """One document on the preview: what it is and would do, or why it cannot be read."""

    number: int
    outcome: Outcome
    plan: ImportPlan | None = None
    counted: Imported | None = None
    targets: list[Activity] = field(default_factory=list)
    was_remembered: bool = False
    chosen_order: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        return self.outcome.name

    @property
    def harvest(self) -> Harvest | None:
        return self.outcome.harvest

    @property
    def is_guests(self) -> bool:
        return self.harvest is not None and self.harvest.guest_list is not None

    @property
    def columns(self) -> list[ColumnChoice]:
        """Every column of a table that is read by a mapping, with what it holds and may hold."""
        table = self.outcome.table
        return [] if table is None else list(_columns(table, self.outcome.mapping))

    @property
    def landing(self) -> tuple[list[str], list[list[str]]]:
        return landing(self.harvest.events if self.harvest else (), self.outcome.mapping)

    @property
    def readings(self) -> list[tuple[str, str]]:
        """The two ways to read a date that could be either: the answer, and the day it makes. There
        are none where the file decides it."""
        cell = self.either
        return [(order, day_of(cell, month_first=first)) for order, first in ORDERS.items() if cell]

    @property
    def either(self) -> str:
        """The date in question."""
        return AN_EITHER if self.chosen_order else self.harvest.undecided if self.harvest else ""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of a plain table: its key and name, some cells, the field it is read as, and the fields
    it may be."""

    key: str
    name: str
    sample: str
    field: str
    fields: list[tuple[str, str]]


def _columns(table: Table, mapping: dict[str, str]) -> Iterator[ColumnChoice]:
    for place, (key, name) in enumerate(zip(table.keys, table.header, strict=True)):
        cells = (row[place].strip() for _, row in table.rows if place < len(row))
        sample = ", ".join(list(dict.fromkeys(filter(None, cells)))[:3])
        closed = OF_THINGS if is_of_people(table, key) else frozenset()
        fields = [(value, label) for value, label in FIELDS.items() if value not in closed]
        yield ColumnChoice(key, name, sample[:80], mapping.get(key, ""), fields)


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
    sheets = list(_each_sheet(request, kept))
    ready = any(sheet.plan is not None and not sheet.plan.does_nothing for sheet in sheets)
    context = {
        "token": token,
        "sheets": sheets,
        "ready": ready,
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


def _each_sheet(request: HttpRequest, kept: uploads.Upload) -> Iterator[Sheet]:
    """Read and plan one document after the other, so that each plan sees what came before it."""
    outcomes = read_uploads(actor_of(request), kept.files, _mappings(request), _orders(request))
    for number, outcome in enumerate(outcomes):
        yield _sheet(request, number, outcome)


def _sheet(request: HttpRequest, number: int, outcome: Outcome) -> Sheet:
    sheet = Sheet(number, outcome, problem=outcome.problem)
    sheet.chosen_order = request.POST.get(f"dates-{number}", "")
    actor = actor_of(request)
    found = outcome.harvest
    if outcome.table is not None:
        sheet.was_remembered = remembered_mapping(outcome.table) == outcome.mapping
    if found is None:
        return sheet
    # Here a person is asked which event a list is of; a new one is among the choices.
    lists = tuple(replace(listed, wants_event=False) for listed in found.guest_lists)
    found = replace(found, guest_lists=lists)
    try:
        sheet.plan = plan(actor, outcome.name, found, **_options(request, number, found))
    except AlmanacError as error:
        sheet.problem = str(error)
        return sheet
    sheet.counted = count(sheet.plan)
    if found.guest_list is not None:
        wanted = found.guest_list.title or Path(outcome.name).stem
        sheet.targets = logbook.search_activities(actor, wanted)
        sheet.targets += [
            row for row in logbook.recent_gatherings(actor) if row not in sheet.targets
        ]
    return sheet


def _mappings(request: HttpRequest) -> dict[int, dict[str, str]]:
    """The columns a person chose, by the number of the document."""
    mappings: dict[int, dict[str, str]] = {}
    for key in request.POST:
        prefix, _, rest = key.partition("-")
        number, _, column = rest.partition("-")
        value = request.POST.get(key, "")
        if prefix == "column" and number.isdecimal() and len(number) < 9 and value in FIELDS:
            mappings.setdefault(int(number), {})[column] = value
    return mappings


def _orders(request: HttpRequest) -> dict[int, bool]:
    """Whether the month comes first, by the number of the document, where a person has said."""
    given = request.POST.items()
    named = [(key.removeprefix("dates-"), value) for key, value in given if key[:6] == "dates-"]
    return {
        int(number): ORDERS[str(value)]
        for number, value in named
        if value in ORDERS and number.isdecimal() and len(number) < 9
    }


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
            if sheet.outcome.table is not None:
                remember_mapping(actor, sheet.outcome.table, sheet.outcome.mapping)
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


@require_GET
def rejected(request: HttpRequest, name: str) -> FileResponse:
    """The rows that were not taken, each with its reason."""
    del request
    folder = Path(settings.ALMANAC_HOME) / "rejected"
    file = next((file for file in folder.glob("*.csv") if file.name == name), None)
    if file is None:
        raise Http404("There is no such file.")
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)
