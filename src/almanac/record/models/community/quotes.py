from __future__ import annotations

from django.db import models

from almanac.record.models.programs import Program
from almanac.record.models.texts import classified


class Consent(models.TextChoices):
    NONE = "none", "not asked; private"
    ASKED = "asked", "asked"
    GIVEN = "given", "given"
    WITHDRAWN = "withdrawn", "withdrawn"


class Scope(models.TextChoices):
    """What somebody agreed to: the wider holds the narrower."""

    NONE = "", "not said"
    REVIEWS = "reviews", "reports inside"
    PUBLIC = "public", "public pages too"


class Quote(models.Model):
    """What somebody said about the work. Private until consent is noted."""

    texts = classified(name="who", free="text place link tags", final="via")

    text = models.TextField()
    who = models.CharField(max_length=200, blank=True)
    via = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=1000, blank=True)
    tags = models.JSONField(default=list, blank=True)
    would_not_have_known = models.BooleanField(default=False)
    """They say that they would not have known of it otherwise."""
    day = models.DateField()
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="quotes"
    )
    consent = models.CharField(max_length=9, choices=Consent.choices, default=Consent.NONE)
    consent_for = models.CharField(max_length=7, choices=Scope.choices, blank=True)
    consent_until = models.DateField(null=True, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "record_voice"
        ordering = ("-day", "-id")

    def __str__(self) -> str:
        return self.text


class QuotePicture(models.Model):
    """A screenshot of what was said; `content` is base64, so that exports hold it too."""

    texts = classified(plain="media_type content")

    quote = models.OneToOneField(
        Quote, models.CASCADE, related_name="picture", db_column="voice_id"
    )
    media_type = models.CharField(max_length=20)
    content = models.TextField()

    class Meta:
        db_table = "record_voicepicture"

    def __str__(self) -> str:
        return f"picture of {self.quote_id}"


class Referral(models.Model):
    """One answer to “how did you hear about us?”, without who gave it."""

    texts = classified(final="answer origin", plain="channel")

    answer = models.CharField(max_length=500)
    channel = models.CharField(max_length=60)
    is_corrected = models.BooleanField(default=False)
    """Somebody said which channel it is; the same answer means the same from then on."""
    day = models.DateField()
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="referrals"
    )
    origin = models.CharField(max_length=200)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-id")

    def __str__(self) -> str:
        return self.answer
