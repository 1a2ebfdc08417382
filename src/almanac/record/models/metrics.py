from __future__ import annotations

from django.db import models
from django.db.models import Q

from almanac.record.models.programs import Program
from almanac.record.models.texts import classified


class Direction(models.TextChoices):
    UP = "up", "more is better"
    DOWN = "down", "less is better"
    NEITHER = "neither", "neither by itself"


class Measure(models.TextChoices):
    """What a metric's values are: amounts of a time that add up, a level that stands, or a rate."""

    FLOW = "flow", "adds up over time"
    STOCK = "stock", "stands at a moment"
    RATE = "rate", "a rate or an average"


class Sort(models.TextChoices):
    """Kept apart, because the first is in one's own hands and the last is not."""

    ACTIVITY = "activity", "activity: what you do"
    OUTPUT = "output", "output: what comes of it at once"
    OUTCOME = "outcome", "outcome: what changes for others"


class JourneyStage(models.TextChoices):
    """AAARRRP (Leggetter 2016)."""

    NONE = "", "not said"
    AWARENESS = "awareness", "awareness"
    ACQUISITION = "acquisition", "acquisition"
    ACTIVATION = "activation", "activation"
    RETENTION = "retention", "retention"
    REFERRAL = "referral", "referral"
    REVENUE = "revenue", "revenue"
    PRODUCT = "product", "product"


class Metric(models.Model):
    """A defined number. `feed` names what of the record it is counted from; without one it is
    measured by hand or import. `entry` is its key in the catalogue."""

    texts = classified(free="slug name goal question", plain="unit feed entry")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120, unique=True)
    unit = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=7, choices=Direction.choices, default=Direction.UP)
    measure = models.CharField(max_length=5, choices=Measure.choices, default=Measure.FLOW)
    whole = models.BooleanField(default=True)
    sort = models.CharField(max_length=8, choices=Sort.choices, default=Sort.OUTPUT)
    stage = models.CharField(max_length=11, choices=JourneyStage.choices, blank=True)
    goal = models.CharField(max_length=300, blank=True)
    question = models.CharField(max_length=300, blank=True)
    feed = models.CharField(max_length=60, blank=True)
    entry = models.CharField(max_length=40, blank=True)
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="metrics"
    )
    cares = models.BooleanField(default=False)
    """An outcome the practitioner cares about: others are asked whether they moved with it."""
    shared = models.BooleanField(default=False)
    """Its targets may be shown in the public log."""
    closed = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("closed", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def is_share(self) -> bool:
        """Whether its values are shares of one, read as percentages."""
        return self.measure == Measure.RATE and not self.unit and not self.whole


class MetricVersion(models.Model):
    """What a metric means, and since when; a changed definition is a new version."""

    texts = classified(final="definition formula")

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    definition = models.TextField()
    formula = models.TextField(blank=True)
    since = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("metric", "number"), name="one_version_per_number"),
        )

    def __str__(self) -> str:
        return f"{self.metric_id} version {self.number}"


class Measurement(models.Model):
    """One value at one day. A correction keeps what it replaces, with the time of replacing."""

    texts = classified(final="label origin")

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="measurements")
    label = models.CharField(max_length=60, blank=True)
    """Which of several sources that must not be summed, such as a platform."""
    day = models.DateField()
    value = models.FloatField()
    origin = models.CharField(max_length=200)
    noted_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("metric", "label", "day"),
                condition=Q(replaced_at__isnull=True),
                name="one_value_per_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.value} on {self.day}"


class Target(models.Model):
    """What a metric should become by when, from where. A part belongs to the target it is of."""

    texts = classified(free="why")

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="targets")
    whole_target = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts"
    )
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="targets"
    )
    since = models.DateField()
    by = models.DateField()
    value = models.FloatField()
    start_value = models.FloatField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)
    dropped = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("by", "id")

    def __str__(self) -> str:
        return f"{self.value:g} by {self.by}"
