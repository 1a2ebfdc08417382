from __future__ import annotations

from django.db import models

from almanac.record.models.activities import Activity
from almanac.record.models.programs import Program
from almanac.record.models.texts import classified


class PlaybookVersion(models.Model):
    """How a program is run, in Markdown; a changed text is a new version."""

    texts = classified(final="text why")

    program = models.ForeignKey(Program, models.CASCADE, related_name="playbook_versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    why = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("program", "number"), name="one_playbook_version_per_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.program_id} version {self.number}"


class Run(models.Model):
    """An activity that has the steps of a playbook version; its parts remember which."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="run")
    version = models.ForeignKey(PlaybookVersion, models.CASCADE, related_name="runs")
    laid_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"run {self.activity_id}"


class Retro(models.Model):
    """The look back at one activity."""

    texts = classified(free="went_well maximise went_badly why")

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="retro")
    went_well = models.TextField(blank=True)
    maximise = models.TextField(blank=True)
    went_badly = models.TextField(blank=True)
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"retro of {self.activity_id}"


class LessonState(models.TextChoices):
    PROPOSED = "proposed", "proposed"
    ACCEPTED = "accepted", "in the playbook"
    DECLINED = "declined", "not taken"


class Helped(models.TextChoices):
    UNSAID = "", "not said yet"
    YES = "yes", "it helped"
    NO = "no", "it did not"


class Lesson(models.Model):
    """What the next run does differently: an edit to a named step, or a new one. step is the title
    of the step it changes; empty adds one."""

    texts = classified(final="step line")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="lessons")
    program = models.ForeignKey(Program, models.CASCADE, related_name="lessons")
    step = models.CharField(max_length=300, blank=True)
    line = models.CharField(max_length=400)
    state = models.CharField(
        max_length=8, choices=LessonState.choices, default=LessonState.PROPOSED
    )
    helped = models.CharField(max_length=3, choices=Helped.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.line

    @property
    def said(self) -> str:
        """Its line without the mark of a list."""
        return self.line.lstrip("- ")


class Departure(models.Model):
    """Somebody named in playbooks who has left; without a day they are back."""

    texts = classified(name="name")

    name = models.CharField(max_length=80, unique=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CheckedLink(models.Model):
    """Whether a link of a playbook still leads somewhere; says: what the server answered."""

    texts = classified(final="url says")

    url = models.URLField(max_length=1000, unique=True)
    checked_at = models.DateTimeField()
    dead_since = models.DateTimeField(null=True, blank=True)
    says = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.url
