"""Forms: the only way in for what a person types into a page."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)

from almanac.actions.activities import NewActivity
from almanac.core.vocabulary import GATHERINGS, Format, Kind, Status, choices
from almanac.record.infra import clock
from almanac.record.infra.zones import is_zone, zone_of
from almanac.record.models import Activity, Direction, JourneyStage, Measure, Program, Sort
from almanac.record.queries import preferences
from almanac.sources.base.cells import clean

MOST_HOURS, MOST_MONEY = 9_999, 999_999_999
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2100, 12, 31)


def _between(most: int) -> list[Any]:
    return [MinValueValidator(0), MaxValueValidator(most)]


def _amount(most: int, label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=most, decimal_places=2, required=False
    )


APART = ("ends_at", "announced_at")
"""Editable times of an activity, which the form asks as a day and a clock time."""
AS_IT_IS = tuple(name for name in Activity.editable() if name not in APART)
"""Every other editable field, which the form shows as the model has it."""


LAYOUT = (
    "title",
    "kind status program",
    "day starts ends zone",
    "format place announced",
    "due holder",
    "hours_planned hours_spent",
    "cost price currency",
    "visibility tags",
    "links",
    "notes",
)


TOGETHER = {
    "day": ("day", "starts", "ends"),
    "cost": ("cost", "currency"),
    "price": ("price", "currency"),
}
"""Fields that are changed in one go, by the one that stands for them."""
EVERY_KIND = frozenset({"title", "kind", "status", "program", "day", "notes"})
OF_KIND: dict[str, frozenset[str]] = {
    **dict.fromkeys(GATHERINGS, frozenset({"starts", "ends", "format", "place", "announced"})),
    Kind.CONFERENCE: frozenset({"place", "cost", "currency", "hours_spent"}),
    Kind.MEETING: frozenset({"starts", "ends", "hours_spent"}),
    Kind.POST: frozenset({"links", "tags"}),
    Kind.VIDEO: frozenset({"links", "tags"}),
    Kind.PODCAST: frozenset({"links", "tags"}),
    Kind.TASK: frozenset({"due", "hours_planned", "hours_spent"}),
    Kind.CFP: frozenset({"due", "links"}),
    Kind.ENGAGEMENT: frozenset({"place", "hours_spent"}),
}
"""What a kind is usually asked beside that; every other field stands folded below."""


class ActivityForm(forms.ModelForm):  # type: ignore[type-arg]  # no type argument at run time
    program = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput(attrs={"list": "programs"})
    )
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(
        required=False,
        label="Starts",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        required=False, label="Ends", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    zone = forms.CharField(max_length=50, required=False, label="Time zone")
    announced = forms.DateField(
        required=False, label="Announced on", widget=forms.DateInput(attrs={"type": "date"})
    )
    tags = forms.CharField(required=False, max_length=500)
    links = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Activity
        fields = AS_IT_IS
        field_classes = {"currency": forms.CharField}
        labels = {"due": "Due", "holder": "Owner, if not you", "price": "Ticket price"}
        widgets = {
            "due": forms.DateInput(attrs={"type": "date"}),
            "notes": forms.Textarea(attrs={"rows": 6, "maxlength": 100_000}),
        }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # A model's choice field would offer an empty choice, which neither of these has.
        self.fields["kind"] = forms.ChoiceField(choices=choices(Kind))
        self.fields["status"] = forms.ChoiceField(choices=choices(Status))
        for name in ("hours_planned", "hours_spent"):
            self.fields[name].validators += _between(MOST_HOURS)
        for name in ("cost", "price"):
            self.fields[name].validators += _between(MOST_MONEY)
        self.fields["currency"].validators.append(RegexValidator(r"^[A-Za-z]{3}$"))
        self.fields["notes"].validators.append(MaxLengthValidator(100_000))

    @classmethod
    def of(cls, activity: Activity) -> ActivityForm:
        """The form filled in with an activity as it stands."""
        start = activity.local_start
        end = activity.ends_at.astimezone(activity.tzinfo) if activity.ends_at else None
        announced = activity.announced_at
        return cls(
            initial={name: getattr(activity, name) for name in (*AS_IT_IS, "day", "zone")}
            | {
                "program": activity.program.name,
                "starts": start.time().replace(second=0, microsecond=0) if start else None,
                "ends": end.time().replace(second=0, microsecond=0) if end else None,
                "announced": announced.astimezone(activity.tzinfo).date() if announced else None,
                "tags": ", ".join(activity.tags.values_list("name", flat=True)),
                "links": "\n".join(activity.links.values_list("url", flat=True)),
            }
        )

    @staticmethod
    def together(name: str) -> tuple[str, ...]:
        return TOGETHER.get(name, (name,))

    def rows(self) -> list[list[forms.BoundField]]:
        """Fields that this kind needs or that say something, as the page lays them out."""
        return self._laid_out(self._needed())

    def folded_rows(self) -> list[list[forms.BoundField]]:
        """Every other field."""
        return self._laid_out(set(self.fields) - self._needed())

    def _needed(self) -> set[str]:
        kind = str(self["kind"].value() or Kind.EVENT)
        usual = {"zone": preferences.value("zone"), "visibility": "private"}
        said = {
            name
            for name in self.fields
            if name in self.errors or self[name].value() not in (None, "", usual.get(name))
        }
        return set(EVERY_KIND | OF_KIND.get(kind, frozenset()) | said)

    def _laid_out(self, names: set[str] | frozenset[str]) -> list[list[forms.BoundField]]:
        """In the order of the layout; one that nobody has placed comes last."""
        rest = [name for name in self.fields if name not in " ".join(LAYOUT).split()]
        rows = [[self[name] for name in row.split() if name in names] for row in (*LAYOUT, *rest)]
        return [row for row in rows if row]

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone and not is_zone(zone):
            raise forms.ValidationError("Use the name of a time zone, such as Europe/Berlin.")
        return zone

    def clean_title(self) -> str:
        return clean(self.cleaned_data["title"])

    def clean_notes(self) -> str:
        return clean(self.cleaned_data["notes"])

    def clean_announced(self) -> date | None:
        announced: date | None = self.cleaned_data["announced"]
        if announced and not FIRST_DAY <= announced <= LAST_DAY:
            raise forms.ValidationError("Choose a day between 1970 and 2100.")
        return announced

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due and not FIRST_DAY <= due <= LAST_DAY:
            raise forms.ValidationError("Choose a day between 1970 and 2100.")
        return due

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Choose a day between 1970 and 2100.")
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (data.get("starts") or data.get("ends")) and not data.get("day"):
            self.add_error("day", "A time needs a day.")
        return data

    def start(self, usual_zone: str) -> tuple[datetime | None, date | None, str]:
        """(time, day, zone) as the record keeps them."""
        data = self.cleaned_data
        zone = data["zone"] or usual_zone
        return self._at("starts", zone), data["day"], zone

    def values(self, usual_zone: str) -> dict[str, Any]:
        """Every other field, by the record's names."""
        data = self.cleaned_data
        zone = data["zone"] or usual_zone
        announced = data["announced"]
        return {name: data[name] for name in AS_IT_IS} | {
            "currency": data["currency"].upper(),
            "ends_at": self._at("ends", zone),
            "announced_at": datetime.combine(announced, time(), zone_of(zone))
            if announced
            else None,
        }

    @property
    def moves(self) -> bool:
        """Whether the day, the time or the zone was touched."""
        return bool({"day", "starts", "zone"} & set(self.changed_data))

    def changes(self, activity: Activity) -> dict[str, Any]:
        """The fields to be changed; times nobody touched stay to the second.

        An end moves along with its start. One before the start is on the next day.
        """
        values = self.values(activity.zone)
        if "announced" not in self.changed_data:
            values.pop("announced_at")
        ends, starts = (
            values["ends_at"],
            self._at("starts", self.cleaned_data["zone"] or activity.zone),
        )
        if "ends" not in self.changed_data:
            values["ends_at"] = activity.ends_at
            if self.moves and activity.ends_at and activity.starts_at and starts:
                values["ends_at"] = activity.ends_at + (starts - activity.starts_at)
        elif ends and starts and ends < starts:
            values["ends_at"] = ends + timedelta(days=1)
        return values

    def _at(self, name: str, zone: str) -> datetime | None:
        day, clock = self.cleaned_data["day"], self.cleaned_data[name]
        return datetime.combine(day, clock, zone_of(zone)) if day and clock else None

    @property
    def tag_list(self) -> list[str]:
        return str(self.cleaned_data["tags"]).replace("#", " ").replace(",", " ").split()

    @property
    def link_list(self) -> list[str]:
        return str(self.cleaned_data["links"]).split()


