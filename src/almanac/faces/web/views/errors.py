"""Pages for what went wrong: what happened, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from almanac.core.errors import AlmanacError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _page(request: HttpRequest, status: int, title: str, what: str) -> HttpResponse:
    return render(request, "almanac/error.html", {"title": title, "what": what}, status=status)


def refused(request: HttpRequest, error: AlmanacError) -> HttpResponse:
    """What could not be done or answered, with what to do."""
    return _page(request, 400, "That can\u2019t be done", str(error))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _page(request, 400, "That did not make sense", "Go back and try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _page(request, 403, "Not yours to open", "Open the logbook with its own link.")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    return _page(
        request,
        403,
        "This form was open for too long",
        "Nothing was changed. Go back, reload the page and send it again.",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _page(
        request,
        404,
        "There is no such page",
        "It may have been undone or erased. The log lists everything there is.",
    )


def broken(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        "Something broke in Almanac",
        "Nothing you wrote was lost by it. Try once more; then tell the project what you did.",
    )
