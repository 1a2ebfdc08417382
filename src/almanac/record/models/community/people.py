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


class Person(models.Model):
    """Somebody the practitioner knows: where they met, what was asked for, and when to talk again."""

    texts = classified(name="name handles", free="met_at notes asked_for follow_up")

    name = models.CharField(max_length=200)
    handles = models.CharField(max_length=500, blank=True)
    """Addresses and logins, with spaces between them."""
    met_at = models.CharField(max_length=200, blank=True)
    met_on = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)
    asked_for = models.CharField(max_length=500, blank=True)
    follow_up = models.CharField(max_length=300, blank=True)
    """What about; the day is `follow_up_on`."""
    follow_up_on = models.DateField(null=True, blank=True, db_index=True)
    is_team = models.BooleanField(default=False)
    """Of one's own team, or a program: never counted among those who come."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Encounter(models.Model):
    """Somebody was talked to at an activity: a 1:1, a conference, a message."""

    texts = classified()

    person = models.ForeignKey(Person, models.CASCADE, related_name="encounters")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="encounters")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("person", "activity"), name="one_encounter_each"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} at {self.activity_id}"


class SamePerson(models.Model):
    """What somebody said of two identities: that they are one person, or two."""

    texts = classified(name="first second", plain="evidence")

    first = models.CharField(max_length=460)
    second = models.CharField(max_length=460)
    """A name with an address, as `identity_key` writes them."""
    same = models.BooleanField()
    evidence = models.CharField(max_length=200, blank=True)
    """What spoke for it when this was said. Where that changes, it is asked again."""
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="one_answer_per_pair"),
        )

    def __str__(self) -> str:
        return f"{self.pk}: {'one' if self.same else 'two'}"


class SeenGuest(models.Model):
    """Somebody on an event's list, by a keyed hash, so that a newer list of it adds only who is new.
    In the private file, with its key; change: the import that saw them."""

    texts = classified(plain="digest person state")

    activity_id = models.PositiveIntegerField()
    digest = models.CharField(max_length=32)
    person = models.CharField(max_length=32, blank=True, db_index=True)
    """The same on every event's list, so that those on two lists can be counted."""
    state = models.CharField(max_length=12)
    number = models.PositiveIntegerField(default=1)
    change = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("activity_id", "digest"), name="one_guest_per_list"),
        )

    def __str__(self) -> str:
        return self.digest[:8]
