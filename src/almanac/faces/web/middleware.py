"""Who may come in: this machine's practitioner, by a one-time link, and nobody by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render

from almanac.core.errors import AlmanacError
from almanac.faces.web.views import errors
from almanac.record import changelog
from almanac.record.infra import sessions
from almanac.record.queries import held
from almanac.record.rules import OWNER, STRANGER, ForbiddenError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Handler = Callable[[HttpRequest], HttpResponseBase]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OPEN = ("/open/", "/shown/", "/feed/")
"""Where the address itself is the permission: one-time links, a workload that was given away, a calendar."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'none'; "
    "connect-src 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'"
)


class PolicyMiddleware:
    """Puts the strict content security policy on every answer, static files and errors included."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.handle(request)
        # A picture that somebody brought in comes with a stricter one.
        response.setdefault("Content-Security-Policy", POLICY)
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


class GateMiddleware:
    """Checks Host and Origin, and names the actor by the cookie a one-time link gave.

    The Host check keeps out pages of other sites that rebind their name to this machine; the
    Origin check keeps out forms of theirs.
    """

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        changelog.forget_latest()
        if _host(f"//{request.META.get('HTTP_HOST', '')}") not in LOOPBACK:
            return HttpResponse("Almanac answers on this machine only.", status=400)
        if request.method not in SAFE and not _same_origin(request):
            return HttpResponse("This came from another site, so nothing was done.", status=403)
        known = sessions.of_cookie(request.COOKIES.get(sessions.cookie_name()))
        request.session = known  # type: ignore[assignment]
        request.actor = OWNER if known else STRANGER  # type: ignore[attr-defined]
        if not known and not request.path.startswith(OPEN):
            return render(request, "almanac/closed.html", status=403)
        if request.method in SAFE and known:
            # A page asked for never writes, so its settings are read once.
            with held.reading():
                return self.handle(request)
        return self.handle(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """An error written for people reaches them as a page, wherever a view let it through."""
        if isinstance(exception, ForbiddenError):
            return HttpResponse(str(exception), status=403)
        if isinstance(exception, AlmanacError):
            return errors.refused(request, exception)
        return None


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _same_origin(request: HttpRequest) -> bool:
    if request.META.get("HTTP_SEC_FETCH_SITE") in {"cross-site", "same-site"}:
        return False
    origin = request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER")
    if origin is None:
        return True
    try:
        return bool(urlsplit(origin).netloc == request.META.get("HTTP_HOST"))
    except ValueError:
        return False
