"""What repeats: its days, and what every occurrence begins as."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.db import models

from almanac.core.recurrence import Recurrence
from almanac.core.vocabulary import Format, Kind, choices
from almanac.record.infra.zones import zone_of
from almanac.record.models.programs import Program, Visibility
from almanac.record.models.texts import classified

SHARED = (
    "title", "kind", "format", "place", "hours_planned", "price", "currency", "holder", "visibility", "notes",
)  # fmt: skip
"""Fields that every occurrence takes from it, and keeps until it is given its own."""

AHEAD_DAYS = 56
"""Occurrences are made so far ahead."""


class Repeating(models.Model):
    """An activity that repeats by a rule. Occurrences are activities, made some weeks ahead; each is known
    by its slot, the day the rule gave it, wherever it was moved."""

    texts = classified(name="holder", free="title place notes", plain="rule zone currency skipped")

    rule = models.CharField(max_length=200)
    """An RRULE without its start (RFC 5545)."""
    first = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    """Local time of `zone`; missing where only days are known."""
    minutes = models.PositiveIntegerField(null=True, blank=True)
    zone = models.CharField(max_length=50, default="UTC")
    skipped = models.JSONField(default=list, blank=True)
    """Days left out, as ISO dates."""
    made_until = models.DateField()
    """Occurrences up to this day have been made."""
    program = models.ForeignKey(Program, models.PROTECT, related_name="repeating")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=choices(Kind))
    format = models.CharField(max_length=9, choices=choices(Format), blank=True)
    place = models.CharField(max_length=200, blank=True)
    hours_planned = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    holder = models.CharField(max_length=80, blank=True)
    visibility = models.CharField(
        max_length=7, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    notes = models.TextField(blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)
    announced_before = models.PositiveIntegerField(null=True, blank=True)
    """Days between an announcement and its event."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("first", "id")
        indexes = (models.Index(fields=("made_until",)),)

    def __str__(self) -> str:
        return f"{self.title}: {self.rule}"

    @property
    def tzinfo(self) -> tzinfo:
        return zone_of(self.zone)

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(self.rule, self.first)

    def days(self, first: date, last: date) -> list[date]:
        """Days it has from one to another, without those left out."""
        gone = set(self.skipped)
        return [day for day in self.recurrence.between(first, last) if day.isoformat() not in gone]

    def horizon(self, now: datetime) -> date:
        """The day up to which occurrences are made: from today, or from the first where that is ahead."""
        return max(now.astimezone(self.tzinfo).date(), self.first) + timedelta(days=AHEAD_DAYS)

    def starts_on(self, day: date) -> datetime | None:
        """The moment it starts on a day: by the clock of its zone, an hour later where the clocks leave
        that time out. None where only days are known."""
        if self.starts is None:
            return None
        said = datetime.combine(day, self.starts, self.tzinfo)
        return said.astimezone(UTC).astimezone(self.tzinfo)

    def ends_on(self, day: date) -> datetime | None:
        starts = self.starts_on(day)
        return starts + timedelta(minutes=self.minutes) if starts and self.minutes else None

    def announced_on(self, day: date) -> datetime | None:
        if self.announced_before is None:
            return None
        announced = day - timedelta(days=self.announced_before)
        return datetime.combine(announced, time(), self.tzinfo).astimezone(UTC)
