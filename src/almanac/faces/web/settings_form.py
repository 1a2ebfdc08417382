"""The form of the settings page."""

from __future__ import annotations

from django import forms


class PreferencesForm(forms.Form):
    theme = forms.ChoiceField(
        choices=[("", "as the system"), ("light", "light"), ("dark", "dark")],
        required=False,
        label="Appearance",
    )
    zone = forms.CharField(max_length=50, label="Time zone")
    date_order = forms.ChoiceField(
        choices=[
            ("", "ask when it matters"),
            ("day", "day first (14/11)"),
            ("month", "month first (11/14)"),
        ],
        required=False,
        label="Dates you type",
    )
    week_start = forms.TypedChoiceField(
        choices=[(0, "Monday"), (5, "Saturday"), (6, "Sunday")],
        coerce=int,
        required=False,
        empty_value=None,
        label="First day of the week",
    )
    currency = forms.CharField(max_length=3, required=False, label="Currency, such as EUR")
    hours_a_day = forms.FloatField(
        required=False, min_value=1, max_value=24, label="Hours in a day of work"
    )
    lapse_days = forms.IntegerField(
        min_value=1,
        max_value=365,
        label="Days after which an event without attendance counts as “not measured”",
    )
    asks_worth = forms.BooleanField(
        required=False, label="Ask whether an event was worth it for those who came"
    )
    checks_in = forms.BooleanField(required=False, label="Ask me to check in once a week")
    nudges = forms.BooleanField(required=False, label="Show up to two suggestions about time off")
