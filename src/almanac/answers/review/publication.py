"""What the public log holds: entries made of what is marked public, and of nothing else.

Notes, tags, hours, costs, hopes and programs that are not public themselves stay out, whatever the
activity's own visibility.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from almanac.answers.community import quotes
from almanac.answers.community.shared_files import shared_file
from almanac.answers.guesses import accuracy
from almanac.answers.metrics import targets
from almanac.answers.review import composition
from almanac.answers.review.evidence import Audience
from almanac.answers.review.sentences import plain
from almanac.core.vocabulary import Kind, Status
from almanac.record import rules
from almanac.record.infra import clock
from almanac.record.infra.ledger import Ledger, seals
from almanac.record.infra.seals import fingerprint
from almanac.record.models import Activity, Link, Program, Publication, Scope, Target, Visibility
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from almanac.answers.guesses.accuracy import Accuracy
    from almanac.answers.metrics.targets import TargetProgress as Aim
    from almanac.answers.review.composition import Review
    from almanac.record.models import Quote
    from almanac.record.rules import Actor

TITLE = "A public log"
LEDGER, ENTRIES = "log.jsonl", "entries.json"
PUBLIC_STATUSES = (Status.DONE, Status.PLANNED, Status.DOING)


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """One thing that becomes public: its key, its day and its content as plain values."""

    key: str
    day: date | None
    content: Mapping[str, Any]

    @property
    def digest(self) -> str:
        return fingerprint(dict(self.content))

    @property
    def title(self) -> str:
        return str(self.content.get("title") or self.content.get("text") or self.key)


@dataclass(frozen=True, slots=True)
class Site:
    """Everything public, as values; the press sets it."""

    title: str
    address: str
    made_at: datetime
    today: date
    done: tuple[PublicEntry, ...]
    coming: tuple[PublicEntry, ...]
    programs: tuple[PublicEntry, ...]
    quotes: tuple[PublicEntry, ...]
    targets: tuple[tuple[PublicEntry, Aim], ...]
    reviews: tuple[tuple[PublicEntry, Review, tuple[Activity, ...]], ...]
    record: Accuracy | None
    files: tuple[PublicEntry, ...] = ()
    """What others may take over: the content of each holds the file as text."""

    @property
    def entries(self) -> list[PublicEntry]:
        aims = [entry for entry, _ in self.targets]
        reviews = [entry for entry, _, _ in self.reviews]
        return [
            *self.done,
            *self.coming,
            *self.programs,
            *self.quotes,
            *aims,
            *reviews,
            *self.files,
        ]


def site(actor: Actor) -> Site:
    """What the public log would hold by now. Consent is asked anew each time."""
    rules.require(rules.may_read_private, actor)
    settings = preferences.everything()
    now = clock.now()
    today = now.astimezone(preferences.zone_of(settings["zone"])).date()
    rows = (
        Activity.objects.filter(
            visibility=Visibility.PUBLIC, status__in=PUBLIC_STATUSES, day__isnull=False
        )
        .select_related("turnout", "post")
        .order_by("-day", "-id")
    )
    public_programs = {program.pk: program for program in Program.objects.filter(public=True)}
    links = _links()
    done, coming = [], []
    for activity in rows:
        entry = _activity(activity, public_programs, links.get(activity.pk, []))
        if activity.status == Status.DONE:
            done.append(entry)
        elif activity.day is not None and activity.day >= today:
            coming.append(entry)
    aims = Target.objects.filter(
        metric__shared=True, dropped=False, whole_target__isnull=True
    ).select_related("metric")
    return Site(
        title=settings["public_title"] or TITLE,
        address=settings["public_address"].rstrip("/"),
        made_at=now,
        today=today,
        done=tuple(done),
        coming=tuple(reversed(coming)),
        programs=tuple(_program(program) for program in public_programs.values()),
        quotes=tuple(_quote(quote) for quote in quotes.usable(actor, Scope.PUBLIC, today)),
        targets=tuple(_target(targets.progress(aim)) for aim in aims),
        reviews=tuple(_reviews(actor, settings["public_reviews"])),
        files=tuple(_files(actor, settings)),
        record=accuracy.accuracy(actor) if settings["shares_track_record"] else None,
    )


def _links() -> dict[int, list[str]]:
    """Links of public activities, in one pass."""
    found: dict[int, list[str]] = {}
    rows = Link.objects.filter(activity__visibility=Visibility.PUBLIC).order_by("id")
    for key, url in rows.values_list("activity_id", "url"):
        found.setdefault(key, []).append(url)
    return found


def _activity(activity: Activity, programs: Mapping[int, Program], links: list[str]) -> PublicEntry:
    turnout = activity.turnout_if_any
    program = programs.get(activity.program_id)
    start = activity.local_start
    content: dict[str, Any] = {
        "title": activity.title,
        "kind": activity.kind,
        "day": activity.day.isoformat() if activity.day else None,
        "starts_at": start.isoformat() if start else None,
        "ends_at": activity.ends_at.isoformat() if activity.ends_at else None,
        "status": activity.status,
        "format": activity.format,
        "place": activity.place,
        "links": links,
        "program": program.slug if program else "",
        "program_name": program.name if program else "",
    }
    if turnout is not None and activity.is_counted and activity.status == Status.DONE:
        content["came"] = turnout.attended
    if activity.kind == Kind.POST and getattr(activity, "post", None) is not None:
        content["canonical"] = activity.post.canonical
    return PublicEntry(f"activity-{activity.pk}", activity.day, content)


def _program(program: Program) -> PublicEntry:
    content = {"title": program.name, "slug": program.slug, "purpose": program.purpose}
    return PublicEntry(f"program-{program.pk}", None, content)


def _quote(quote: Quote) -> PublicEntry:
    content = {"text": quote.text, "who": quote.who, "day": quote.day.isoformat()}
    return PublicEntry(f"voice-{quote.pk}", quote.day, content)


def _target(aim: Aim) -> tuple[PublicEntry, Aim]:
    content = {
        "title": aim.target.metric.name,
        "value": aim.target.value,
        "by": aim.target.by.isoformat(),
        "sentence": aim.sentence,
    }
    return PublicEntry(f"target-{aim.target.pk}", aim.target.by, content), aim


def _reviews(
    actor: Actor, names: list[str]
) -> list[tuple[PublicEntry, Review, tuple[Activity, ...]]]:
    found = []
    for name in names:
        made = composition.review(actor, name, audience=Audience.PUBLIC)
        done = tuple(composition.done_of(actor, made))
        words = {
            chapter.heading: [
                item.text or [p if isinstance(p, str) else p.text for p in item.sentence]
                for item in chapter.kept
            ]
            for chapter in made.chapters
        }
        content = {
            "title": made.title,
            "period": name,
            "own": made.own,
            "chapters": words,
            "opening": [plain(sentence) for sentence in made.opening],
            "programs": [[part.name, plain(part.sentence)] for part in made.programs],
            "targets": [aim.sentence for aim in made.targets],
            "guessing": [plain(sentence) for sentence in made.guessing],
            "voices": [quote.text for quote in made.quotes],
        }
        found.append((PublicEntry(f"review-{made.slug}", made.period.last, content), made, done))
    return found


def _files(actor: Actor, settings: Mapping[str, Any]) -> list[PublicEntry]:
    """Playbooks, findings and metrics that others may take over; those that are gone stand no more."""
    found = []
    for key in settings["public_files"]:
        shared = shared_file(actor, key)
        if shared is not None:
            content = {"title": shared.title, "kind": str(shared.kind), "file": shared.write()}
            found.append(PublicEntry(key, shared.day, content))
    return found


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would change: entries that become public for the first time, that change,
    and that are taken back."""

    fresh: tuple[PublicEntry, ...]
    changed: tuple[PublicEntry, ...]
    redacted: tuple[str, ...]
    unchanged: int


