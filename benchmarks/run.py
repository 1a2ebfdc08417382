"""Measure every figure that is claimed, on this machine, in one run.

    .venv/bin/python benchmarks/run.py            everything
    .venv/bin/python benchmarks/run.py pages log  only these

Figures are medians of several runs; nothing here passes or fails. `import` and `replay` want the
R-Ladies archive, as CSV in the columns of docs/reference/events-table.md, at ALMANAC_RLADIES or
beside the checkout; without it they make events of the same shape and number, and say so.
"""

from __future__ import annotations

import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
ALMANAC = str(Path(sys.executable).with_name("almanac"))
RLADIES = Path(
    os.environ.get("ALMANAC_RLADIES", HERE.parents[1] / "shared" / "data" / "rladies-events.csv")
)
HEADER = (
    "program,event_id,title,starts_at,announced_at,status,format,seats,price,interested,signups,"
    "attended,attended_evidence,submissions\n"
)


def say(what: str, value: str, wanted: str = "") -> None:
    print(f"{what:<58} {value:>16}   {wanted}", flush=True)


def almanac(home: Path, *arguments: str) -> tuple[float, float]:
    """Run a command; (wall seconds, peak megabytes)."""
    before = time.perf_counter()
    process = subprocess.Popen(
        [ALMANAC, *arguments],
        env=os.environ | {"ALMANAC_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"almanac {' '.join(arguments)} failed")
    return time.perf_counter() - before, usage.ru_maxrss / 1000


def made_up_events(number: int, programs: int) -> str:
    rng = random.Random(7)
    lines = []
    for n in range(number):
        day = datetime(2015, 1, 1, 18, tzinfo=UTC) + timedelta(days=rng.randrange(4000))
        signups = max(0, int(rng.lognormvariate(2.8, 0.9)))
        lines.append(
            f"Chapter {n % programs},{n},Evening {n},{day.isoformat()},,past,in_person,,,,{signups},,,\n"
        )
    return HEADER + "".join(lines)


def events_file(folder: Path) -> Path:
    if RLADIES.exists():
        return RLADIES
    print("  (the R-Ladies archive is not here: 4,682 made-up events of 222 programs instead)")
    file = folder / "events.csv"
    file.write_text(made_up_events(4682, 222))
    return file


def bench_import(folder: Path) -> None:
    """Import of 4,682 events, and again."""
    file = events_file(folder)
    starts = statistics.median(almanac(folder / f"s{n}", "init")[0] for n in range(1))
    idle = statistics.median(almanac(folder / "s0", "init")[0] for _ in range(5))
    first, again, peak = [], [], []
    for n in range(3):
        home = folder / f"home{n}"
        almanac(home, "init")
        seconds, megabytes = almanac(home, "import", str(file))
        first.append(seconds - idle)
        peak.append(megabytes)
        again.append(almanac(home, "import", str(file))[0] - idle)
    say("first start of an empty logbook", f"{starts:.2f} s")
    say("a start", f"{idle:.2f} s")
    say("import 4,682 events, after start", f"{statistics.median(first):.2f} s", "at most 3 s")
    say(
        "the same again, nothing changed, after start",
        f"{statistics.median(again):.2f} s",
        "at most 1.5 s",
    )
    say("peak memory of the import", f"{max(peak):.0f} MB", "under 250 MB")


def bench_log(folder: Path) -> None:
    """`almanac log` against a bare Django with one installed app, in turns."""
    home = folder / "log"
    almanac(home, "init")
    bare = (
        "import django; from django.conf import settings; "
        "settings.configure(INSTALLED_APPS=['django.contrib.messages']); django.setup()"
    )
    ours, theirs = [], []
    for n in range(15):
        ours.append(almanac(home, "log", f"Gave talk {n} at PyTexas, 80 people, 6h")[0])
        before = time.perf_counter()
        subprocess.run([sys.executable, "-c", bare], check=True)
        theirs.append(time.perf_counter() - before)
    pairs = [a / b for a, b in zip(ours, theirs, strict=True)]
    say("almanac log, end to end", f"{statistics.median(ours) * 1000:.0f} ms")
    say("bare django.setup() with one app", f"{statistics.median(theirs) * 1000:.0f} ms")
    say("ratio, pair by pair", f"{statistics.median(pairs):.2f}", "at most 4")


def open_django(home: Path) -> None:
    os.environ["ALMANAC_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"
    import django

    django.setup()
    from almanac.record.ready import make_ready

    make_ready()


def bench_pages(folder: Path) -> None:
    """20,000 activities in 300 programs: time, queries and weight of the main pages."""
    open_django(folder / "pages")
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from almanac.actions.turnout import freeze_forecast
    from almanac.record import links
    from almanac.record.models import Activity, Evidence, Program, Turnout
    from almanac.record.rules import OWNER

    now = datetime.now(UTC)
    programs = Program.objects.bulk_create(
        Program(name=f"Program {n}", slug=f"program-{n}", created_at=now, updated_at=now)
        for n in range(300)
    )
    kinds = ("event", "talk", "post", "meeting", "task", "stream", "workshop")
    rows = []
    for n in range(20_000):
        day = (now - timedelta(days=n // 6 - 60)).date()
        ahead = day > now.date()
        rows.append(
            Activity(
                program=programs[n % 300],
                kind=kinds[n % 7],
                title=f"Activity number {n}",
                status="planned" if ahead else "done",
                day=day,
                zone="UTC",
                hours_spent=2,
                format="online",
                created_at=now,
                updated_at=now,
            )
        )
    rows = Activity.objects.bulk_create(rows, batch_size=500)
    Turnout.objects.bulk_create(
        (
            Turnout(
                activity=row,
                interested=90,
                signups=30 + row.pk % 40,
                attended=None if row.status == "planned" else 14 + row.pk % 20,
                attended_evidence="" if row.status == "planned" else Evidence.COUNTED,
            )
            for row in rows
            if row.kind in {"event", "stream", "workshop"}
        ),
        batch_size=500,
    )
    ahead = Activity.objects.filter(status="planned", kind="event").order_by("day")[:6]
    for activity in ahead:
        freeze_forecast(OWNER, activity)
    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies[links.cookie_name()] = links.new_cookie()
    static = sum(
        len(b"".join(client.get(f"/static/{name}").streaming_content))
        for name in ("almanac/house.css", "almanac/house.js", "django_htmx/htmx-2.min.js")
    )
    month = f"{now:%Y-%m}"
    for name, page in (
        ("Today", "/"),
        ("a program", "/programs/program-7/"),
        ("the log", "/writeup/"),
        ("the calendar", f"/plan/?month={month}"),
        ("an event", f"/activities/{ahead[0].pk}/"),
        ("numbers", "/numbers/"),
        ("programs", "/programs/"),
    ):
        times = []
        for _ in range(40):
            before = time.perf_counter()
            response = client.get(page)
            times.append((time.perf_counter() - before) * 1000)
        with (
            CaptureQueriesContext(connections["default"]) as record,
            CaptureQueriesContext(connections["private"]) as private,
        ):
            client.get(page)
        number = len(record) + len(private)
        weight = (len(response.content) + static) / 1000
        p95 = sorted(times)[int(len(times) * 0.95)]
        say(
            f"{name}: median, p95",
            f"{statistics.median(times):.0f}, {p95:.0f} ms",
            f"under 60, 150 ms; {number} queries (12), {weight:.0f} KB (150)",
        )
    times = []
    from almanac.answers.turnout import compute

    target = Activity.objects.select_related("turnout").get(pk=ahead[0].pk)
    for _ in range(30):
        before = time.perf_counter()
        compute(OWNER, target)
        times.append((time.perf_counter() - before) * 1000)
    say("a forecast, warm, with its history", f"{statistics.median(times):.1f} ms", "under 20 ms")


def bench_demo(folder: Path) -> None:
    """From `almanac demo` to the first page, after set-up."""
    import urllib.request
    from http.cookiejar import CookieJar

    times = []
    for n in range(3):
        before = time.perf_counter()
        process = subprocess.Popen(
            [ALMANAC, "demo", "--no-browser", "--port", "0"],
            env=os.environ | {"ALMANAC_HOME": str(folder / f"demo{n}")},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        link = ""
        while not link:
            found = re.search(r"http://\S+", process.stdout.readline())
            link = found[0] if found else ""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        opener.open(link).read()
        times.append(time.perf_counter() - before)
        process.terminate()
        process.wait()
    say(
        "make demo after set-up, to the first page",
        f"{statistics.median(times):.2f} s",
        "under 5 s",
    )


def bench_replay(_folder: Path) -> None:
    """Sign-ups of 2021 and 2022, forecast from events that had started when each was announced."""
    if not RLADIES.exists():
        print("  (replay wants the R-Ladies archive, which is not here)")
        return
    import csv

    import numpy as np

    from almanac.core.scoring import crps, randomised_pit
    from almanac.core.turnout import PastEvent, Stage, Upcoming, forecast

    rows = []
    with RLADIES.open(newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream)):
            if row["status"] == "past" and row["signups"]:
                starts = datetime.fromisoformat(row["starts_at"])
                told = (
                    datetime.fromisoformat(row["announced_at"]) if row["announced_at"] else starts
                )
                rows.append(
                    (
                        starts,
                        min(told, starts),
                        row["program"],
                        row["format"],
                        int(row["signups"]),
                        number,
                    )
                )
    rows.sort()
    rng = np.random.default_rng(1)
    ours, climate, last8, pits = [], [], [], []
    for starts, told, program, form, observed, _ in rows:
        if not datetime(2021, 1, 1, tzinfo=UTC) <= starts < datetime(2023, 1, 1, tzinfo=UTC):
            continue
        before = [row for row in rows if row[0] < told]
        own = [row for row in before if row[2] == program]
        history = [
            PastEvent(r[5], (starts - r[0]).days / 365.25, "event", r[3], signups=r[4]) for r in own
        ]
        counts = forecast(Upcoming("event", form), history)[Stage.SIGNUPS].counts
        if counts is None:
            continue
        ours.append(crps(counts, observed))
        pits.append(randomised_pit(counts, observed, rng.uniform()))
        everything = np.array([row[4] for row in before])
        climate.append(_sample_crps(everything, observed))
        recent = np.array([row[4] for row in own[-8:]]) if own else everything
        last8.append(_sample_crps(recent, observed))
    off = np.abs(np.array(pits) - 0.5)
    cover = ", ".join(f"{(off < level / 2).mean():.3f}" for level in (0.5, 0.8, 0.95))
    say(f"CRPS of {len(ours):,} events of 2021-22", f"{np.mean(ours):.2f}", "lower is better")
    say(
        "the same, climatology / last 8 of the program",
        f"{np.mean(climate):.2f} / {np.mean(last8):.2f}",
    )
    say("coverage of 50, 80, 95 % by randomised PIT", cover)


def _sample_crps(sample: object, observed: int) -> float:
    import numpy as np

    values = np.sort(np.asarray(sample, dtype=float))
    size = len(values)
    spread = 2 * np.sum(values * (2 * np.arange(1, size + 1) - size - 1)) / size**2 / 2
    return float(np.abs(values - observed).mean() - spread)


def bench_coverage(_folder: Path) -> None:
    """Coverage where the model holds: 2,000 programs drawn from its own classes."""
    import numpy as np

    from almanac.core.reference import LEVELS, SHOW_RATES
    from almanac.core.turnout import PastEvent, Stage, Upcoming, forecast

    rng = np.random.default_rng(3)
    level, show = LEVELS[0], next(rate for rate in SHOW_RATES if rate.key == "free-evening")
    for past in (0, 1, 3, 10):
        signups, came = [], []
        for _ in range(500):
            centre = rng.normal(level.mean, level.between)
            mean = rng.beta(show.mean * show.between, (1 - show.mean) * show.between)
            history, row = [], (0, 0)
            for n in range(past + 1):
                centre += rng.normal(0, level.drift * 0.1**0.5)
                count = max(0, int(np.exp(centre + level.noise * 0.5**0.5 * rng.standard_t(4))))
                share = rng.beta(mean * show.within, (1 - mean) * show.within)
                row = (count, int(rng.binomial(count, share)))
                if n < past:
                    history.append(
                        PastEvent(
                            n,
                            (past - n) / 10,
                            "event",
                            "in_person",
                            signups=row[0],
                            attended=row[1],
                        )
                    )
            for known, stage, observed, found in (
                (None, Stage.SIGNUPS, row[0], signups),
                (row[0], Stage.ATTENDED, row[1], came),
            ):
                hours = None if known is None else 0.0
                counts = forecast(
                    Upcoming("event", "in_person", signups=known, hours_to_go=hours), history
                )[stage].counts
                below = counts.cdf(observed - 1)
                found.append(below + rng.uniform() * (counts.cdf(observed) - below))
        for name, found in (("sign-ups", signups), ("attended given sign-ups", came)):
            off = np.abs(np.array(found) - 0.5)
            cover = ", ".join(f"{(off < share / 2).mean():.2f}" for share in (0.5, 0.8, 0.95))
            say(f"coverage of {name}, {past} past events", cover, "0.50, 0.80, 0.95")


def bench_size(_folder: Path) -> None:
    """What the default install weighs, package by package."""
    from importlib import metadata

    lock = (HERE.parent / "requirements" / "run.txt").read_text()
    names = re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE)
    sizes = {}
    for name in dict.fromkeys(names):
        try:
            files = metadata.files(name) or []
        except metadata.PackageNotFoundError:
            continue
        sizes[name] = sum(
            path.stat().st_size
            for file in files
            if (path := Path(str(metadata.distribution(name).locate_file(file)))).is_file()
        )
    say("packages installed by make setup", f"{len(sizes)}")
    say("their size", f"{sum(sizes.values()) / 1e6:.0f} MB")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:10]:
        say(f"  {name}", f"{size / 1e6:.1f} MB")


BENCHES = {
    "import": bench_import,
    "log": bench_log,
    "pages": bench_pages,
    "demo": bench_demo,
    "replay": bench_replay,
    "coverage": bench_coverage,
    "size": bench_size,
}


def main() -> None:
    wanted = sys.argv[1:] or list(BENCHES)
    cores = os.cpu_count()
    print(
        f"{platform.python_version()}, {platform.machine()}, {cores} cores, {datetime.now(UTC):%Y-%m-%d}\n"
    )
    for name in wanted:
        print(f"{name}: {BENCHES[name].__doc__}")
        with tempfile.TemporaryDirectory() as folder:
            BENCHES[name](Path(folder))
        print()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"(peak memory of this run {peak:.0f} MB)")


if __name__ == "__main__":
    main()
