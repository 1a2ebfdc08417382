"""What people said: caught at once, private until consent is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from almanac.actions.errors import CannotError
from almanac.actions.programs import program_for
from almanac.record import clock, rules
from almanac.record.changelog import verb
from almanac.record.models import Consent, Voice
from almanac.record.queries import preferences
from almanac.record.zones import local_day

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.rules import Actor

LONGEST = 20_000


def hear(
    actor: Actor,
    text: str,
    *,
    via: str = "",
    who: str = "",
    day: date | None = None,
    program: str = "",
) -> Voice:
    """Keep what somebody said. Nobody but the practitioner sees it until consent is noted."""
    rules.require(rules.may_change_record, actor)
    text = text.strip().strip('“”"')
    if not text:
        raise CannotError("What did they say? Put their words in quotation marks.")
    if len(text) > LONGEST:
        raise CannotError(f"A quote can be {LONGEST:,} characters at most.")
    now = clock.now()
    with verb(actor, "hear") as line:
        voice = Voice.objects.create(
            text=text,
            who=who[:200],
            via=via[:100],
            day=day or local_day(now, preferences.value("zone")),
            program=program_for(program, line) if program else None,
            created_at=now,
            updated_at=now,
        )
        line.create(voice)
        line.summary = "Heard something kind, kept private"
    return voice


def note_consent(actor: Actor, voice: Voice, consent: str) -> Voice:
    """Note where consent stands: none, asked, given or withdrawn."""
    rules.require(rules.may_change_record, actor)
    wanted = Consent(consent)
    if voice.consent == wanted:
        return voice
    with verb(actor, "note_consent") as line:
        line.keep(voice, "consent", "updated_at")
        voice.consent = wanted
        voice.updated_at = clock.now()
        voice.save(update_fields=["consent", "updated_at"])
        line.summary = f"Noted consent of a quote: {wanted.label}"
    return voice


def forget_voice(actor: Actor, voice: Voice) -> None:
    """Delete a quote for good; this cannot be undone."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "forget_voice") as line:
        line.undoable = False
        line.summary = "Deleted a quote"
        voice.delete()
