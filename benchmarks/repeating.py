"""Today, the board, the calendar and the feed with 500 repeating activities and 20,000 occurrences.

.venv/bin/python benchmarks/repeating.py
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from datetime import timedelta

SERIES, OCCURRENCES, ROUNDS = 500, 20_000, 30
PAGES = ("/", "/plan/", "/plan/board/", "/plan/workload/", "/calendar.ics")


def main() -> None:
    os.environ["ALMANAC_HOME"] = tempfile.mkdtemp()
    os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"
    import django

    django.setup()
    from django.db import connections, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from almanac.actions.activities import NewActivity
    from almanac.actions.workload.repeating import make_ahead, repeat
    from almanac.core.recurrence import WEEKDAYS, Recurrence
    from almanac.record.infra import clock, sessions
    from almanac.record.infra.ready import make_ready
    from almanac.record.models import Activity, Repeating
    from almanac.record.rules import OWNER

    make_ready()
    today = clock.now().date()
    began = time.perf_counter()
    for number in range(SERIES):
        first = today + timedelta(days=1 + number % 7)
        rule = Recurrence(f"FREQ=WEEKLY;BYDAY={WEEKDAYS[first.weekday()]}", first)
        new = NewActivity(
            f"Group {number}",
            kind="event",
            status="planned",
            program=f"Program {number % 50}",
            hours=0.2,
            day=first,
        )
        repeat(OWNER, new, rule)
    each = Activity.objects.filter(repeating__isnull=False).count()
    print(f"{SERIES} planned, {each:,} occurrences: {time.perf_counter() - began:.1f} s")
    # What took place before now, as years of it would have left it.
    now, rows, number = clock.now(), [], each
    for series in Repeating.objects.all():
        for week in range(1, (OCCURRENCES - each) // SERIES + 1):
            day = series.first - timedelta(weeks=week)
            rows.append(
                Activity(
                    program_id=series.program_id, kind="event", title=series.title, status="done", day=day,
                    repeating=series, slot=day, created_at=now, updated_at=now,
                )
            )  # fmt: skip
    Activity.objects.bulk_create(rows, batch_size=2000)
    number = Activity.objects.count()
    with clock.at(now + timedelta(days=16)):
        began = time.perf_counter()
        made = make_ahead(OWNER)
        print(f"two weeks later {made} more: {time.perf_counter() - began:.1f} s")
    client = Client(HTTP_HOST="127.0.0.1:8765")
    client.cookies[sessions.cookie_name()] = sessions.begin()
    print(f"{number:,} occurrences, warm")
    for page in PAGES:
        client.get(page)
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            assert client.get(page).status_code == 200
            taken.append(1000 * (time.perf_counter() - began))
        reset_queries()
        with (
            CaptureQueriesContext(connections["default"]) as record,
            CaptureQueriesContext(connections["private"]) as own,
        ):
            client.get(page)
        taken.sort()
        print(
            f"  {page}: median {statistics.median(taken):.0f} ms, p95 {taken[int(ROUNDS * 0.95)]:.0f} ms, "
            f"{len(record)} + {len(own)} queries"
        )


if __name__ == "__main__":
    main()
