from __future__ import annotations

from django.db import models

from almanac.core.vocabulary import Status, choices
from almanac.record.models.activities import Activity
from almanac.record.models.texts import classified


class PartKind(models.TextChoices):
    """Kinds of parts of an activity; an item is a line of a checklist."""

    PREPARATION = "preparation", "preparation"
    TRAVEL = "travel", "travel"
    RECOVERY = "recovery", "recovery"
    FOLLOW_UP = "follow_up", "promised follow-up"
    ITEM = "item", "item"


class Part(models.Model):
    """A part of an activity. `days` are whole days it takes, from `day` on where that is known;
    `hours` are hours of work. `heading` is the checklist it stands in."""

    texts = classified(final="title heading", plain="outside_id")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=11, choices=PartKind.choices, default=PartKind.ITEM)
    title = models.CharField(max_length=300)
    heading = models.CharField(max_length=200, blank=True)
    hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    days = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    done = models.BooleanField(default=False)
    done_on = models.DateField(null=True, blank=True)
    outside_id = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title


class Move(models.Model):
    """A card went from one status to another; the first has no status before it."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="moves")
    came_from = models.CharField(max_length=8, choices=choices(Status), blank=True)
    went_to = models.CharField(max_length=8, choices=choices(Status))
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("at",)),)

    def __str__(self) -> str:
        return f"{self.activity_id} to {self.went_to}"


class Answer(models.TextChoices):
    UNANSWERED = "", "not answered yet"
    YES = "yes", "yes"
    SMALLER = "smaller", "yes, but smaller"
    NOT_YET = "not_yet", "not yet"
    NO = "no", "no"


class Request(models.Model):
    """Something others asked for, who asked, and what was answered."""

    texts = classified(name="asked_by", final="reply")

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="request")
    asked_by = models.CharField(max_length=120, blank=True)
    asked_on = models.DateField()
    answer = models.CharField(max_length=7, choices=Answer.choices, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    reply = models.TextField(blank=True)
    hours_asked = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)

    def __str__(self) -> str:
        return f"request for {self.activity_id}"


class Decision(models.TextChoices):
    NONE = "", "no answer yet"
    ACCEPTED = "accepted", "accepted"
    REJECTED = "rejected", "not accepted"


class Proposal(models.Model):
    """A call for proposals: its deadline is the activity's due day."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="proposal")
    submitted_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"proposal {self.activity_id}"
