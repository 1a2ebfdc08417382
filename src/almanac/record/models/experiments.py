from __future__ import annotations

from django.db import models

from almanac.record.models.metrics import Metric
from almanac.record.models.programs import Program


class Experiment(models.Model):
    """A change tried on purpose. In its light form it is one line: trying this, because of that; it
    worked if so much by then. `topic` is the kind of change, under which findings are pooled."""

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


class Protocol(models.Model):
    """What is written down before: once locked it is never edited, and its hash says so."""

    experiment = models.OneToOneField(Experiment, models.CASCADE, related_name="protocol")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+")
    comparison = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="+")
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


class Deviation(models.Model):
    """Something that went otherwise than the protocol says, shown beside the result."""

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
