from __future__ import annotations

from django.db import models

from almanac.record.models.texts import classified


class ColumnMapping(models.Model):
    """How the columns of one shape of CSV are read, remembered for the next file like it."""

    texts = classified(final="mapping options", plain="signature")

    signature = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField()
    options = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.signature
