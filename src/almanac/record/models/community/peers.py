from __future__ import annotations

from django.db import models

from almanac.record.models.community.people import Person
from almanac.record.models.texts import classified


class Peer(models.Model):
    """Another practitioner whose public log or feed one follows."""

    texts = classified(name="name", free="site feed", plain="etag modified problem")

    name = models.CharField(max_length=200)
    site = models.CharField(max_length=1000, blank=True)
    feed = models.CharField(max_length=1000, blank=True)
    """RSS or Atom; found from the site where only that was given."""
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="peers")
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    """Why the last look brought nothing, in a sentence."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class PeerEntry(models.Model):
    """One entry of a peer's feed."""

    texts = classified(final="title summary link", plain="key")

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="entries")
    key = models.CharField(max_length=64)
    """A hash of what tells it from the feed's others."""
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    link = models.CharField(max_length=1000, blank=True)
    day = models.DateField(null=True, blank=True)
    is_read = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-id")
        constraints = (models.UniqueConstraint(fields=("peer", "key"), name="one_entry_per_peer"),)

    def __str__(self) -> str:
        return self.title
