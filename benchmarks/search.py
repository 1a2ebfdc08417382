"""How long a search takes over 100,000 activities and 20,000 quotes, with the index of words and by LIKE.

.venv/bin/python benchmarks/search.py
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from datetime import date, timedelta

ACTIVITIES, QUOTES = 100_000, 20_000
COMMON = ["docs", "api", "talk", "guide", "release", "community", "meetup", "small", "group", "hackathon", "portfolio", "error", "message", "writing", "series", "review", "onboarding", "feedback", "customer", "interview", "space", "workshop", "panel", "keynote", "slides", "newsletter", "issue", "forum", "answer", "question", "career", "changer", "berlin", "lisbon", "vue", "python", "rust", "webassembly"]  # fmt: skip
SEARCHES = (
    "docs", "word17", "error message", "word2999 word5", "nothere", "berlin lisbon", "über", "word1 word2 word3",
    "hackathons", "customer interview berlin",
)  # fmt: skip
ROUNDS = 10


def main() -> None:
    os.environ["ALMANAC_HOME"] = tempfile.mkdtemp()
    os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"
    import django

    django.setup()
    from django.db import connections

    from almanac.answers.log.search import search
    from almanac.record.infra import clock, search_index
    from almanac.record.infra.ready import make_ready
    from almanac.record.models import Activity, Program, Quote
    from almanac.record.rules import OWNER

    make_ready()
    chance, now = random.Random(1), clock.now()
    words = [*COMMON, *(f"word{n}" for n in range(3000))]
    stamps = {"created_at": now, "updated_at": now}
    programs = [Program.objects.create(name=f"P{n}", slug=f"p{n}", **stamps) for n in range(50)]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, k=length))

    Activity.objects.bulk_create(
        [
            Activity(
                program=chance.choice(programs), kind="task", title=text(6), notes=text(25) if n % 2 else "",
                status="done", day=date(2020, 1, 1) + timedelta(days=n % 2400), **stamps,
            )
            for n in range(ACTIVITIES)
        ],
        batch_size=2000,
    )  # fmt: skip
    Quote.objects.bulk_create(
        [
            Quote(
                text=text(20), who=text(2), day=date(2024, 1, 1) + timedelta(days=n % 700), **stamps
            )
            for n in range(QUOTES)
        ],
        batch_size=2000,
    )
    for name in ("index of words", "LIKE"):
        taken = []
        for wanted in SEARCHES * (ROUNDS if name != "LIKE" else 2):
            began = time.perf_counter()
            search(OWNER, wanted)
            taken.append(1000 * (time.perf_counter() - began))
        taken.sort()
        p95 = taken[int(len(taken) * 0.95)]
        print(
            f"{name}: median {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms, most {taken[-1]:.0f} ms"
        )
        with connections["default"].cursor() as cursor:
            for statement in search_index.drop_statements(connections["default"]):
                cursor.execute(statement)


if __name__ == "__main__":
    main()
