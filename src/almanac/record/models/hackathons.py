from __future__ import annotations

from django.db import models

from almanac.record.models.activities import Activity
from almanac.record.models.texts import classified

USES = ("used", "used_30", "used_90")
"""Fields that say whether or how often projects used the product: at once, after 30 and after 90 days."""


class HackathonAudience(models.TextChoices):
    UNKNOWN = "", "not known"
    STUDENTS = "students", "students"
    NEWCOMERS = "newcomers", "newcomers"
    WORKING = "working", "working developers"
    SPECIALISTS = "specialists", "specialists of the subject"
    MIXED = "mixed", "a mix"


class Teams(models.TextChoices):
    UNKNOWN = "", "not known"
    ALONE = "alone", "alone"
    PAIRS = "pairs", "in pairs"
    TEAMS = "teams", "in teams"
    ANY = "any", "as they like"


class Length(models.TextChoices):
    UNKNOWN = "", "not known"
    DAY = "day", "a day"
    WEEKEND = "weekend", "a weekend"
    WEEK = "week", "a week"
    MONTH = "month", "a month"


class Nearness(models.TextChoices):
    """How near the theme is to what the product is used for."""

    UNKNOWN = "", "not known"
    NEAR = "near", "what the product is for"
    BESIDE = "beside", "one way among others"
    FAR = "far", "anything goes"


class Hackathon(models.Model):
    """What is known of one hackathon beside its turnout: whom it is for, how it is run, and how many
    projects used the product, then and later."""

    texts = classified(free="theme helps product")

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="hackathon")
    audience = models.CharField(max_length=11, choices=HackathonAudience.choices, blank=True)
    teams = models.CharField(max_length=5, choices=Teams.choices, blank=True)
    length = models.CharField(max_length=7, choices=Length.choices, blank=True)
    nearness = models.CharField(max_length=6, choices=Nearness.choices, blank=True)
    theme = models.CharField(max_length=300, blank=True)
    product = models.CharField(max_length=120, blank=True)
    """What one hopes that they use."""
    prizes = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    helps = models.CharField(max_length=500, blank=True)
    """Guides, resources and live events for those who take part."""
    used = models.PositiveIntegerField(null=True, blank=True)
    used_30 = models.PositiveIntegerField(null=True, blank=True)
    used_90 = models.PositiveIntegerField(null=True, blank=True)
    """Projects that used the product at the hackathon, and after 30 and 90 days; None: not known."""
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"hackathon {self.activity_id}"


class Project(models.Model):
    """Something handed in at a hackathon."""

    # Several people stand in `team`, of whom erasing takes out one.
    texts = classified(free="title pitch link repository uses", final="source team")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="projects")
    title = models.CharField(max_length=300)
    team = models.CharField(max_length=500, blank=True)
    pitch = models.TextField(blank=True)
    link = models.URLField(max_length=1000, blank=True)
    repository = models.URLField(max_length=1000, blank=True)
    uses = models.CharField(max_length=500, blank=True)
    """What it is built with, with commas between them."""
    used = models.BooleanField(null=True, blank=True)
    used_30 = models.BooleanField(null=True, blank=True)
    used_90 = models.BooleanField(null=True, blank=True)
    """Whether it used the product, then and after 30 and 90 days; None: nobody has said."""
    source = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("title", "id")
        constraints = (
            models.UniqueConstraint(fields=("activity", "title"), name="one_project_per_title"),
        )

    def __str__(self) -> str:
        return self.title


class Judging(models.Model):
    """The ballots of one hackathon, as the file that was read."""

    texts = classified(final="ballots", plain="file")

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="judging")
    file = models.CharField(max_length=200)
    ballots = models.TextField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    """The ends of the scale, where they were said."""
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"judging of {self.activity_id}"


class SignupAnswer(models.Model):
    """What somebody answered when they signed up, by the keyed hash of who they are. In the private file."""

    texts = classified(plain="digest why experience team would_use")

    activity_id = models.PositiveIntegerField()
    digest = models.CharField(max_length=32)
    why = models.CharField(max_length=60, blank=True)
    """Every reason that was ticked, with spaces between them."""
    experience = models.CharField(max_length=12, blank=True)
    team = models.CharField(max_length=12, blank=True)
    would_use = models.CharField(max_length=12, blank=True)
    is_nameless = models.BooleanField(default=False)
    """Given without a name or an address, so that nobody knows whether they came."""
    handed_in = models.BooleanField(null=True, blank=True)
    """Whether a project of theirs was handed in; None where no list said."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("activity_id", "digest"), name="one_answer_per_signup"),
        )

    def __str__(self) -> str:
        return self.digest[:8]
