"""The workload as rows of a table, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.answers.workload.wording import NO_HOURS, sentences

if TYPE_CHECKING:
    from almanac.answers.workload.overview import Load, WeekAhead

BAR = 12


def row_of(week: WeekAhead) -> list[str]:

    filled = min(int(BAR * week.due / max(week.holds, 0.1) / 2), BAR) if week.due else 0
    return [
        f"{week.monday:%-d %b}", f"{week.due:.0f} h", f"{week.low:.0f} to {week.high:.0f} h",
        "▪" * filled, f"{week.meetings:.0f} h" if week.meetings else "",
        f"{week.days_off} d" if week.days_off else "",
    ]  # fmt: skip


def plain(found: Load) -> dict[str, Any]:
    capacity = found.capacity
    return {
        "chance": found.outlook.together if found.outlook else None,
        "refusal": None if capacity else NO_HOURS,
        "says": sentences(found),
        "hours": sum(each.middle for each in found.promises),
        "room": None if found.room is None else dict(zip(("low", "middle", "high"), found.room, strict=True)),
        "too_much": [row.pk for row in found.too_much],
        "usual_week": capacity.usual if capacity else None,
        "logged_week": capacity.logged if capacity else None,
        "unplanned_share": capacity.unplanned_share if capacity else None,
        "learnt_from_weeks": capacity.weeks if capacity else 0,
        "weeks": [
            {
                "monday": week.monday, "due": week.due, "low": week.low, "holds": week.holds,
                "high": week.high, "meetings": week.meetings, "days_off": week.days_off,
                "chance": week.chance,
            }
            for week in found.weeks
        ],
        "promises": [
            {"id": each.activity.pk, "title": each.activity.title, "due": each.due,
             "hours": each.middle}
            for each in found.promises
        ],
        "overdue": [row.pk for row in found.overdue],
        "overdue_hours": found.overdue_hours,
        "unsized": [row.pk for row in found.unsized],
        "undated": [row.pk for row in found.undated],
    }  # fmt: skip
