"""A large program: 200 steps, 50 versions, 300 runs; a handover of ten; power before an experiment.

.venv/bin/python benchmarks/programs.py
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOME = Path(tempfile.mkdtemp())
os.environ["ALMANAC_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"


def say(what: str, value: str, wanted: str = "") -> None:
    print(f"{what:<56} {value:>16}   {wanted}", flush=True)


def text(version: int) -> str:
    steps = "\n".join(
        f"- T-{n} days: step {n} of {version if n == 7 else 1} (1h)" for n in range(200)
    )
    return f"# Program\n\n{steps}\n\n## Who has access\n\n- the list: Ana\n"


def main() -> None:
    import django

    django.setup()
    import numpy as np
    from django.test import Client

    from almanac.actions.playbooks.handover import look_ahead
    from almanac.actions.playbooks.playbooks import write_playbook
    from almanac.actions.programs import begin_program
    from almanac.answers.playbooks.handover import handover
    from almanac.core.effects import Design
    from almanac.core.effects.alternating import power_of_pairs
    from almanac.core.effects.power import power
    from almanac.press.handover import files
    from almanac.record.infra import links
    from almanac.record.infra.ready import make_ready
    from almanac.record.models import Activity, Part, Run, Turnout
    from almanac.record.rules import OWNER

    make_ready()
    rng = random.Random(1)
    now = datetime.now(UTC)
    programs = [begin_program(OWNER, f"Program {n}", purpose="Why") for n in range(10)]
    for version in range(50):
        latest = write_playbook(OWNER, programs[0], text(version), f"change {version}")
    for program in programs[1:]:
        write_playbook(OWNER, program, text(1))
    rows = Activity.objects.bulk_create(
        Activity(
            program=programs[n % 10 if n >= 300 else 0], kind="event", title=f"Event {n}", status="done",
            day=(now - timedelta(days=n)).date(), zone="UTC", hours_spent=6, created_at=now, updated_at=now,
        )
        for n in range(1000)
    )  # fmt: skip
    Turnout.objects.bulk_create(
        Turnout(
            activity=row, signups=40, attended=rng.randrange(5, 40), attended_evidence="counted"
        )
        for row in rows
    )
    Run.objects.bulk_create(Run(activity=row, version=latest, laid_at=now) for row in rows[:300])
    Part.objects.bulk_create(
        (
            Part(activity=row, title=f"step {n} of 1", done=n != 5, outside_id=f"step:50:{n}")
            for row in rows[:300]
            for n in range(200)
        ),
        batch_size=2000,
    )
    client = Client(HTTP_HOST="127.0.0.1:8765")
    client.cookies[links.cookie_name()] = links.new_cookie()
    for page in ("/programs/program-0/playbook/", "/absence-check/", f"/activities/{rows[0].pk}/"):
        client.get(page)
        times = []
        for _ in range(40):
            began = time.perf_counter()
            client.get(page)
            times.append(1000 * (time.perf_counter() - began))
        times.sort()
        say(
            f"{page}: median, p95",
            f"{statistics.median(times):.0f}, {times[37]:.0f} ms",
            "p95 under 150 ms",
        )
    Activity.objects.bulk_create(
        Activity(
            program=program, kind="event", title=f"Coming {n}", status="planned", zone="UTC",
            day=(now + timedelta(days=7 + 7 * n)).date(), created_at=now, updated_at=now,
        )
        for program in programs
        for n in range(6)
    )  # fmt: skip
    began = time.perf_counter()
    look_ahead(OWNER, [program.slug for program in programs])
    files(handover(OWNER, [program.slug for program in programs]))
    say(
        "handover of ten programs: 30 forecasts, HTML, Markdown, PDF",
        f"{time.perf_counter() - began:.1f} s",
        "at most 5 s",
    )
    weeks = np.random.default_rng(1)
    design = Design(
        weeks.poisson(20, 52).astype(float), weeks.poisson(60, 52).astype(float)[:, None], 52
    )
    began = time.perf_counter()
    power(design, 8, 0.3)
    say(
        "power before an experiment, 2,000 runs",
        f"{time.perf_counter() - began:.1f} s",
        "at most 3 s",
    )
    began = time.perf_counter()
    power_of_pairs(np.log(weeks.poisson(20, 40) + 0.5), 12, 0.3)
    say(
        "power of pairs of events, 1,000 runs",
        f"{time.perf_counter() - began:.1f} s",
        "at most 3 s",
    )


if __name__ == "__main__":
    main()
