"""Pages of a logbook of 20,000 activities, one after the other and under load.

    .venv/bin/python benchmarks/serving.py [SECONDS] [BROWSERS]

Under load: browsers go through every page without a pause, one if not said, while one process imports events and another logs
lines. Beside the times stands the memory of the server at the start and at the end.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path

ALMANAC = str(Path(sys.executable).with_name("almanac"))
ACTIVITIES, PROGRAMS = 20_000, 300
BROWSERS = int(sys.argv[2]) if len(sys.argv) > 2 else 1
COLUMNS = "program,event_id,title,kind,starts_at,announced_at,status,format,seats,price,interested,signups,attended,attended_evidence,submissions"
PAGES = (
    "/", "/plan/", "/plan/board/", "/plan/workload/", "/plan/time-off/", "/programs/", "/programs/program-7/",
    "/year/", "/metrics/", "/targets/", "/content/", "/accuracy/", "/log/", "/log/changes/", "/review/",
    "/public/", "/experiments/", "/absence-check/", "/community/", "/settings/", "/import/", "/catalogue/",
    "/new/event/", "/activities/19999/", "/activities/19999/edit/", "/activities/50/",
)  # fmt: skip


def events(first: int, number: int) -> str:
    rng = random.Random(first)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    lines = [COLUMNS]
    for n in range(first, first + number):
        start = now + timedelta(days=60 * rng.random() if n % 200 == 199 else -2000 * rng.random())
        past = start < now
        signups = rng.randrange(20, 90)
        lines.append(
            f"Program {n % PROGRAMS},e{n},Evening {n},event,{start.isoformat()},"
            f"{(start - timedelta(days=20)).isoformat()},{'past' if past else 'planned'},online,,,,"
            f"{signups},{signups // 2 if past else ''},{'counted' if past else ''},"
        )
    return "\n".join(lines) + "\n"


class Browser:
    def __init__(self, base: str, cookies: CookieJar) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        self.failed: list[str] = []

    def get(self, page: str) -> float:
        before = time.perf_counter()
        try:
            with self.opener.open(self.base + page, timeout=60) as answer:
                answer.read()
        except OSError as error:
            self.failed.append(f"{page}: {error}")
        return (time.perf_counter() - before) * 1000


def memory(process: int) -> int:
    return (
        int(Path(f"/proc/{process}/statm").read_text().split()[1])
        * os.sysconf("SC_PAGE_SIZE")
        // 2**20
    )


def said(times: dict[str, list[float]], number: int = 6) -> None:
    every = [one for several in times.values() for one in several]
    print(
        f"  all pages: median {statistics.median(every):.0f}, p95 {quantile(every, 0.95):.0f} ms, {len(every):,} requests"
    )
    worst = sorted(times.items(), key=lambda item: -quantile(item[1], 0.95))[:number]
    for page, several in worst:
        print(
            f"    {page}: median {statistics.median(several):.0f}, p95 {quantile(several, 0.95):.0f} ms"
        )


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as folder:
        home = os.environ | {"ALMANAC_HOME": f"{folder}/home"}
        table = Path(folder) / "events.csv"
        table.write_text(events(0, ACTIVITIES))
        subprocess.run(
            [ALMANAC, "import", str(table)], env=home, check=True, stdout=subprocess.DEVNULL
        )
        server = subprocess.Popen(
            [ALMANAC, "serve", "--no-browser", "--json", "--port", "0"], env=home, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        try:
            told = "".join(iter(server.stdout.readline, "}\n")) + "}"
            link = json.loads(told)["link"]
            base = link.partition("/open/")[0]
            cookies = CookieJar()
            browser = Browser(base, cookies)
            browser.opener.open(link).read()
            for page in PAGES:
                browser.get(page)
            warm = {page: [browser.get(page) for _ in range(5)] for page in PAGES}
            print("warm, one browser:")
            said(warm)
            begun = memory(server.pid)
            loaded(base, cookies, home, folder, seconds)
            for _ in range(40):
                for page in PAGES:
                    browser.get(page)
            print(
                f"memory of the server: {begun} MB before, {memory(server.pid)} MB after; failed: {browser.failed[:3]}"
            )
        finally:
            server.terminate()
            server.wait()


def loaded(
    base: str, cookies: CookieJar, home: dict[str, str], folder: str, seconds: float
) -> None:
    until = time.monotonic() + seconds
    times: dict[str, list[float]] = defaultdict(list)
    written = {"imports": 0, "lines": 0}
    failed: list[str] = []

    def browse(seed: int) -> None:
        browser, rng = Browser(base, cookies), random.Random(seed)
        while time.monotonic() < until:
            page = rng.choice(PAGES)
            times[page].append(browser.get(page))
        failed.extend(browser.failed)

    def importing() -> None:
        while time.monotonic() < until:
            more = Path(folder) / "more.csv"
            more.write_text(events(ACTIVITIES + 200 * written["imports"], 200))
            subprocess.run(
                [ALMANAC, "import", str(more)], env=home, check=True, stdout=subprocess.DEVNULL
            )
            written["imports"] += 1

    def logging() -> None:
        while time.monotonic() < until:
            line = f"Wrote post {written['lines']} today, 2h"
            subprocess.run([ALMANAC, "log", line], env=home, check=True, stdout=subprocess.DEVNULL)
            written["lines"] += 1

    threads = [threading.Thread(target=browse, args=(n,)) for n in range(BROWSERS)]
    threads += [threading.Thread(target=importing), threading.Thread(target=logging)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(
        f"under load, {BROWSERS} browsers, {written['imports']} imports of 200, {written['lines']} lines:"
    )
    said(times)
    print(f"  failed: {failed[:3] or 'none'}")


if __name__ == "__main__":
    main()
