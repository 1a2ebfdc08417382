from __future__ import annotations

from django.db import models

from almanac.core.vocabulary import Evidence, choices
from almanac.record.models.activities import Activity
from almanac.record.models.texts import classified


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

    texts = classified(free="origins")

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
