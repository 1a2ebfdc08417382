from __future__ import annotations

from django.db import models

from almanac.record.models.activities import Activity

ERASED = "[erased]"
"""Stands where the name of an erased person stood."""


class GuestStatus(models.TextChoices):
    SIGNED_UP = "signed_up", "signed up"
    ATTENDED = "attended", "came"
    NO_SHOW = "no_show", "did not come"
    WAITLISTED = "waitlisted", "on the waitlist"
    INVITED = "invited", "only invited"
    PENDING = "pending", "waiting for approval"
    DECLINED = "declined", "declined"
    CANCELLED = "cancelled", "cancelled"


class Guest(models.Model):
    """A person on a guest list. Kept only when the practitioner asked for names."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="guests")
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True, db_index=True)
    status = models.CharField(max_length=10, choices=GuestStatus.choices)
    source = models.CharField(max_length=60)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name or self.email
