from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models

from almanac.core.vocabulary import (
    GATHERINGS,
    MEASURED,
    DayPeriod,
    Evidence,
    Format,
    Kind,
    Status,
    choices,
)
from almanac.record.infra.zones import local_day, zone_of
from almanac.record.models.editable import editable_fields
from almanac.record.models.programs import Program, Visibility
from almanac.record.models.recurring import Repeating
from almanac.record.models.texts import classified

if TYPE_CHECKING:
    from datetime import tzinfo
    from decimal import Decimal


class Tag(models.Model):
    texts = classified(free="name")

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """The atom: one thing the practitioner does, planned or done.

    `day` is the local date and always agrees with `starts_at`; `starts_at` is missing where only
    the day is known, and both are where nothing is settled yet. Hours are hours of effort.
    """

    texts = classified(
        name="holder",
        free="title place notes",
        final="line not_understood event_id source",
        plain="zone currency reach",
    )

    program = models.ForeignKey(Program, models.PROTECT, related_name="activities")
    kind = models.CharField(max_length=12, choices=choices(Kind))
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=choices(Status))
    day = models.DateField(null=True, blank=True)
    period = models.CharField(max_length=7, choices=choices(DayPeriod), blank=True)
    """Empty where the day is known; else `day` is the first day of that month or quarter."""
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=50, default="UTC")
    format = models.CharField(max_length=9, choices=choices(Format), blank=True)
    place = models.CharField(max_length=200, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    """The day by which it is promised, where that is not the day on which it happens."""
    holder = models.CharField(max_length=80, blank=True)
    """Who has promised it; empty is the practitioner."""
    hours_planned = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    hours_spent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    visibility = models.CharField(
        max_length=7, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    notes = models.TextField(blank=True)
    line = models.TextField(blank=True)
    """What was typed, as it was typed; empty for what came from a form or a file."""
    not_understood = models.JSONField(default=list, blank=True)
    """Pieces of the line that look like a date or a number and were not understood."""
    reach = models.JSONField(default=dict, blank=True)
    """People reached who did not come to anything: views, readers, subscribers, contacts."""
    tags = models.ManyToManyField(Tag, related_name="activities", blank=True)
    repeating = models.ForeignKey(
        Repeating, models.PROTECT, null=True, blank=True, related_name="occurrences"
    )
    slot = models.DateField(null=True, blank=True)
    """The day the rule gave an occurrence, wherever it was moved."""
    event_id = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-id")
        indexes = (
            models.Index(fields=("day", "id")),
            models.Index(fields=("status", "day")),
            models.Index(fields=("program", "day")),
            models.Index(fields=("kind", "day")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("program", "event_id"),
                condition=~models.Q(event_id=""),
                name="one_activity_per_event_id",
            ),
            models.UniqueConstraint(fields=("repeating", "slot"), name="one_occurrence_per_slot"),
        )

    def __str__(self) -> str:
        return self.title

    @classmethod
    def editable(cls) -> tuple[str, ...]:
        """What a person may change by name. The program and the start have arguments of their own
        in the verbs, as other fields follow from them."""
        return editable_fields(
            cls,
            apart={"program", "day", "period", "starts_at", "zone", "event_id", "source"}
            | {"repeating", "slot"}
            | {"line", "not_understood", "reach"},
        )

    @property
    def promised_for(self) -> date | None:
        """The day by which it must be done."""
        return self.due or self.day

    @property
    def days(self) -> list[date]:
        """Every local day it lasts, at most a month of them."""
        if self.day is None:
            return []
        last = self.ends_at.astimezone(self.tzinfo).date() if self.ends_at else self.day
        number = min(max((last - self.day).days, 0), 31)
        return [self.day + timedelta(days=shift) for shift in range(number + 1)]

    @property
    def is_gathering(self) -> bool:
        return self.kind in GATHERINGS

    @property
    def hours(self) -> Decimal | None:
        """Hours it took, else those planned."""
        return self.hours_spent if self.hours_spent is not None else self.hours_planned

    @property
    def turnout_if_any(self) -> Turnout | None:
        """The turnout row, or None where nothing was ever counted."""
        return getattr(self, "turnout", None)

    @property
    def is_counted(self) -> bool:
        """Whether somebody said how many came, counted or about."""
        turnout = self.turnout_if_any
        return turnout is not None and turnout.attended_evidence in MEASURED

    @property
    def is_approximate(self) -> bool:
        """Whether the count is approximate."""
        turnout = self.turnout_if_any
        return turnout is not None and turnout.attended_evidence == Evidence.APPROXIMATE

    @property
    def tzinfo(self) -> tzinfo:
        return zone_of(self.zone)

    @property
    def local_start(self) -> datetime | None:
        return self.starts_at.astimezone(self.tzinfo) if self.starts_at else None

    @property
    def begins(self) -> datetime | None:
        """The instant it begins; local midnight where only the day is known."""
        if self.starts_at:
            return self.starts_at
        if self.day is None:
            return None
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=self.tzinfo).astimezone(
            UTC
        )

    def set_start(
        self, starts_at: datetime | None, day: date | None, zone: str, period: str = ""
    ) -> None:
        """Set the time and the local day together, so that they cannot disagree."""
        self.zone = zone
        self.period = "" if starts_at else DayPeriod(period)
        self.starts_at = starts_at
        self.day = local_day(starts_at, zone) if starts_at else day


class Link(models.Model):
    texts = classified(free="url")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="links")
    url = models.URLField(max_length=1000)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.url


