from __future__ import annotations

from django.db import models

from almanac.record.models.activities import Activity
from almanac.record.models.metrics import Metric
from almanac.record.models.programs import Program
from almanac.record.models.texts import classified


class Experiment(models.Model):
    """A change tried on purpose. In its light form it is one line: trying this, because of that; it
    worked if so much by then. `topic` is the kind of change, under which findings are pooled."""

    texts = classified(final="trying because worked_if topic")

    trying = models.CharField(max_length=300)
    because = models.CharField(max_length=600)
    worked_if = models.CharField(max_length=300)
    by = models.DateField()
    topic = models.CharField(max_length=60, blank=True)
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="experiments"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("by", "id")

    def __str__(self) -> str:
        return self.trying


class Way(models.TextChoices):
    """What the change is compared with."""

    WEEKS = "weeks", "other weeks of a number"
    EVENTS = "events", "events that chance left as usual"
    VERSIONS = "versions", "another version beside it"


class Counted(models.TextChoices):
    """What is looked at where it is not a metric: a count of events, or a share of the one before;
    of versions, results of which each person gives one, or any number."""

    SIGNUPS = "signups", "sign-ups"
    ATTENDED = "attended", "people who came"
    TOOK_PART = "took_part", "people who took part"
    SUBMISSIONS = "submissions", "projects handed in"
    SHOWED_UP = "showed_up", "share of sign-ups who came"
    JOINED_IN = "joined_in", "share of those who came and took part"
    RATE = "rate", "how many of those it was shown to did it"
    RESULTS = "results", "results, any number from each"


class Protocol(models.Model):
    """What is written down before: once locked it is never edited, and its hash says so."""

    texts = classified(
        sealed="change audience if_up if_unclear if_down body",
        plain="comparisons changed_programs other_programs sha256",
    )

    experiment = models.OneToOneField(Experiment, models.CASCADE, related_name="protocol")
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.WEEKS)
    metric = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="+")
    comparisons = models.JSONField(default=list, blank=True)
    """Slugs of metrics the change cannot touch."""
    counted = models.CharField(max_length=11, choices=Counted.choices, blank=True)
    # Earlier versions could compare programs beside programs; what they locked stays readable.
    changed_programs = models.JSONField(default=list, blank=True)
    other_programs = models.JSONField(default=list, blank=True)
    """Slugs of programs."""
    planned = models.PositiveIntegerField(null=True, blank=True)
    """Pairs of events, or people or days a version is shown to, both versions together."""
    change = models.TextField()
    audience = models.CharField(max_length=300, blank=True)
    starts = models.DateField()
    weeks_before = models.PositiveSmallIntegerField()
    weeks_after = models.PositiveSmallIntegerField()
    smallest = models.FloatField()
    """The smallest change that would matter, as a share: .2 is a fifth."""
    if_up = models.CharField(max_length=300)
    if_unclear = models.CharField(max_length=300)
    if_down = models.CharField(max_length=300)
    locked_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    body = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return f"protocol of {self.experiment_id}"


class Trial(models.Model):
    """One unit in one of two arms: an event assigned by chance, or results of a version.

    shown: how many people saw the version.
    """

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="trials")
    changed = models.BooleanField()
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, blank=True, related_name="trials"
    )
    pair = models.PositiveIntegerField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    shown = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("experiment", "activity"), name="one_arm_per_event_of_an_experiment"
            ),
        )

    def __str__(self) -> str:
        return f"{'changed' if self.changed else 'as usual'}: {self.experiment_id}"


class Deviation(models.Model):
    """Something that went otherwise than the protocol says, shown beside the result."""

    texts = classified(final="words")

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="deviations")
    words = models.CharField(max_length=600)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.words


class Look(models.Model):
    """Somebody looked at the result before the end: shown, and counted."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="looks")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"look at {self.experiment_id}"


class Verdict(models.TextChoices):
    WORKED = "worked", "it worked"
    PARTLY = "partly", "in part"
    NOT = "not", "it did not"
    UNCLEAR = "unclear", "cannot be told"
    ABANDONED = "abandoned", "not carried through"


class Finding(models.Model):
    """What came out and why. log_effect, error: of the estimator read first, on the log scale, for
    pooling; effect: what the page showed at the time."""

    texts = classified(final="happened why decision", plain="effect")

    experiment = models.OneToOneField(Experiment, models.CASCADE, related_name="finding")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    happened = models.TextField()
    why = models.TextField()
    decision = models.CharField(max_length=300, blank=True)
    log_effect = models.FloatField(null=True, blank=True)
    error = models.FloatField(null=True, blank=True)
    effect = models.JSONField(null=True, blank=True)
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verdict}: {self.experiment_id}"
