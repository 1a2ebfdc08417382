from __future__ import annotations

from django.db import models

from almanac.record.models.texts import classified


class Preference(models.Model):
    texts = classified(plain="key value")

    key = models.CharField(max_length=60, unique=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.key


class SkippedQuestion(models.Model):
    """A question the practitioner never wants to hear again, such as `outcome:17`."""

    texts = classified(plain="key")

    key = models.CharField(max_length=100, unique=True)
    skipped_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
