"""Reviews: keep, drop, rewrite, add; the words stay when the rest is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.actions.errors import CannotError
from almanac.actions.preferences import list_in
from almanac.answers.log.change_lines import ChangeLine
from almanac.answers.review import periods
from almanac.answers.review.candidate_sentences import HEADINGS, LONGEST_KEY
from almanac.answers.review.composition import OWN_WORDS, entry_period
from almanac.answers.review.evidence import Audience
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Program, ReviewEntry

if TYPE_CHECKING:
    from almanac.record.rules import Actor

LONGEST = 20_000
OPENING = "opening"


def edit_entry(
    actor: Actor,
    period: str,
    key: str,
    *,
    section: str = "",
    text: str | None = None,
    dropped: bool | None = None,
    program: Program | None = None,
    audience: Audience = Audience.OWN,
) -> ReviewEntry:
    """Rewrite one candidate, drop it or take it back; an empty text is the sentence as proposed."""
    rules.require(rules.may_change_record, actor)
    named = entry_period(periods.period(period), program, audience)
    key = key[:LONGEST_KEY]
    if key.startswith(OWN_WORDS) and not key.removeprefix(OWN_WORDS).isdecimal():
        raise CannotError("There is no such paragraph in this review.")
    if text is not None and len(text) > LONGEST:
        raise CannotError(f"A paragraph can be {LONGEST:,} characters at most.")
    if section and section not in HEADINGS and key != OPENING:
        raise CannotError(f"A review has the headings {', '.join(HEADINGS.values())}.")
    with verb(actor, "edit_entry") as line:
        entry = ReviewEntry.objects.filter(period=named, key=key).first()
        if entry is None:
            entry = ReviewEntry(period=named, key=key, section=section, updated_at=clock.now())
            entry.text = (text or "").strip()
            entry.dropped = bool(dropped)
            entry.save()
            line.create(entry)
        else:
            line.keep(entry, "text", "dropped", "updated_at")
            if text is not None:
                entry.text = text.strip()
            if dropped is not None:
                entry.dropped = dropped
            entry.updated_at = clock.now()
            entry.save()
        line.summary = ChangeLine.REVIEW(period=named)
    return entry


def add_words(
    actor: Actor,
    period: str,
    section: str,
    text: str,
    program: Program | None = None,
    audience: Audience = Audience.OWN,
) -> ReviewEntry:
    """A paragraph of one's own under one of the headings."""
    rules.require(rules.may_change_record, actor)
    if not text.strip():
        raise CannotError("Write a sentence first.")
    if section not in HEADINGS:
        raise CannotError(f"A review has the headings {', '.join(HEADINGS.values())}.")
    named = entry_period(periods.period(period), program, audience)
    taken = ReviewEntry.objects.filter(period=named, key__startswith=OWN_WORDS)
    numbers = [int(entry.key.removeprefix(OWN_WORDS)) for entry in taken]
    key = f"{OWN_WORDS}{max(numbers, default=0) + 1}"
    return edit_entry(
        actor, period, key, section=section, text=text, program=program, audience=audience
    )


def show_review(actor: Actor, period: str, *, public: bool) -> None:
    """Let a review stand in the public log, or take it out of it."""
    rules.require(rules.may_change_record, actor)
    name = periods.period(period).name
    with verb(actor, "show_review") as line:
        list_in("public_reviews", name, line, listed=public)
        line.summary = (ChangeLine.REVIEW_PUBLIC if public else ChangeLine.REVIEW_PRIVATE)(
            period=name
        )
