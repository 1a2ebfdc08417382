"""Preferences, and questions never to be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.answers.log import change_lines
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.infra.zones import is_zone
from almanac.record.models import Preference, SkippedQuestion
from almanac.record.queries import preferences

if TYPE_CHECKING:
    from almanac.record.changelog import Line
    from almanac.record.rules import Actor

LAPSE_DAYS = (1, 365)
CURRENCY_LETTERS = 3
MOST_HOURS = 60


def prefer(actor: Actor, **values: Any) -> None:
    """Set preferences by name; each has a default in record/queries/preferences.py."""
    rules.require(rules.may_change_record, actor)
    for key, value in values.items():
        _check(key, value)
    with verb(actor, "prefer") as line:
        changed: dict[str, Any] = {}
        for key, value in values.items():
            if preferences.is_set(key) and preferences.value(key) == value:
                continue
            _put(line, key, value)
            changed[key] = value
        line.summary = ChangeLine.PREFERENCES(settings=change_lines.settings(changed))


def list_in(key: str, name: str, line: Line, *, listed: bool) -> None:
    """Within a verb: put a name into a setting that is a list of names, or take it out."""
    shown = list(preferences.value(key))
    wanted = sorted({*shown, name}) if listed else [each for each in shown if each != name]
    if wanted != shown:
        _put(line, key, wanted)


def _put(line: Line, key: str, value: Any) -> None:
    row = Preference.objects.filter(key=key).first()
    if row is None:
        line.create(Preference.objects.create(key=key, value=value))
        return
    line.keep(row, "value")
    row.value = value
    row.save()


def settle(actor: Actor, zone: str) -> None:
    """Take the machine's time zone for a logbook that has none; nothing to undo."""
    rules.require(rules.may_change_record, actor)
    if preferences.is_set("zone"):
        return
    with verb(actor, "settle") as line:
        # Others may start at the same moment.
        _, made = Preference.objects.get_or_create(
            key="zone", defaults={"value": zone if is_zone(zone) else "UTC"}
        )
        if not made:
            return
        line.undoable = False
        line.summary = ChangeLine.BEGUN(zone=zone)


def _check(key: str, value: Any) -> None:
    if key not in preferences.DEFAULTS:
        raise CannotError(f"There is no setting called {key}.")
    if key == "zone" and not is_zone(value):
        raise CannotError(f"“{value}” is not a time zone; use a name such as Europe/Berlin.")
    if key == "lapse_days" and not (
        isinstance(value, int) and LAPSE_DAYS[0] <= value <= LAPSE_DAYS[1]
    ):
        raise CannotError("Questions can wait from 1 to 365 days.")
    if key == "date_order" and value not in preferences.DATE_ORDERS:
        raise CannotError("Dates are written day-first or month-first.")
    if key == "one_to_one_hours" and not (
        isinstance(value, int | float) and 0 <= value <= MOST_HOURS
    ):
        raise CannotError(f"Hours a week for 1:1s are from 0 to {MOST_HOURS}.")
    if key == "theme" and value not in preferences.THEMES:
        raise CannotError("Pages follow the system, or are light or dark.")
    if key == "week_start" and value not in preferences.WEEK_STARTS:
        raise CannotError("A week starts on Monday, Saturday or Sunday.")
    if key == "hours_a_day" and not (isinstance(value, int | float) and 1 <= value <= 24):
        raise CannotError("A day of work has 1 to 24 hours.")
    if key == "public_address" and value and not value.startswith(("http://", "https://")):
        raise CannotError("The address of the public log begins with https://.")
    if key == "currency" and value and not (value.isalpha() and len(value) == CURRENCY_LETTERS):
        raise CannotError(f"“{value}” is not a currency; use three letters such as EUR.")


def skip_question(actor: Actor, key: str) -> None:
    """Never ask this again."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "skip_question") as line:
        row, fresh = SkippedQuestion.objects.get_or_create(
            key=key[:100], defaults={"skipped_at": clock.now()}
        )
        if fresh:
            line.create(row)
        line.summary = ChangeLine.QUESTION()
