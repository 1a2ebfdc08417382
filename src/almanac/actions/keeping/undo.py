"""Take back the latest verb, or any one, as long as nothing has been built on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, ProtectedError, Q

from almanac.actions.errors import CannotError
from almanac.answers.log.change_lines import ChangeLine
from almanac.core.vocabulary import AHEAD, Status
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Activity, Change, Link, PrivateChange, Protocol, Tag, Trial
from almanac.record.tables import model_stored_as, stored_name

if TYPE_CHECKING:
    from almanac.record.rules import Actor

BATCH = 500
MOST_SEALED = 100
DELETED_FIRST = frozenset({"measurement", "postcount", "linkcount"})
"""Rows that stand in the place of others, which can come back only once they are gone."""
ALONE = frozenset({"tag", "program", "link", "change"})
"""Tables that others refer to without hanging on them."""
FOR_GOOD = frozenset({
    "read_in", "erase", "forget_feedback", "forget_judging", "forget_link", "forget_person", "forget_project",
    "forget_voice", "delete_file", "detach", "clear_example", "unfollow",
})  # fmt: skip
PRIVATE_FOR_GOOD = frozenset({"read_answers", "forget_answers", "check_in", "forget_check_ins"})
"""Verbs that cannot be undone, and after which “undo” means them: nothing from before is taken back unasked."""
KEPT_ANYWAY = frozenset({"tag", "program"})
"""Rows a verb made on its way that others may have come to use; they stay if they are in use."""


def undo(actor: Actor, change: Change | None = None) -> Change:
    """Undo one change (the latest that can be, where none is named). Returns it.

    Raises CannotError where a later change touched the same rows, or it cannot be undone at all.
    """
    rules.require(rules.may_change_record, actor)
    if change is None:
        change = _latest()
    if change.undone_at or change.undo is None:
        raise CannotError(f"This can’t be undone: {change.summary}.")
    _refuse_if_built_upon(change)
    with verb(actor, "undo") as line, transaction.atomic():
        line.undoable = False
        line.summary = ChangeLine.UNDONE(what=change.summary)
        for table in DELETED_FIRST & change.undo["created"].keys():
            _delete(change, table, change.undo["created"][table])
        for table, rows in change.undo["before"].items():
            for key, values in rows.items():
                _put_back(table, int(key), values)
        newest_first = reversed(change.undo["created"].items())
        for table, keys in sorted(newest_first, key=lambda made: made[0] in KEPT_ANYWAY):
            if table not in DELETED_FIRST:
                _delete(change, table, keys)
        change.undone_at = clock.now()
        change.save(update_fields=["undone_at"])
    return change


def _latest() -> Change:
    """The latest that can be undone, unless something for good came after it: who has just read in
    an export must not lose a setting from before it."""
    rows = Change.objects.filter(undone_at__isnull=True)
    last: Change | PrivateChange | None
    last = rows.filter(verb__in=FOR_GOOD, undo__isnull=True).order_by("-pk").first()
    latest = rows.exclude(undo__isnull=True).exclude(verb="undo")
    if last is not None:
        latest = latest.filter(pk__gt=last.pk)
    own = PrivateChange.objects.filter(verb__in=PRIVATE_FOR_GOOD).order_by("-pk").first()
    if own is not None and (last is None or own.at > last.at):
        last, latest = own, latest.filter(at__gt=own.at)
    change = next((row for row in latest[:MOST_SEALED] if not _sealed(row)), None)
    if change is None:
        raise CannotError(
            "There is nothing to undo."
            if last is None
            else f"The latest change can’t be undone: {last.summary}. Undo an earlier one on the page "
            "of changes."
        )
    return change


def _refuse_if_built_upon(change: Change) -> None:
    sealed = _sealed(change)
    if sealed:
        raise CannotError(sealed)
    touched = _touched(change)
    later = Change.objects.filter(pk__gt=change.pk, undone_at__isnull=True).exclude(undo=None)
    for other in later:
        if touched & _touched(other) or _hangs_on(change, other):
            raise CannotError(
                f"Undo a later change first, because it builds on this one: {other.summary}."
            )


def _dealt(change: Change) -> bool:
    """Whether undoing would take an event's arm away, so that it could be dealt another one."""
    created = (change.undo or {}).get("created", {})
    dealt = Trial.objects.exclude(activity=None)
    return dealt.filter(
        Q(pk__in=created.get("trial", ())) | Q(activity__in=created.get("activity", ()))
    ).exists()