class PlanForm(forms.Form):
    """A few questions about a future event."""

    title = forms.CharField(max_length=300, label="Title")
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in Kind if kind in GATHERINGS],
        label="Kind",
    )
    program = forms.CharField(max_length=200, required=False, label="Program")
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), label="Date")
    starts = forms.TimeField(
        required=False,
        label="Starts",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    format = forms.ChoiceField(choices=choices(Format), required=False, label="Format")
    announced = forms.DateField(
        required=False,
        label="Announcement date",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    seats = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, label="Seats")
    price = _amount(MOST_MONEY, "Ticket price")
    hoped = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, label="Hoped for")

    def clean_title(self) -> str:
        return clean(self.cleaned_data["title"])

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > LAST_DAY:
            raise forms.ValidationError("Choose a day between now and 2100.")
        if day < preferences.today():
            raise forms.ValidationError("That day is in the past; log what was done.")
        return day

    def clean_announced(self) -> date | None:
        announced: date | None = self.cleaned_data["announced"]
        if announced and not FIRST_DAY <= announced <= LAST_DAY:
            raise forms.ValidationError("Choose a day between 1970 and 2100.")
        return announced

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        announced, day = data.get("announced"), data.get("day")
        if announced and day and announced > day:
            self.add_error("announced", "It cannot be announced after it is held.")
        return data

    def new_activity(self, zone: str) -> NewActivity:
        """What is to be written down. Without a day of announcement it is announced today."""
        data = self.cleaned_data
        begins = data["starts"]
        announced = data["announced"]
        counts = {name: data[name] for name in ("seats", "hoped") if data[name] is not None}
        here = zone_of(zone)
        return NewActivity(
            title=data["title"],
            kind=data["kind"],
            status=Status.PLANNED,
            program=data["program"],
            day=data["day"],
            starts_at=datetime.combine(data["day"], begins, here) if begins else None,
            announced_at=datetime.combine(announced, time(), here) if announced else clock.now(),
            zone=zone,
            counts=counts,
            fields={"format": data["format"], "price": data["price"]},
        )


