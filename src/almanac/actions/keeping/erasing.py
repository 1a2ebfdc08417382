"""Erase: a person, everywhere, for good."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, connections, models, transaction

from almanac.actions.errors import CannotError
from almanac.actions.keeping.backups import outdated
from almanac.actions.keeping.exporting import export_anew, exports_known
from almanac.actions.keeping.mirror import is_in_checkout, mirror
from almanac.actions.review.publishing import publish
from almanac.answers.community.traces import Traces, traces
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.errors import AlmanacError
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.infra.rewriting import rewrite
from almanac.record.infra.routing import PRIVATE, PRIVATE_MODELS, RECORD
from almanac.record.infra.scratch import remove
from almanac.record.models import (
    Change,
    Guest,
    Judging,
    Part,
    Person,
    PrivateChange,
    Publication,
    Quote,
    QuotePicture,
    SeenGuest,
    ShownPlate,
    SignupAnswer,
)
from almanac.record.models.community.people import ERASED
from almanac.record.models.texts import Text
from almanac.record.queries import preferences, seen_guests

if TYPE_CHECKING:
    from collections.abc import Callable

    from almanac.answers.community.traces import Mention, Trace
    from almanac.core.community.person_names import PersonName
    from almanac.record.rules import Actor

IN_ADDRESS = "erased"
"""Stands for the name inside a web address or a slug, where brackets mean something else."""
MOST_ALIKE = 1000


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done, without the name: rows by what they are, files taken away, copies brought up to
    date, and what is left for a person to do.

    mentions: texts that still hold the name, as the practitioner sees them; certificate: where the
    account of this lies, which names nobody.
    """

    counts: dict[str, int]
    files: int
    renewed: tuple[str, ...]
    left: tuple[str, ...]
    mentions: tuple[Mention, ...]
    certificate: Path


def erase(actor: Actor, who: str) -> Erased:
    """Erase a person: guest rows, their name in every text, log lines, rejected rows, files waiting to
    be imported; then the files and logs of the databases, exports, public logs and the mirror.

    Counts stay as they are. One common word, such as Max, is taken out of names and of what nobody
    can edit; elsewhere it is listed. Cannot be undone.
    """
    rules.require(rules.may_keep_logbook, actor)
    rules.require(rules.may_read_private, actor)
    found = traces(actor, who)
    private = [trace for trace in found.rows if trace.row._meta.model_name in PRIVATE_MODELS]
    ours = [trace for trace in found.rows if trace.row._meta.model_name not in PRIVATE_MODELS]
    with verb(actor, "erase") as line:
        line.undoable = False
        line.summary = ChangeLine.ERASED()
        # What hangs on a row that goes is changed before it goes with it.
        for trace in sorted(ours, key=lambda trace: not trace.fields):
            _erase_row(trace, found.person)
    with transaction.atomic(using=PRIVATE):
        for trace in private:
            _erase_row(trace, found.person)
        persons = [who, *(text for trace in found.rows for text in _names_of(trace.row))]
        for model in (SeenGuest, SignupAnswer):
            model.objects.filter(pk__in=seen_guests.of_person(persons, model)).delete()
    for file in found.files:
        remove(file)
    renewed, left = _renew_copies(actor, found.person)
    left += _still_elsewhere(actor, found)
    made = Erased(
        found.counts, len(found.files), tuple(renewed), tuple(left), found.mentions, _place()
    )
    _write_certificate(made)
    return made


def _erase_row(trace: Trace, person: PersonName) -> None:
    row = trace.row
    if not trace.fields:
        row.delete()
        return
    names = [*trace.fields]
    for name in names:
        kind = type(row).texts[name]  # type: ignore[attr-defined]
        field = row._meta.get_field(name)
        before = getattr(row, name)
        setattr(row, name, ERASED if kind is Text.NAME else _without(field, before, person))
    names += _follow(row, names)
    _save(row, names)


def _follow(row: models.Model, names: list[str]) -> list[str]:
    """What else goes with the name; the fields that this changed."""
    if isinstance(row, Quote) and {"who", "via"} & {*names}:
        # A screenshot of what they said shows who they are.
        QuotePicture.objects.filter(quote=row).delete()
        row.who = ERASED
        return ["who"]
    if isinstance(row, Change | PrivateChange):
        row.undo = None
        return ["undo"]
    if isinstance(row, ShownPlate) and "content" in names:
        row.content, row.revoked_at = {}, clock.now()
        return ["revoked_at"]
    if isinstance(row, Judging) and "ballots" in names:
        # Two who are erased stay two: one name for both would merge their ballots.
        number = next(n for n in count(1) if f"[erased {n}]" not in row.ballots)
        row.ballots = row.ballots.replace(ERASED, f"[erased {number}]")
    if isinstance(row, Part) and row.heading == ERASED:
        row.heading = ""
    return []