def preview(actor: Actor, folder: Path) -> Preview:
    """Against what was last published into that folder."""
    rules.require(rules.may_read_private, actor)
    return compare(site(actor), published(folder))


def published(folder: Path) -> dict[str, Any]:
    """The state of each entry by the folder itself, so that it can be moved, copied or cloned."""
    try:
        ledger = Ledger.read((folder / LEDGER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {} if ledger.broken_at() is not None else states(ledger, folder)


def states(ledger: Ledger, folder: Path) -> dict[str, Any]:
    """By key: its revision, whether it was taken back, and the digest and salt of what is shown."""
    try:
        held = json.loads((folder / ENTRIES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        held = {}
    found: dict[str, Any] = {}
    for line in ledger.parsed():
        key = line.get("key")
        if not isinstance(key, str):
            continue
        redacted = line.get("action") == "redacted"
        shown = held.get(key) if isinstance(held, dict) and not redacted else None
        is_shown = seals(shown, line)
        content = dict(shown["content"]) if shown and is_shown else {}
        found[key] = {
            "revision": int(line.get("revision", 1)),
            "digest": fingerprint(content) if content else "",
            "salt": str(shown["salt"]) if shown and is_shown else "",
            "redacted": redacted,
        }
    return found


def compare(made: Site, before: Mapping[str, Any]) -> Preview:
    fresh, changed, unchanged = [], [], 0
    keys = set()
    for entry in made.entries:
        keys.add(entry.key)
        known = before.get(entry.key)
        if known is None or known.get("redacted"):
            fresh.append(entry)
        elif known["digest"] != entry.digest:
            changed.append(entry)
        else:
            unchanged += 1
    gone = tuple(key for key, known in before.items() if key not in keys and not known["redacted"])
    return Preview(tuple(fresh), tuple(changed), gone, unchanged)


def publications(actor: Actor) -> list[Publication]:
    """Where the public log was written to, the latest first."""
    rules.require(rules.may_read_record, actor)
    return list(Publication.objects.order_by("-published_at"))
