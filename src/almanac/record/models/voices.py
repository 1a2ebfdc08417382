from __future__ import annotations

from django.db import models

from almanac.record.models.programs import Program


class Consent(models.TextChoices):
    NONE = "none", "not asked; private"
    ASKED = "asked", "asked"
    GIVEN = "given", "given"
    WITHDRAWN = "withdrawn", "withdrawn"


class Voice(models.Model):
    """What somebody said about the work. Private until consent is noted."""

    text = models.TextField()
    who = models.CharField(max_length=200, blank=True)
    via = models.CharField(max_length=100, blank=True)
    day = models.DateField()
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="voices"
    )
    consent = models.CharField(max_length=9, choices=Consent.choices, default=Consent.NONE)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-id")

    def __str__(self) -> str:
        return self.text
