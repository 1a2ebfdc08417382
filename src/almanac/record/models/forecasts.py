from __future__ import annotations

from django.db import models

from almanac.record.models.activities import Activity
from almanac.record.models.texts import classified


class Forecast(models.Model):
    """What the model said before the fact. Frozen: written once, hashed, never edited.

    `body` holds the version, what was known, and for each stage the distribution or a refusal
    with what it rests on; `sha256` is of the canonical JSON of body, activity and time.
    """

    texts = classified(sealed="body", plain="sha256")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="forecasts")
    made_at = models.DateTimeField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("made_at", "id")
        indexes = (models.Index(fields=("activity", "made_at")),)

    def __str__(self) -> str:
        return f"forecast of {self.activity_id} at {self.made_at:%Y-%m-%d %H:%M}"
