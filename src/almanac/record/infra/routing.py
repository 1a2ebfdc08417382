"""Which of the two database files a model lives in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

PRIVATE = "private"
RECORD = "default"
FILES = {RECORD: "almanac.sqlite3", PRIVATE: "private.sqlite3"}
PRIVATE_MODELS = frozenset(
    {
        "break", "busy", "calendarfeed", "checkin", "choice", "energytap", "guess",
        "privatechange", "privatesetting", "seenguest", "shownplate", "signupanswer",
    }
)  # fmt: skip
"""By name, because migrations show the router models without their attributes."""


class PrivateRouter:
    """Private models live in the practitioner's own file and nowhere else (design, rule 6)."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        return PRIVATE if model._meta.model_name in PRIVATE_MODELS else RECORD

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool:
        return self.db_for_read(type(one)) == self.db_for_read(type(other))

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **_hints: Any
    ) -> bool | None:
        if app_label != "record":
            return False
        if model_name is None:
            return None
        return (model_name in PRIVATE_MODELS) == (db == PRIVATE)
