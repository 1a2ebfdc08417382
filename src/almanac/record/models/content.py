from __future__ import annotations

from django.db import models
from django.db.models import Q

from almanac.record.models.activities import Activity
from almanac.record.models.programs import Program
from almanac.record.models.texts import classified


class Series(models.Model):
    """Posts that belong together, in an order."""

    texts = classified(free="name slug purpose")

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=220, unique=True)
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="series"
    )
    purpose = models.TextField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What an activity of kind post has beside: its series, its own address, where else it stands."""

    texts = classified(free="canonical elsewhere")

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="post")
    series = models.ForeignKey(Series, models.SET_NULL, null=True, blank=True, related_name="posts")
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    canonical = models.URLField(max_length=1000, blank=True)
    elsewhere = models.JSONField(default=list, blank=True)
    """Addresses where it was cross-posted."""

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"post {self.activity_id}"


class PostCount(models.Model):
    """What one platform counted of a post by a day, since it was published: views, reads, ..."""

    texts = classified(final="origin", plain="platform what")

    post = models.ForeignKey(Post, models.CASCADE, related_name="counts")
    platform = models.CharField(max_length=40)
    what = models.CharField(max_length=20, default="views")
    day = models.DateField()
    count = models.PositiveBigIntegerField()
    origin = models.CharField(max_length=200)
    noted_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("post", "platform", "what", "day"),
                condition=Q(replaced_at__isnull=True),
                name="one_count_per_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.count} {self.what} on {self.platform} by {self.day}"
