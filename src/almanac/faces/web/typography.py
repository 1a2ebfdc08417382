"""What belongs together on a line: a number and its unit, the two ends of a range."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponse

    Handler = Callable[[HttpRequest], HttpResponse]

TIE = b"\xc2\xa0"
_TEXT = re.compile(
    rb"(<(?:textarea|pre|code|script|style|title)\b.*?</)|>([^<]*\d[^<]*)<", re.DOTALL
)
_UNIT = re.compile(rb"(?<=\d)\s+(?=(?:%|h|d|min|[A-Z]{3})(?![\w]))")
_RANGE = re.compile(rb"(?<=\d) to (?=\d)")
_CHANCE = re.compile(rb"(?<=%) (?=chance\b)")


class TypographyMiddleware:
    """Ties them in the text of every page, so that a line never breaks between them. Fields, code and
    downloads are left as they are."""

    def __init__(self, handle: Handler) -> None:
        self.handle = handle

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handle(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and not response.streaming and "Content-Disposition" not in response:
            response.content = tied(response.content)
        return response


def tied(page: bytes) -> bytes:
    return _TEXT.sub(_in_text, page)


def _in_text(match: re.Match[bytes]) -> bytes:
    if match[1] is not None:
        return match[0]
    text = _UNIT.sub(TIE, match[2])
    text = _CHANCE.sub(TIE, _RANGE.sub(TIE + b"to" + TIE, text))
    return b">" + text + b"<"
