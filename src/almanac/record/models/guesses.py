"""Private tables: in the practitioner's own file, with no foreign key across."""

from __future__ import annotations

from django.db import models

from almanac.record.models.texts import classified


class Guess(models.Model):
    """What the practitioner said before the fact: the raw answers and the 10/50/90 from them.

    `no_idea` is an answer too, with no numbers. Frozen and hashed like a forecast.
    """

    texts = classified(plain="stage version sha256")

    activity_id = models.BigIntegerField(db_index=True)
    stage = models.CharField(max_length=12)
    no_idea = models.BooleanField(default=False)
    low = models.PositiveIntegerField(null=True)
    high = models.PositiveIntegerField(null=True)
    best = models.PositiveIntegerField(null=True)
    sure = models.PositiveSmallIntegerField(null=True)
    p10 = models.PositiveIntegerField(null=True)
    p50 = models.PositiveIntegerField(null=True)
    p90 = models.PositiveIntegerField(null=True)
    version = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    saw_forecast = models.BooleanField(default=False)
    saw_similar = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("made_at", "id")

    def __str__(self) -> str:
        return "no idea" if self.no_idea else f"{self.low} to {self.high}"


class EnergyTap(models.Model):
    """Whether an activity gave energy or took it; optional."""

    activity_id = models.BigIntegerField(unique=True)
    gave = models.BooleanField()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return "gave" if self.gave else "took"
