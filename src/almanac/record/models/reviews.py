from __future__ import annotations

from django.db import models

from almanac.record.models.texts import classified


class ReviewEntry(models.Model):
    """What a person did with one candidate of a review, or wrote into it themselves.

    `key` is the candidate's, or `own:` and a number; `period` as `review` takes it, with the
    program's slug after a colon where it is of one program. Their words survive regeneration.
    """

    texts = classified(free="text", plain="period section key")

    period = models.CharField(max_length=260)
    section = models.CharField(max_length=20)
    key = models.CharField(max_length=160)
    dropped = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "review entries"
        constraints = (
            models.UniqueConstraint(fields=("period", "key"), name="one_entry_per_candidate"),
        )

    def __str__(self) -> str:
        return f"{self.key} in {self.period}"


class Publication(models.Model):
    """The public log in one folder: its head line, and what each entry was when last published.

    `entries` holds the key of each published entry with its revision, content hash and salt.
    """

    texts = classified(plain="folder head entries")

    folder = models.CharField(max_length=1000, unique=True)
    head = models.CharField(max_length=64, blank=True)
    entries = models.JSONField(default=dict)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.folder
