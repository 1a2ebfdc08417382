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


class HandledFile(models.Model):
    """A file of the inbox that was dealt with, by its name and content: it is never offered again."""

    texts = classified(final="name", plain="sha256 outcome")

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("name", "sha256"), name="one_handling_per_file"),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"