def _without(field: Any, value: Any, person: PersonName) -> Any:
    if isinstance(field, models.SlugField | models.URLField):
        return person.out_of(value, IN_ADDRESS, IN_ADDRESS)[: field.max_length]
    if isinstance(value, str):
        return person.out_of(value, ERASED, IN_ADDRESS)[: field.max_length]
    if isinstance(value, dict):
        return {
            person.out_of(str(key), ERASED, IN_ADDRESS): _without(field, inner, person)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_without(field, inner, person) for inner in value]
    return value


def _save(row: models.Model, names: list[str]) -> None:
    """Save the fields; where the text that is left is another row's, with a number behind it."""
    unique = [name for name in names if _is_unique(row, name)]
    texts = {name: str(getattr(row, name)) for name in unique}
    for number in range(1, MOST_ALIKE):
        try:
            with transaction.atomic(using=row._state.db):
                row.save(update_fields=names)
        except IntegrityError:
            for name in unique:
                setattr(row, name, f"{texts[name]}-{number + 1}")
        else:
            return
    raise CannotError("Too many rows are called alike; rename some of them first.")


def _is_unique(row: models.Model, name: str) -> bool:
    together = {
        each for constraint in row._meta.constraints for each in getattr(constraint, "fields", ())
    }
    field = row._meta.get_field(name)
    return bool(getattr(field, "unique", False)) or name in together


def _names_of(row: models.Model) -> list[str]:
    if isinstance(row, Person):
        return [row.name, *row.handles.split()]
    return [row.name, row.email] if isinstance(row, Guest) else []


# What lies elsewhere


def _renew_copies(actor: Actor, person: PersonName) -> tuple[list[str], list[str]]:
    """Write exports, public logs and the mirror anew; what could not be is left."""
    place = str(preferences.value("mirror") or "")
    copies: list[tuple[str, Callable[[], object]]] = [
        (f"the export in {folder}", lambda folder=folder: export_anew(actor, folder))  # type: ignore[misc]
        for folder in exports_known()
    ]
    copies += [
        (f"the public log in {row.folder}", lambda row=row: publish(actor, Path(row.folder)))  # type: ignore[misc]
        for row in Publication.objects.order_by("folder")
        if Path(row.folder).is_dir()
    ]
    if place:
        copies.append((f"the off-site copy in {place}", lambda: mirror(actor, place)))
    renewed, left = [], []
    for name, renew in copies:
        told = person.out_of(name, ERASED, ERASED)
        try:
            renew()
        except (AlmanacError, OSError) as error:
            left.append(f"{told}: {person.out_of(str(error), ERASED, ERASED)}")
        else:
            renewed.append(told)
    return renewed, left


def _still_elsewhere(actor: Actor, found: Traces) -> list[str]:
    left = []
    old = outdated(actor, before=clock.now())
    if old:
        count = "1 older backup" if len(old) == 1 else f"{len(old)} older backups"
        left.append(f"{count} in {old[0].parent}: the next almanac backup deletes them")
    place = str(preferences.value("mirror") or "")
    folders = [Path(row.folder) for row in Publication.objects.all()]
    if place:
        folders.append(Path(place).expanduser())
    if any(is_in_checkout(folder) for folder in folders if folder.is_dir()) or "://" in place:
        left.append("the history of Git where the public log or the off-site copy is committed")
    for words, number, is_sealed in found.left_in:
        why = "locked or kept as it is, so it stays" if is_sealed else "change by hand"
        left.append(f"{number} {words}: {why}")
    left.append("whatever was sent or printed, and copies that others made")
    if not connections[RECORD].in_atomic_block:
        held = rewrite()
        left += [
            f"{name}: another program holds it open, so erased bytes may still lie in it; they go "
            "when Almanac is next opened alone"
            for name in held
        ]
    return left


def _place() -> Path:
    folder = Path(settings.ALMANAC_HOME) / "certificates"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"erased-{clock.now():%Y-%m-%d-%H%M%S}.txt"
    number = 1
    while file.exists():
        number += 1
        file = file.with_stem(f"erased-{clock.now():%Y-%m-%d-%H%M%S}-{number}")
    return file


def _write_certificate(made: Erased) -> None:
    lines = [f"A person was erased from this logbook on {clock.now():%-d %B %Y at %H:%M} UTC.", ""]
    lines += [f"Erased from: {number} {words}" for words, number in made.counts.items()]
    lines += [f"Files deleted: {made.files}"] if made.files else []
    lines += [f"Written anew: {name}" for name in made.renewed]
    lines += ["", "Still to do, or out of reach:", *(f"- {each}" for each in made.left)]
    made.certificate.write_text("\n".join(lines) + "\n", encoding="utf-8")
    made.certificate.chmod(0o600)
