from __future__ import annotations

from django.db import models

from almanac.record.models.activities import Activity
from almanac.record.models.programs import Program
from almanac.record.models.texts import classified


class Receiver(models.TextChoices):
    """Who inside is to hear of it."""

    PRODUCT = "product", "product"
    SALES = "sales", "sales"
    OTHER = "other", "somebody else"


class FeedbackState(models.TextChoices):
    """How far it has come; what a page calls it depends on the receiver."""

    HEARD = "heard", "heard"
    PASSED_ON = "passed_on", "passed on"
    DONE = "done", "done"
    CLOSED = "closed", "not done"


class Feedback(models.Model):
    """What somebody wants or lacks, or somebody who wants to buy: heard, passed on, and what became of it."""

    # Several people stand in `who`, of whom erasing takes out one.
    texts = classified(final="who", free="text ticket became")

    text = models.TextField()
    who = models.CharField(max_length=500, blank=True)
    """Those it came from, with commas between them."""
    receiver = models.CharField(max_length=7, choices=Receiver.choices, default=Receiver.PRODUCT)
    state = models.CharField(
        max_length=9, choices=FeedbackState.choices, default=FeedbackState.HEARD
    )
    ticket = models.CharField(max_length=1000, blank=True)
    """An address or a number by which others know it."""
    became = models.CharField(max_length=300, blank=True)
    day = models.DateField()
    passed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    """When those it came from were told."""
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="feedback"
    )
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="feedback"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-id")

    def __str__(self) -> str:
        return self.text

    @property
    def names(self) -> list[str]:
        """Each of those it came from."""
        return [name.strip() for name in self.who.split(",") if name.strip()]
