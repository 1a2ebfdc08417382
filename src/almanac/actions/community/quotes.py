"""What people said: caught at once, private until consent is noted."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING

from almanac.actions.activities import safe_url
from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Consent, Quote, QuotePicture, Scope
from almanac.record.queries import preferences
from almanac.sources.base import pictures

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from almanac.record.changelog import Line
    from almanac.record.rules import Actor
    from almanac.sources.base.rows import QuoteRow

LONGEST = 20_000
OTHERWISE = re.compile(
    r"\b(?:would(?:n['’]?t| not)|never would|would never)\s+(?:have|['’]ve|of)\s+(?:known|heard|found|learn\w*|discovered|come across)\b",
    re.IGNORECASE,
)


def hear(
    actor: Actor,
    text: str,
    *,
    via: str = "",
    who: str = "",
    day: date | None = None,
    program: str = "",
    place: str = "",
    link: str = "",
    tags: Iterable[str] = (),
    picture: bytes | None = None,
) -> Quote:
    """Keep what somebody said. Nobody but the practitioner sees it until consent is noted.

    place: where it was said; picture: a screenshot, which is written anew before it is kept.
    """
    rules.require(rules.may_change_record, actor)
    with verb(actor, "hear") as line:
        quote = write_quote(
            line, text, via=via, who=who, day=day, program=program, place=place, link=link, tags=tags,
            picture=picture,
        )  # fmt: skip
        line.summary = ChangeLine.QUOTE()
    return quote


def write_quote(
    line: Line, text: str, *, via: str = "", who: str = "", day: date | None = None, program: str = "",
    place: str = "", link: str = "", tags: Iterable[str] = (), picture: bytes | None = None,
) -> Quote:  # fmt: skip
    """The same within another verb."""
    text = text.strip().strip('“”"')
    if not text:
        raise CannotError("What did they say? Enter the quote.")
    if len(text) > LONGEST:
        raise CannotError(f"A quote can be {LONGEST:,} characters at most.")
    now = clock.now()
    quote = Quote.objects.create(
        text=text,
        who=who[:200],
        via=via[:100],
        place=place[:200],
        link=safe_url(link) if link else "",
        tags=_tags(tags),
        day=day or preferences.today(),
        would_not_have_known=_would_not_have_known(text),
        program=program_for(program, line) if program else None,
        created_at=now,
        updated_at=now,
    )
    line.create(quote)
    if picture is not None:
        line.create(_picture(quote, *pictures.written_anew(picture)))
    return quote


def _would_not_have_known(text: str) -> bool:
    """Whether somebody says that they would not have known otherwise; it can be marked by hand too."""
    return OTHERWISE.search(text) is not None


def mark_quote(actor: Actor, quote: Quote, *, would_not_have_known: bool) -> Quote:
    """Mark that they would not have known of the work otherwise, or take the mark back."""
    rules.require(rules.may_change_record, actor)
    if quote.would_not_have_known == would_not_have_known:
        return quote
    with verb(actor, "mark_quote") as line:
        line.keep(quote, "would_not_have_known", "updated_at")
        quote.would_not_have_known = would_not_have_known
        quote.updated_at = clock.now()
        quote.save(update_fields=["would_not_have_known", "updated_at"])
        line.summary = ChangeLine.QUOTE_MARKED()
    return quote


def _tags(tags: Iterable[str]) -> list[str]:
    return [tag.strip("# ")[:60] for tag in tags if tag.strip("# ")]


def _picture(quote: Quote, media_type: str, content: bytes) -> QuotePicture:
    return QuotePicture.objects.create(
        quote=quote, media_type=media_type, content=b64encode(content).decode()
    )


def quote_from(row: QuoteRow, line: Line) -> Quote:
    """Write one row of a file, within a verb."""
    now = clock.now()
    quote = Quote.objects.create(
        text=row.text,
        who=row.who,
        via=row.via,
        place=row.place,
        link=row.link,
        tags=_tags(row.tags),
        would_not_have_known=_would_not_have_known(row.text),
        day=row.day or preferences.today(),
        consent=row.consent,
        consent_at=now if row.consent != Consent.NONE else None,
        created_at=now,
        updated_at=now,
    )
    line.create(quote)
    if row.picture:
        line.create(_picture(quote, row.media_type, row.picture))
    return quote


def note_consent(
    actor: Actor,
    quote: Quote,
    consent: str,
    *,
    scope: str | None = None,
    until: date | None = None,
) -> Quote:
    """Note where consent stands: none, asked, given or withdrawn; given for what, and until when.

    Consent without a scope covers reports inside, not public pages. Withdrawn, it covers nothing.
    """
    rules.require(rules.may_change_record, actor)
    wanted = Consent(consent)
    given = wanted is Consent.GIVEN
    if scope is not None and scope not in Scope.values:
        raise CannotError("Consent is for reviews, or for public pages too.")
    values = {
        "consent": wanted,
        "consent_for": (scope if scope is not None else quote.consent_for) if given else "",
        "consent_until": until if given else None,
    }
    changed = {n: v for n, v in values.items() if getattr(quote, n) != v}
    if not changed:
        return quote
    with verb(actor, "note_consent") as line:
        line.keep(quote, *changed, "consent_at", "updated_at")
        for name, value in changed.items():
            setattr(quote, name, value)
        quote.consent_at = quote.updated_at = clock.now()
        quote.save()
        line.summary = ChangeLine.CONSENT(consent=wanted.label)
    return quote


def forget_quote(actor: Actor, quote: Quote) -> None:
    """Delete a quote for good; this cannot be undone."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "forget_voice") as line:
        line.undoable = False
        line.summary = ChangeLine.QUOTE_DELETED()
        quote.delete()
