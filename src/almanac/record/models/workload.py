"""What is the practitioner's alone (design, rule 6): all of it lives in the private file."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models

from almanac.record.models.texts import classified


class PrivateSetting(models.Model):
    texts = classified(plain="key value")

    key = models.CharField(max_length=40, unique=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.key


class CalendarFeed(models.Model):
    """A calendar that says when one is busy: a file read once, or an address fetched again."""

    texts = classified(final="name address problem", plain="etag modified")

    name = models.CharField(max_length=120)
    address = models.URLField(max_length=1000, blank=True)
    keeps_titles = models.BooleanField(default=False)
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class BusyKind(models.TextChoices):
    MEETING = "meeting", "meeting"
    OFF = "off", "time off"
    ALL_DAY = "all_day", "all day"


class Busy(models.Model):
    """A busy block: start, end and kind. A title is kept only where the calendar was asked to."""

    texts = classified(final="title")

    feed = models.ForeignKey(CalendarFeed, models.CASCADE, related_name="blocks")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=7, choices=BusyKind.choices, default=BusyKind.MEETING)
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("starts_at",)
        indexes = (models.Index(fields=("starts_at",)), models.Index(fields=("ends_at",)))

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H:%M}"


class Break(models.Model):
    """Days off, planned or taken; both ends are days off."""

    texts = classified(final="words")

    first = models.DateField()
    last = models.DateField()
    words = models.CharField(max_length=200, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ("first",)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def days(self) -> list[date]:
        """Every day of it, both ends included."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


class CheckIn(models.Model):
    """Three answers from 1 to 5 for the week that begins on a Monday. Not a validated instrument."""

    texts = classified(final="words")

    week = models.DateField(unique=True)
    load = models.PositiveSmallIntegerField()
    recovery = models.PositiveSmallIntegerField()
    say_no = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ("week",)

    def __str__(self) -> str:
        return f"week of {self.week}"


class Choice(models.Model):
    """A yes that was said knowing the chance that everything holds, before and with it."""

    texts = classified(final="title")

    activity_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    before = models.FloatField()
    after = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.title


class ShownPlate(models.Model):
    """A picture of the workload that its owner composed and shared. `content` is all that
    can be seen through it; the link itself is not kept, only its fingerprint."""

    texts = classified(final="title content", plain="fingerprint")

    fingerprint = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    content = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.title
