from __future__ import annotations

from django.db import models

from almanac.record.models.activities import Activity
from almanac.record.models.texts import classified


class HandedLink(models.Model):
    """An address handed out in one talk or post, so that those who follow it can be counted."""

    texts = classified(free="url short", final="code")

    code = models.CharField(max_length=60, unique=True)
    """What its address says of itself, as `utm_campaign`."""
    url = models.URLField(max_length=1000)
    """Where it leads."""
    short = models.URLField(max_length=1000, blank=True)
    """The address a link tool made of it."""
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="handed_links"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.short or self.url


class LinkCount(models.Model):
    """How often a link was followed, as a link tool counts it: on one day, or since it was handed out."""

    texts = classified(final="origin", plain="what")

    link = models.ForeignKey(HandedLink, models.CASCADE, related_name="counts")
    day = models.DateField()
    count = models.PositiveBigIntegerField()
    what = models.CharField(max_length=20)
    """Clicks, visitors, scans: what the tool counts."""
    is_total = models.BooleanField()
    """All up to the day, and not of the day alone."""
    origin = models.CharField(max_length=200)
    noted_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("link", "day", "what", "is_total"),
                condition=models.Q(replaced_at__isnull=True),
                name="one_link_count_per_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.count} by {self.day}"