class MetricForm(forms.Form):
    name = forms.CharField(max_length=120)
    definition = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Definition",
    )
    formula = forms.CharField(required=False, max_length=1000, label="Formula")
    unit = forms.CharField(required=False, max_length=40, label="Unit, such as downloads")
    measure = forms.ChoiceField(choices=Measure.choices, label="Values")
    whole = forms.BooleanField(
        required=False, initial=True, label="Whole numbers only, never below 0"
    )
    direction = forms.ChoiceField(choices=Direction.choices)
    sort = forms.ChoiceField(choices=Sort.choices, initial=Sort.OUTPUT, label="Type")
    stage = forms.ChoiceField(choices=JourneyStage.choices, required=False)
    goal = forms.CharField(required=False, max_length=300, label="Goal")
    question = forms.CharField(required=False, max_length=300, label="Question it answers")
    shared = forms.BooleanField(required=False, label="Show its targets in the public log")


class ProgramForm(forms.ModelForm):  # type: ignore[type-arg]  # no type argument at run time
    """Every editable field of a program; closing has a button of its own."""

    class Meta:
        model = Program
        fields = tuple(name for name in Program.editable() if name != "closed")
        labels = {
            "goal": "Goal",
            "owner": "Who owns it, if not you",
            "public": "Its name and purpose may stand in the public log",
        }
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def validate_unique(self) -> None:
        """The verb says whether a name is taken, whatever its case."""


class FilterForm(forms.Form):
    words = forms.CharField(required=False, max_length=100, label="Search")
    program = forms.CharField(required=False, max_length=220)
    kind = forms.ChoiceField(choices=[("", "any"), *choices(Kind)], required=False)
    status = forms.ChoiceField(choices=[("", "any"), *choices(Status)], required=False)
    tag = forms.CharField(required=False, max_length=60)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
