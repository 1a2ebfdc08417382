from __future__ import annotations

from django.db import models

from almanac.record.models.editable import editable_fields
from almanac.record.models.texts import classified


class Visibility(models.TextChoices):
    PRIVATE = "private", "private"
    TEAM = "team", "team"
    PUBLIC = "public", "public"


class Program(models.Model):
    """A recurring line of work with a purpose and a goal it serves."""

    texts = classified(name="owner", free="name purpose goal slug")

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=220, unique=True)
    purpose = models.TextField(blank=True)
    goal = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    public = models.BooleanField(default=False)
    """Whether its name and purpose may stand in the public log."""
    closed = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_unsorted(self) -> bool:
        """Whether it only holds what has not been filed: an inbox, not a line of work."""
        return self.name == UNSORTED

    @property
    def label(self) -> str:
        """Its name on pages; what has no program stands in Unsorted."""
        return UNSORTED.capitalize() if self.is_unsorted else self.name

    @classmethod
    def editable(cls) -> tuple[str, ...]:
        """What a person may change: every field but those the record keeps for itself."""
        return editable_fields(cls, apart={"slug"})


UNSORTED = "unsorted"
"""Where activities without a program are put, rather than being refused."""
