"""Every verb leaves one line: who, what, when, and what undoing it takes."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from almanac.record.infra import clock
from almanac.record.infra.routing import PRIVATE, RECORD
from almanac.record.models import Change, PrivateChange
from almanac.record.tables import stored_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from almanac.record.rules import Actor

_encoder = DjangoJSONEncoder()
_latest: ContextVar[Change | None] = ContextVar("almanac_latest_change", default=None)


def forget_latest() -> None:
    """Begin a new errand, such as a web request: nothing has been changed in it yet."""
    _latest.set(None)


def latest() -> Change | None:
    """The last line written to the record's log in this errand, if any."""
    return _latest.get()


@dataclass(slots=True)
class Line:
    """What one verb has done so far. `summary` is read by a person."""

    summary: str = ""
    created: dict[str, list[int]] = field(default_factory=dict)
    before: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    undoable: bool = True
    saved: Change | PrivateChange | None = None

    def create(self, *rows: Model) -> None:
        """Note rows that now exist and did not before."""
        for row in rows:
            self.created.setdefault(stored_name(type(row)), []).append(row.pk)

    def keep(self, row: Model, *names: str) -> None:
        """Note the values a row has before it is changed; call before changing it."""
        values = {name: plain(getattr(row, name)) for name in names}
        kept = self.before.setdefault(stored_name(type(row)), {})
        kept.setdefault(str(row.pk), {}).update(values)

    @property
    def did_something(self) -> bool:
        return bool(self.created or self.before or not self.undoable)


@contextmanager
def verb(actor: Actor, name: str, *, private: bool = False) -> Iterator[Line]:
    """One verb as one transaction, with its line written last.

    A verb that did nothing leaves no line; one that fails leaves nothing at all.
    """
    line = Line()
    model = PrivateChange if private else Change
    with transaction.atomic(using=PRIVATE if private else RECORD):
        yield line
        if not line.did_something:
            return
        undo = {"created": line.created, "before": line.before} if line.undoable else None
        line.saved = model.objects.create(
            at=clock.now(),
            actor=actor.name,
            verb=name,
            summary=line.summary[:400],
            undo=undo,
        )
        if isinstance(line.saved, Change):
            _latest.set(line.saved)


def plain(value: Any) -> Any:
    """A value as the change log keeps it: what JSON has, the rest as text."""
    if isinstance(value, datetime):
        return value.isoformat()  # the encoder would keep milliseconds only
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return _encoder.default(value)
