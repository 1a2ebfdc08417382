"""Measure every figure that is claimed, on this machine, in one run.

    .venv/bin/python benchmarks/run.py            everything
    .venv/bin/python benchmarks/run.py pages log  only these

Figures are medians of several runs; nothing here passes or fails. `import` and `newcomers` want the
R-Ladies archive, as CSV in the columns of docs/reference/events-table.md, at ALMANAC_RLADIES or
beside the checkout; without it they make events of the same shape and number, and say so.
"""

from __future__ import annotations

import contextlib
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
    say("ratio, pair by pair", f"{statistics.median(pairs):.2f}", "at most 2")


def bench_capture(folder: Path) -> None:  # noqa: ARG001 - reads lines only
    """The reader of typed lines: lines a second, and the slowest of some hostile ones."""
    import csv

    from almanac.core.errors import AlmanacError
    from almanac.sources.capture.line import read

    now = datetime.now(UTC)
    root = Path(__file__).parents[1]
    with (root / "tests/sources/capture/lines.tsv").open(encoding="utf-8", newline="") as file:
        every = [
            row["line"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
    best = 0.0
    for _ in range(5):
        before = time.perf_counter()
        for line in every:
            read(line, now, UTC)
        best = max(best, len(every) / (time.perf_counter() - before))
    say("lines a second, best of 5", f"{best:,.0f}", "5,000")
    pieces = (
        "1",
        "12 ",
        "- ",
        "nov ",
        "(",
        "at 7 ",
        "12 of ",
        "1,",
        "no one ",
        "🎉",
        "a, ",
        "x" * 10_000,
    )
    slowest = 0.0
    for piece in pieces:
        text = (piece * 2000)[:10_000] if len(piece) > 9 else (piece * 2000)[:2000]
        before = time.perf_counter()
        with contextlib.suppress(AlmanacError):
            read(text, now, UTC)
        slowest = max(slowest, time.perf_counter() - before)
    say("slowest hostile line", f"{slowest * 1000:.0f} ms", "under 50 ms")


def open_django(home: Path) -> None:
    os.environ["ALMANAC_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"
    import django

    django.setup()
    from almanac.record.infra.ready import make_ready

    make_ready()


def bench_pages(folder: Path) -> None:
    """20,000 activities in 300 programs: time, queries and weight of the main pages."""
    open_django(folder / "pages")
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from almanac.actions.turnout import freeze_forecast
    from almanac.core.vocabulary import Evidence
    from almanac.record.infra import sessions
    from almanac.record.models import Activity, Program, Turnout
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
    client.cookies[sessions.cookie_name()] = sessions.begin()
    static = sum(
        len(b"".join(client.get(f"/static/{name}").streaming_content))
        for name in ("almanac/house.css", "almanac/house.js", "django_htmx/htmx-2.min.js")
    )
    month = f"{now:%Y-%m}"
    for name, page in (
        ("Today", "/"),
        ("a program", "/programs/program-7/"),
        ("the log", "/log/"),
        ("the calendar", f"/plan/?month={month}"),
        ("an event", f"/activities/{ahead[0].pk}/"),
        ("numbers", "/year/"),
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
    from almanac.answers.turnout.expectation import compute

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


def bench_levels(_folder: Path) -> None:
    """The turnout engine on 5,000 events of 300 programs, drawn from the reference."""
    import numpy as np

    from almanac.core.turnout.events import PastEvent, Upcoming
    from almanac.core.turnout.forecast import forecast, learn_levels
    from almanac.core.turnout.history import History

    rng = np.random.default_rng(7)
    sizes = rng.normal(3.0, 0.6, 300)
    events = []
    for n in range(5000):
        program = int(rng.integers(300))
        signups = int(rng.poisson(np.exp(rng.normal(sizes[program], 0.5))))
        starts = n / 500
        events.append(
            PastEvent(
                row=n,
                program=program,
                format=("in_person", "online")[n % 2],
                starts=starts,
                announced=starts - 0.04,
                weekday=n % 7,
                hour=18.0,
                title=f"Evening of {('Python', 'Rust', 'data', 'maps')[n % 4]}, part {n % 9}",
                signups=signups,
                attended=int(rng.binomial(signups, 0.6)),
            )
        )
    began = time.perf_counter()
    levels = learn_levels(events)
    say("a full pass with given parameters", f"{time.perf_counter() - began:.2f} s", "under 2 s")
    times = []
    for n in range(20):
        more = PastEvent(row=9000 + n, program=n, format="online", starts=10.1, signups=30)
        began = time.perf_counter()
        levels.learn(more, 30)
        times.append(time.perf_counter() - began)
    say("one more event", f"{1000 * statistics.median(times):.2f} ms", "under 50 ms")
    for number in (200, 5000):
        history = History(events[-number:])
        times = []
        for n in range(60):
            upcoming = Upcoming(
                program=n,
                format="in_person",
                starts=10.3,
                announced=10.2,
                signups=12,
                hours_to_go=90,
            )
            began = time.perf_counter()
            forecast(upcoming, history, levels)
            times.append(time.perf_counter() - began)
        say(
            f"one forecast, all stages, history of {number:,}: median, p95",
            f"{1000 * statistics.median(times):.1f}, {1000 * sorted(times)[57]:.1f} ms",
            "under 5 ms",
        )
    code = (
        "import time, numpy, scipy.linalg, scipy.optimize, scipy.special; t = time.perf_counter()"
    )
    code += "; import almanac.core.turnout.forecast; print(time.perf_counter() - t)"
    taken = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    say("import of core.turnout over numpy and scipy", f"{float(taken):.2f} s", "under 0.5 s")


def bench_newcomers(_folder: Path) -> None:
    """No record at all: events from 2021 on of programs never seen before, from the reference."""
    if not RLADIES.exists():
        print("  (newcomers wants the R-Ladies archive, which is not here)")
        return
    open_django(Path(tempfile.mkdtemp()))
    import numpy as np

    from almanac.answers.turnout import backtest
    from almanac.core import scoring
    from almanac.core.counts import Counts
    from almanac.core.turnout.levels import Levels
    from almanac.core.vocabulary import Stage
    from almanac.record.rules import OWNER
    from almanac.sources.base.documents import Document

    document = Document(RLADIES.name, RLADIES.read_bytes())
    archive = backtest.from_documents(OWNER, document, None, Stage.SIGNUPS)
    events = [event for event in archive.events if event.signups is not None]
    old = {event.program for event in events if event.starts < 21}
    fresh = [event for event in events if event.starts >= 21 and event.program not in old]
    rng = np.random.default_rng(2)
    levels = Levels()
    ours, theirs, pits = [], [], []
    for event in fresh:
        counts = levels.counts(levels.expect(event))
        observed = event.signups or 0
        earlier = [e.signups or 0 for e in events if e.starts < event.known_from]
        ten = np.bincount(rng.choice(earlier, 10)).astype(float)
        ours.append(scoring.crps(counts, observed))
        theirs.append(scoring.crps(Counts.of(ten), observed))
        pits.append(scoring.randomised_pit(counts, observed, float(rng.uniform())))
    covers = ", ".join(f"{scoring.coverage(pits, share):.3f}" for share in (0.5, 0.8, 0.95))
    programs = len({event.program for event in fresh})
    say(f"{len(fresh)} events of {programs} programs, coverage of 50, 80, 95 %", covers)
    say("CRPS", f"{np.mean(ours):.2f}", f"climatology of 10 random events {np.mean(theirs):.2f}")


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


OF_THEIR_OWN = (
    "targets",
    "sensitivity",
    "growth",
    "writeup",
    "load",
    "plate",
    "effects",
    "trials",
    "programs",
    "readability",
    "search",
    "repeating",
    "serving",
    "../tests/faces/cli/kills 200",
    "../tests/sources/fuzz 10000",
)
"""Benchmarks that may be run alone; here each in a process of its own."""


def bench_others(_: Path) -> None:
    """targets, sensitivity, growth, write-ups, workload, effects, trials, programs, readability, search, repeating, serving,
    kills, damaged files"""
    for each in OF_THEIR_OWN:
        name, *arguments = each.split()
        print(f"\n{name}.py", flush=True)
        subprocess.run([sys.executable, str(HERE / f"{name}.py"), *arguments], check=True)


BENCHES = {
    "import": bench_import,
    "log": bench_log,
    "pages": bench_pages,
    "capture": bench_capture,
    "demo": bench_demo,
    "levels": bench_levels,
    "newcomers": bench_newcomers,
    "size": bench_size,
    "others": bench_others,
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