def _sealed(change: Change) -> str:
    """Why nothing can undo it any more, so that the one before it comes first; else nothing."""
    created, before = ((change.undo or {}).get(part, {}) for part in ("created", "before"))
    keys = [int(key) for key in [*created.get("protocol", ()), *before.get("protocol", ())]]
    tried = [int(key) for key in [*created.get("experiment", ()), *before.get("experiment", ())]]
    locked = Protocol.objects.filter(locked_at__isnull=False)
    if locked.filter(Q(pk__in=keys) | Q(experiment__in=tried)).exists():
        return "Its protocol is locked, so this can’t be undone."
    if _dealt(change):
        return "Chance has dealt it an arm of an experiment since; drop it instead."
    return ""


def _hangs_on(change: Change, other: Change) -> bool:
    """Whether what the other made would go, or lose its place, with what this one made. Programs
    say so themselves."""
    made = {t: k for t, k in (change.undo or {}).get("created", {}).items() if t not in ALONE}
    for table, keys in (other.undo or {}).get("created", {}).items():
        for field in _model(table)._meta.concrete_fields:
            upon = field.related_model
            if not isinstance(upon, type) or stored_name(upon) not in made:
                continue
            mine = set(made[stored_name(upon)])
            for start in range(0, len(keys), BATCH):
                rows = _model(table)._default_manager.filter(pk__in=keys[start : start + BATCH])
                if mine & set(rows.values_list(field.attname, flat=True)):
                    return True
    return False


def _touched(change: Change) -> set[tuple[str, int]]:
    kept = change.undo or {"created": {}, "before": {}}
    created = {
        (table, key)
        for table, keys in kept["created"].items()
        if table not in KEPT_ANYWAY
        for key in keys
    }
    changed = {(table, int(key)) for table, rows in kept["before"].items() for key in rows}
    return created | changed


def _used_by(model: type[models.Model]) -> list[str]:
    """The names by which other rows refer to one of this table."""
    return [
        r.name if r.related_name is None else r.related_name for r in model._meta.related_objects
    ]


def _model(table: str) -> type[models.Model]:
    return model_stored_as(table)


def _put_back(table: str, key: int, values: dict[str, Any]) -> None:
    model = _model(table)
    row = model._default_manager.filter(pk=key).first()
    if row is None:
        raise CannotError("What was changed has been deleted since, so it cannot be put back.")
    if isinstance(row, Activity):
        if "tags" in values:
            row.tags.set(Tag.objects.get_or_create(name=name)[0] for name in values["tags"])
        if "links" in values:
            row.links.all().delete()
            Link.objects.bulk_create(Link(activity=row, url=url) for url in values["links"])
    plain = {name: value for name, value in values.items() if name not in {"tags", "links"}}
    if plain:
        for name, value in plain.items():
            setattr(row, name, value if name.endswith("_id") else _typed(model, name, value))
        row.save(update_fields=[name.removesuffix("_id") for name in plain])


def _typed(model: type[models.Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    return field.to_python(value) if isinstance(field, models.Field) else value


def _delete_repeating(batch: models.QuerySet[Any]) -> None:
    """What repeats goes with the occurrences that were made since, unless one has taken place."""
    made = Activity.objects.filter(repeating__in=batch)
    if made.exclude(status__in=(*AHEAD, Status.DROPPED)).exists():
        raise CannotError("Some of it has taken place; cancel the rest from its page instead.")
    made.delete()
    batch.delete()


def _delete(change: Change, table: str, keys: list[int]) -> None:
    model = _model(table)
    for start in range(0, len(keys), BATCH):
        batch = model._default_manager.filter(pk__in=keys[start : start + BATCH])
        if table == "opentable" and not batch.exists():
            raise CannotError("The table has been let go of already.")
        if table == "tag":
            batch.filter(activities__isnull=True).delete()
        elif table == "repeating":
            _delete_repeating(batch)
        elif table == "program":
            unused = batch.filter(
                *(Q((f"{name}__isnull", True)) for name in _used_by(model)),
                updated_at=F("created_at"),
            )
            if change.verb == "begin_program" and not unused.exists():
                raise CannotError("The program is in use by now; close it instead.")
            unused.delete()
        else:
            try:
                batch.delete()
            except ProtectedError as error:
                raise CannotError("Other things depend on this, so it stays.") from error
