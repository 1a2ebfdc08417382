"""A logbook of its own for every test process, and the people who appear in the tests."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="almanac-tests-"))
os.environ["ALMANAC_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.project.settings"
os.environ.pop("DATABASE_URL", None)
os.environ.pop("ALMANAC_TEAM", None)

import django  # noqa: E402 - the environment comes first

django.setup()
# Not handed down: each test process has a home of its own.
for name in ("ALMANAC_HOME", "DJANGO_SETTINGS_MODULE"):
    del os.environ[name]

import hypothesis  # noqa: E402
import pytest  # noqa: E402

from almanac.actions.activities import NewActivity, write_down  # noqa: E402
from almanac.actions.preferences import prefer  # noqa: E402
from almanac.record.infra import clock  # noqa: E402
from almanac.record.rules import OWNER  # noqa: E402

# A busy machine is no failure.
hypothesis.settings.register_profile(
    "almanac", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("almanac")

SHARED = Path(__file__).parents[2] / "shared"
NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
"""A Wednesday noon; the moment at which most tests happen."""


DATA = Path(__file__).parent / "data"


def shared(path: str) -> Path:
    """Real data beside the checkout; where it is missing, the test is skipped."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs {path} beside the checkout")
    return found


@pytest.fixture
def logbook(db_both):
    """An empty logbook on a Wednesday noon, in Berlin."""
    with clock.at(NOW):
        prefer(OWNER, zone="Europe/Berlin", currency="EUR")
        yield OWNER


@pytest.fixture
def db_both(request):
    request.applymarker(pytest.mark.django_db(databases=["default", "private"]))
    return request.getfixturevalue("db")


@pytest.fixture(autouse=True)
def _no_leftovers():
    from almanac.record.queries import versions

    for forget in versions.forgetting:
        forget()
    yield
    from django.conf import settings

    for name in ("link", "rejected", "uploads", "inbox"):
        path = Path(settings.ALMANAC_HOME) / name
        if path.is_file():
            path.unlink()
        elif path.is_dir():
            import shutil

            shutil.rmtree(path)


@pytest.fixture
def plan_event(logbook):
    """Plan an event some days from now and return it."""

    def plan(title="Meetup", *, days=7, program="Meetups", kind="event", status="planned", **more):
        counts = more.pop("counts", {})
        evidence = more.pop("evidence", "")
        fields = {"format": more.pop("format", "in_person")}
        (made,) = write_down(
            OWNER,
            [
                NewActivity(
                    title=title,
                    kind=kind,
                    status=status,
                    program=program,
                    starts_at=clock.now() + timedelta(days=days),
                    zone="Europe/Berlin",
                    counts=counts,
                    evidence=evidence,
                    fields=fields,
                    **more,
                )
            ],
        )
        return made

    return plan


@pytest.fixture
def held(plan_event):
    """Write down past events of a program, each a `factories.past`."""

    def hold(*events, program="Meetups", kind="event", format="in_person", interested=None):  # noqa: A002
        made = []
        for number, event in enumerate(events):
            counts = {"signups": event.signups, "attended": event.attended}
            if interested is not None:
                counts["interested"] = interested[number]
            counts = {name: value for name, value in counts.items() if value is not None}
            made.append(
                plan_event(
                    f"Past {number}",
                    days=-event.ago,
                    program=program,
                    kind=kind,
                    status="done",
                    format=format,
                    counts=counts,
                    evidence="counted" if event.attended is not None else "",
                )
            )
        return made

    return hold


@pytest.fixture
def browser_client(logbook):
    """Django's test client with the cookie a one-time link gives."""
    from django.test import Client

    from almanac.record.infra import sessions

    class SignedIn(Client):
        """Signs in anew where a test's clock has gone past the session."""

        def request(self, **request):
            cookie = self.cookies.get(sessions.cookie_name())
            if cookie is None or sessions.of_cookie(cookie.value) is None:
                self.cookies[sessions.cookie_name()] = sessions.begin()
            response = super().request(**request)
            if not response.streaming:
                # Spaces that tie a number to its unit; test_middleware.py looks at them.
                response.content = response.content.replace(b"\xc2\xa0", b" ")
            return response

    return SignedIn(HTTP_HOST="127.0.0.1:8765", enforce_csrf_checks=False)


def text(response) -> str:
    """A page as a person reads it: white space counts once."""
    return " ".join(response.content.decode().split())


@pytest.fixture
def run(logbook, capsys):
    """Call a command in this process, on the test's own logbook."""
    from almanac.faces.cli.app import main

    def call(*arguments, code=0):
        found = main(list(arguments))
        captured = capsys.readouterr()
        assert code == found, captured.out + captured.err
        return captured.out if code == 0 or "--json" in arguments else captured.err

    return call
