"""A full plate: the load page and “can I?” with five years of calendar and 300 open promises.

    .venv/bin/python benchmarks/plate.py

25,000 events of which 2,000 recur, 300 open activities, 3,000 done, 10,000 draws; pages by Django's
test client, in process.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

HOME = Path(tempfile.mkdtemp())
os.environ["ALMANAC_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"
PAGES = ("/plan/workload/", "/plan/time-off/", "/plan/board/", "/plan/requests/")


def say(what: str, value: str, wanted: str = "") -> None:
    print(f"{what:<60} {value:>16}   {wanted}", flush=True)


def calendar(today: date) -> bytes:
    """23,000 single meetings over five years, and 2,000 that come back."""
    rng = random.Random(5)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    for number in range(25_000):
        day = today - timedelta(days=rng.randrange(0, 5 * 365) - 60)
        starts = datetime(day.year, day.month, day.day, rng.randrange(7, 17), tzinfo=UTC)
        ends = starts + timedelta(minutes=30)
        lines += [
            "BEGIN:VEVENT", f"UID:{number}", f"SUMMARY:Meeting {number}",
            f"DTSTART:{starts:%Y%m%dT%H%M%SZ}", f"DTEND:{ends:%Y%m%dT%H%M%SZ}",
            *([f"RRULE:FREQ=WEEKLY;COUNT={rng.randrange(2, 12)}"] if number < 2000 else []),
            "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def fill(today: date) -> None:
    from almanac.record.models import Activity, Move, Program

    rng = random.Random(6)
    now = datetime.now(UTC)
    programs = Program.objects.bulk_create(
        Program(name=f"Program {n}", slug=f"p-{n}", created_at=now, updated_at=now)
        for n in range(20)
    )
    rows = []
    for n in range(3300):
        ahead = n < 300
        hours = Decimal(rng.randrange(1, 8))
        rows.append(
            Activity(
                program=programs[n % 20], kind=("task", "talk", "post")[n % 3], title=f"Thing {n}",
                status="planned" if ahead else "done", zone="UTC",
                day=None if ahead else today - timedelta(days=n % 1400 + 1),
                due=today + timedelta(days=n) if ahead else None, hours_planned=hours,
                hours_spent=None if ahead else hours + rng.randrange(0, 3),
                created_at=now, updated_at=now,
            )
        )  # fmt: skip
    made = Activity.objects.bulk_create(rows, batch_size=500)
    Move.objects.bulk_create(
        Move(activity=row, went_to="planned", at=now - timedelta(days=n % 90))
        for n, row in enumerate(made[:300])
    )


def timed(call: object) -> float:
    assert callable(call)
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    import django

    django.setup()
    from django.test import Client

    from almanac.actions.workload import time_off
    from almanac.answers.workload.can_i import can_i
    from almanac.record.infra import links
    from almanac.record.infra.ready import make_ready
    from almanac.record.queries import preferences
    from almanac.record.rules import OWNER
    from almanac.sources.base.documents import Document

    make_ready()
    today = preferences.today()
    fill(today)
    feed = time_off.add_calendar(OWNER, "Work")
    document = Document("work.ics", calendar(today))
    took = timed(lambda: time_off.read_calendar(OWNER, feed, document))
    say(
        f"a calendar of 25,000 events, {feed.blocks.count():,} blocks, read", f"{took / 1000:.1f} s"
    )
    client = Client(HTTP_HOST="127.0.0.1:8765")
    client.cookies[links.cookie_name()] = links.new_cookie()
    for page in PAGES:
        client.get(page)
        times = sorted(timed(lambda page=page: client.get(page)) for _ in range(40))
        wanted = "p95 under 150 ms" if page == "/plan/workload/" else ""
        say(f"{page}: median, p95", f"{statistics.median(times):.0f}, {times[37]:.0f} ms", wanted)
    by = today + timedelta(days=105)
    can_i(OWNER, "Keynote", 24, by, travel=2)
    times = sorted(timed(lambda: can_i(OWNER, "Keynote", 24, by, travel=2)) for _ in range(20))
    say(
        "can I, warm: median, most",
        f"{statistics.median(times):.0f}, {times[-1]:.0f} ms",
        "at most 300 ms",
    )


if __name__ == "__main__":
    main()