class Attachment(models.Model):
    """A picture or a PDF that hangs on an activity; `content` is base64, so that exports hold it too."""

    texts = classified(final="name", plain="media_type content")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=20)
    content = models.TextField()
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("added_at", "id")

    def __str__(self) -> str:
        return self.name


class WorthIt(models.TextChoices):
    """Whether it was worth it for those who came, in the practitioner's eyes."""

    UNSAID = "", "not said"
    YES = "yes", "yes"
    MIXED = "mixed", "for some"
    NO = "no", "no"


ASIDE = ("waitlisted", "invited", "pending", "declined", "cancelled", "no_shows")
"""People who are neither signed up nor absent, each kept apart from the others."""


class Turnout(models.Model):
    """From interest to showing up, for one activity. None is missing; 0 is a count of nobody."""

    texts = classified(final="origins")

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="turnout")
    seats = models.PositiveIntegerField(null=True, blank=True)
    hoped = models.PositiveIntegerField(null=True, blank=True)
    interested = models.PositiveIntegerField(null=True, blank=True)
    signups = models.PositiveIntegerField(null=True, blank=True)
    attended = models.PositiveIntegerField(null=True, blank=True)
    attended_evidence = models.CharField(max_length=15, choices=choices(Evidence), blank=True)
    took_part = models.PositiveIntegerField(null=True, blank=True)
    submissions = models.PositiveIntegerField(null=True, blank=True)
    waitlisted = models.PositiveIntegerField(null=True, blank=True)
    invited = models.PositiveIntegerField(null=True, blank=True)
    pending = models.PositiveIntegerField(null=True, blank=True)
    declined = models.PositiveIntegerField(null=True, blank=True)
    cancelled = models.PositiveIntegerField(null=True, blank=True)
    no_shows = models.PositiveIntegerField(null=True, blank=True)
    worth_it = models.CharField(max_length=5, choices=WorthIt.choices, blank=True)
    origins = models.JSONField(default=dict, blank=True)
    """Where each count comes from, by field: a file's name, or "you said"."""
    outcome_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"turnout of {self.activity_id}"


class SignupObservation(models.Model):
    """How many were signed up at one moment; the number may go down."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="pace")
    observed_at = models.DateTimeField()
    signups = models.PositiveIntegerField()

    class Meta:
        ordering = ("observed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("activity", "observed_at"), name="one_observation_per_moment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.signups} by {self.observed_at:%Y-%m-%d %H:%M}"
