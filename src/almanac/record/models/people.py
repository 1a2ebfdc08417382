from __future__ import annotations

from django.db import models

from almanac.core.vocabulary import GuestState, choices
from almanac.record.models.activities import Activity
from almanac.record.models.texts import classified

ERASED = "[erased]"
"""Stands where the name of an erased person stood."""


class Guest(models.Model):
    """A person on a guest list. Kept only when the practitioner asked for names."""

    texts = classified(name="name email", final="source")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="guests")
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True, db_index=True)
    status = models.CharField(max_length=10, choices=choices(GuestState))
    source = models.CharField(max_length=60)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name or self.email


class SeenGuest(models.Model):
    """Somebody on an event's list, by a keyed hash, so that a newer list of it adds only who is new.
    In the private file, with its key; change: the import that saw them."""

    texts = classified(plain="digest state")

    activity_id = models.PositiveIntegerField()
    digest = models.CharField(max_length=32)
    state = models.CharField(max_length=12)
    number = models.PositiveIntegerField(default=1)
    change = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("activity_id", "digest"), name="one_guest_per_list"),
        )

    def __str__(self) -> str:
        return self.digest[:8]
