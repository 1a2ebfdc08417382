"""What every view needs of a request: who asks, and verbs that may say no."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from almanac.actions.errors import CannotError
from almanac.answers.log import logbook
from almanac.record import changelog
from almanac.sources.base.cells import BadCellError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from almanac.record.models import Activity
    from almanac.record.rules import Actor

FIRST_YEAR, LAST_YEAR = 1970, 2100


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def activity_or_404(request: HttpRequest, key: int) -> Activity:
    found = logbook.find_activity(actor_of(request), key)
    if found is None:
        raise Http404("There is no such activity.")
    return found


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To where the form says it came from, if that is a page of ours."""
    wanted = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(
        wanted if safe and wanted.startswith(reverse("today")) else otherwise
    )


def said(request: HttpRequest, text: str, *, undoable: bool = False) -> None:
    """Tell the person what was done, with a way back where there is one."""
    change = changelog.latest()
    if undoable and change is None:
        text, undoable = "Nothing was changed", False
    can = undoable and change is not None and change.undo is not None
    messages.success(request, text, extra_tags=f"undo-{change.pk}" if can and change else "")


def noted(request: HttpRequest, more: str = "") -> None:
    """Tell what was changed in the words of the change log, with a way back where there is one.

    more: a sentence to add.
    """
    change = changelog.latest()
    text = change.summary if change else "Nothing was changed"
    said(request, f"{text}. {more}" if more else text, undoable=True)


def refused(request: HttpRequest, error: Exception) -> None:
    messages.error(request, str(error))


def page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    return (
        min(int(given), 100_000) if given.isdecimal() and len(given) < 7 and int(given) > 0 else 1
    )


def as_file(content: bytes | str, media_type: str, name: str) -> HttpResponse:
    """A file to save under its name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


def brought_in(content: bytes, media_type: str, save_as: str = "") -> HttpResponse:
    """A file somebody brought in, as an answer in which nothing runs."""
    answer = (
        as_file(content, media_type, save_as)
        if save_as
        else HttpResponse(content, content_type=media_type)
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def whole(values: Any, name: str) -> int | None:
    """A whole number from a form, None where it was left empty."""
    text = str(values.get(name, "")).strip().replace(",", "")
    if not text:
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > 8:
        raise CannotError(f"“{text[:20]}” is not a whole number; use digits such as 14.")
    return int(text)


def amount(given: Mapping[str, Any], name: str) -> float | None:
    """An amount a form says, such as 2.5 or 2,5 h; None where it was left empty."""
    text = str(given.get(name, "") or "").strip().lower().removesuffix("h").strip()
    if not text:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise CannotError(f"“{text[:20]}” is not a number.") from error


def day_in(given: Mapping[str, Any], name: str) -> date | None:
    """A day a form says; None where it was left empty."""
    value = given.get(name, "")
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise BadCellError(f"“{text[:20]}” is not a day; write 2026-05-04.") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadCellError(f"{found} is out of reach; choose a day between 1970 and 2100.")
    return found
