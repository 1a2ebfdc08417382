from __future__ import annotations

from django.db import models

from almanac.record.models.texts import classified


class _Line(models.Model):
    """One verb: who did what, when, and what undoing it takes.

    `undo` holds rows created (table → ids) and earlier values of rows changed
    (table → id → field → value); null where a verb cannot be undone.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200)
    verb = models.CharField(max_length=40)
    summary = models.CharField(max_length=400)
    undo = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.summary


class Change(_Line):
    texts = classified(final="summary undo", plain="actor verb")


class PrivateChange(_Line):
    """The change log of the private file, so that nothing private shows in the record's."""

    texts = classified(final="summary undo", plain="actor verb")
