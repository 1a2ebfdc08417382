"""Ten years in one logbook: metric pages, a year's review, the public log.

    .venv/bin/python benchmarks/writeup.py

20,000 activities, 200 metrics, 500,000 measurements; pages by Django's test client, in process.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

HOME = Path(tempfile.mkdtemp())
os.environ["ALMANAC_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"


def say(what: str, value: str, wanted: str = "") -> None:
    print(f"{what:<52} {value:>18}   {wanted}", flush=True)


def fill() -> None:
    from almanac.core.vocabulary import Evidence
    from almanac.record.models import (
        Activity,
        Measurement,
        Metric,
        MetricVersion,
        Program,
        Target,
        Turnout,
    )

    now = datetime.now(UTC)
    rng = random.Random(3)
    programs = Program.objects.bulk_create(
        Program(
            name=f"Program {n}", slug=f"program-{n}", goal=f"Goal {n % 5}", public=n % 2 == 0,
            created_at=now, updated_at=now,
        )
        for n in range(60)
    )  # fmt: skip
    kinds = ("event", "talk", "post", "meeting", "task", "stream", "workshop")
    rows = Activity.objects.bulk_create(
        (
            Activity(
                program=programs[n % 60], kind=kinds[n % 7], title=f"Activity number {n}",
                status="done", day=(now - timedelta(days=n * 3650 // 20_000 + 1)).date(), zone="UTC",
                hours_spent=rng.randrange(1, 8), format="online", cost=5 if n % 9 == 0 else None,
                currency="EUR", visibility="public", created_at=now, updated_at=now,
            )
            for n in range(20_000)
        ),
        batch_size=500,
    )  # fmt: skip
    Turnout.objects.bulk_create(
        (
            Turnout(
                activity=row, signups=30 + row.pk % 40, attended=12 + row.pk % 20,
                attended_evidence=Evidence.COUNTED,
            )
            for row in rows
            if row.kind in {"event", "stream", "workshop"}
        ),
        batch_size=500,
    )  # fmt: skip
    metrics = Metric.objects.bulk_create(
        Metric(
            slug=f"metric-{n}", name=f"Metric {n}", cares=n < 2, shared=n < 5,
            created_at=now, updated_at=now,
        )
        for n in range(200)
    )  # fmt: skip
    MetricVersion.objects.bulk_create(
        MetricVersion(metric=m, number=1, definition="x", since=date(1970, 1, 1), created_at=now)
        for m in metrics
    )
    for metric in metrics:
        Measurement.objects.bulk_create(
            (
                Measurement(
                    metric=metric, day=now.date() - timedelta(days=n), value=rng.randrange(40),
                    origin="bench", noted_at=now,
                )
                for n in range(2500)
            ),
            batch_size=2500,
        )  # fmt: skip
        Target.objects.create(
            metric=metric, since=now.date() - timedelta(days=90), by=now.date() + timedelta(days=90),
            value=4000, created_at=now, updated_at=now,
        )  # fmt: skip


def main() -> None:
    import django

    django.setup()
    from almanac.record.infra.ready import make_ready

    make_ready()
    began = time.perf_counter()
    fill()
    say("filled", f"{time.perf_counter() - began:.0f} s")
    from django.test import Client

    from almanac.actions.review.publishing import publish, verify_folder
    from almanac.actions.review.reviews import show_review
    from almanac.answers.review.composition import done_of, review
    from almanac.press import review as press
    from almanac.record.infra import links
    from almanac.record.models import Activity
    from almanac.record.rules import OWNER

    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies[links.cookie_name()] = links.new_cookie()
    for name, pages in (
        (
            "a metric page, each of 60 for the first time",
            [f"/metrics/metric-{n}/" for n in range(60)],
        ),
        ("the same 60 again", [f"/metrics/metric-{n}/" for n in range(60)]),
    ):
        times = []
        for page in pages:
            before = time.perf_counter()
            assert client.get(page).status_code == 200
            times.append((time.perf_counter() - before) * 1000)
        p95 = sorted(times)[int(len(times) * 0.95)]
        say(
            f"{name}: median, p95",
            f"{statistics.median(times):.0f}, {p95:.0f} ms",
            "p95 under 150 ms",
        )
    for page in (
        "/metrics/",
        "/metrics/",
        "/content/",
        "/review/?period=2024",
    ):
        before = time.perf_counter()
        assert client.get(page).status_code == 200
        say(page, f"{(time.perf_counter() - before) * 1000:.0f} ms")
    year = str(datetime.now(UTC).year - 1)
    for form, wanted in (("html", "at most 3 s"), ("md", ""), ("pdf", "at most 6 s")):
        before = time.perf_counter()
        found = review(OWNER, year)
        getattr(press, form)(found, done_of(OWNER, found))
        say(f"a year's review to {form}", f"{time.perf_counter() - before:.2f} s", wanted)
    show_review(OWNER, year, public=True)
    out = HOME.parent / f"{HOME.name}-public"
    before = time.perf_counter()
    done = publish(OWNER, out)
    say(
        f"full publish, {done.written} files",
        f"{time.perf_counter() - before:.1f} s",
        "at most 20 s",
    )
    Activity.objects.filter(pk=77).update(title="Another title")
    before = time.perf_counter()
    done = publish(OWNER, out)
    say(
        f"after one change, {done.written} files",
        f"{time.perf_counter() - before:.1f} s",
        "at most 2 s",
    )
    before = time.perf_counter()
    problems = verify_folder(OWNER, out).problems
    say("verify", f"{time.perf_counter() - before:.1f} s", "sound" if not problems else problems[0])


if __name__ == "__main__":
    main()
