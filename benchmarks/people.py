"""People's pages with 20,000 people on 400 guest lists, and matching 100,000 identities.

.venv/bin/python benchmarks/people.py
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import tempfile
import time
from datetime import timedelta

PEOPLE, EVENTS, EACH, IDENTITIES, ROUNDS = 20_000, 400, 100, 100_000, 20
SYLLABLES = (
    "ka",
    "mi",
    "ro",
    "te",
    "lu",
    "sha",
    "ben",
    "dor",
    "vi",
    "na",
    "el",
    "jo",
    "par",
    "sto",
    "gre",
    "wi",
)


def names(number: int, chance: random.Random) -> list[tuple[str, str]]:
    found = []
    for place in range(number):
        first = "".join(chance.choices(SYLLABLES, k=2)).capitalize()
        last = "".join(chance.choices(SYLLABLES, k=4)).capitalize()
        found.append((f"{first} {last}", f"{last}{place}@example.org".lower()))
    return found


def main() -> None:
    os.environ["ALMANAC_HOME"] = tempfile.mkdtemp()
    os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"
    import django

    django.setup()
    from django.test import Client

    from almanac.answers.community.people import everybody
    from almanac.answers.community.returning import returning
    from almanac.core.community.identities import Identity, match, propose
    from almanac.record.infra import clock, sessions
    from almanac.record.infra.ready import make_ready
    from almanac.record.models import Activity, Guest, Program
    from almanac.record.rules import OWNER

    make_ready()
    chance, now = random.Random(1), clock.now()
    people = names(PEOPLE, chance)
    program = Program.objects.create(
        name="Evenings", slug="evenings", created_at=now, updated_at=now
    )
    events = Activity.objects.bulk_create([
        Activity(program=program, kind="event", title=f"Evening {n}", status="done", created_at=now,
                 updated_at=now, day=now.date() - timedelta(days=2 * n + 1))
        for n in range(EVENTS)
    ])  # fmt: skip
    lists = {event.pk: set(chance.sample(range(PEOPLE), EACH)) for event in events}
    Guest.objects.bulk_create(
        [Guest(activity_id=event, name=people[n][0], email=people[n][1], status="attended", source="x")
         for event, members in lists.items() for n in members], batch_size=5000,
    )  # fmt: skip
    began = time.perf_counter()
    found = everybody(OWNER)
    print(f"{len(found.people):,} people known, cold: {time.perf_counter() - began:.1f} s")
    began, seen, wrong = time.perf_counter(), set(), 0
    for row, event in zip(
        returning(OWNER), sorted(events, key=lambda e: (e.day, e.pk)), strict=True
    ):
        members = lists[event.pk]
        wrong += (row.first, row.returning) != (len(members - seen), len(members & seen))
        seen |= members
    print(
        f"returning: {time.perf_counter() - began:.1f} s, {wrong} of {EVENTS} events unlike a count of their own"
    )
    client = Client(HTTP_HOST="127.0.0.1:8765")
    client.cookies[sessions.cookie_name()] = sessions.begin()
    one = found.people[0].token
    for page in (
        "/community/people/",
        "/community/people/?words=ka",
        f"/community/people/{one}/",
        "/community/people/same/",
    ):
        client.get(page)
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            assert client.get(page).status_code == 200
            taken.append(1000 * (time.perf_counter() - began))
        print(
            f"  {page}: median {statistics.median(taken):.0f} ms, p95 {sorted(taken)[int(0.95 * ROUNDS) - 1]:.0f} ms"
        )
    rows = [Identity(*each) for each in names(IDENTITIES, chance)]
    began = time.perf_counter()
    joined = match(rows)
    proposals = propose(rows, joined)
    print(
        f"{IDENTITIES:,} identities: {time.perf_counter() - began:.1f} s, {len(proposals)} proposals, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB"
    )


if __name__ == "__main__":
    main()
