"""Every page, as the practitioner and as a stranger; and every button of the main job."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from tests.factories import past

from almanac.actions.community import quotes
from almanac.actions.turnout import freeze_forecast, say_guess
from almanac.core.guesses.elicited import RawGuess
from almanac.record.infra import clock
from almanac.record.models import (
    Activity,
    Change,
    Program,
)
from almanac.record.rules import OWNER

PAGES = [
    "/", "/plan/", "/plan/?month=2026-01", "/plan/?month=nonsense", "/plan/board/", "/plan/requests/", "/plan/workload/", "/plan/time-off/", "/plan/can-i/",
    "/plan/can-i/?title=x&hours=3&by=2026-05-01", "/plan/can-i/?title=x&hours=many&by=2026-05-01", "/programs/", "/experiments/", "/absence-check/", "/absence-check/?from=soon&days=x",
    "/new/program/", "/community/", "/community/erase/", "/community/erase/?who=nobody", "/year/",
    "/accuracy/", "/year/?year=2025", "/year/?year=x", "/log/", "/log/?words=x&kind=talk",
    "/log/?since=nonsense&kind=alien", "/log/?page=99", "/log/changes/", "/import/",
    "/settings/", "/capture/", "/new/activity/", "/new/event/",
    "/new/event/?program=Meetups", "/metrics/", "/new/metric/",
    "/catalogue/", "/catalogue/?delicate=1", "/targets/", "/catalogue/choose/",
    "/review/", "/review/?period=2026-Q1&for=inside", "/content/",
    "/review/?period=2026-03&for=public", "/public/",
]  # fmt: skip


def addresses():
    for pattern in get_resolver("almanac.faces.web.urls").url_patterns:
        yield "/" + re.sub(
            r"<(\w+):\w+>",
            lambda m: {"int": "1", "slug": "meetups", "str": "x"}[m[1]],
            str(pattern.pattern),
        )


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_in_an_empty_logbook(browser_client, page):
    response = browser_client.get(page)

    assert response.status_code == 200
    assert b"</html>" in response.content


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_in_a_full_one(browser_client, plan_event, held, page):
    held(past(ago=60, signups=30, attended=20), past(ago=30, signups=34))
    say_guess(OWNER, plan_event(), RawGuess(1, 9, 4, 80))
    quotes.hear(OWNER, "Thank you", via="DM")

    assert browser_client.get(page).status_code == 200


def test_pages_hold_no_inline_script_or_style(browser_client, plan_event):
    event = plan_event()
    for page in (*PAGES, f"/activities/{event.pk}/", f"/activities/{event.pk}/edit/"):
        html = browser_client.get(page).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", html)
        assert not re.search(r"\s(style|on\w+)=\"", html), page


def test_hostile_texts_are_escaped_everywhere(browser_client, plan_event):
    hostile = "<img src=x onerror=alert(1)>"
    event = plan_event(hostile, program=hostile, tags=(hostile,), counts={"signups": 3})
    Activity.objects.filter(pk=event.pk).update(
        notes=f"{hostile} [x](javascript:alert(1)) **bold**", place=hostile
    )
    quotes.hear(OWNER, hostile, who=hostile, via=hostile)
    slug = Program.objects.get().slug
    for page in (
        *PAGES,
        f"/activities/{event.pk}/",
        f"/programs/{slug}/",
        f"/activities/{event.pk}/edit/",
        f"/activities/{event.pk}/guess/",
    ):
        html = browser_client.get(page).content.decode()
        assert "<img src=x" not in html, page
        assert 'href="javascript:' not in html, page
    assert (
        "<strong>bold</strong>" in browser_client.get(f"/activities/{event.pk}/").content.decode()
    )


def test_a_page_asked_for_never_writes(browser_client, plan_event, held):
    held(past(ago=30, signups=20, attended=12))
    event = plan_event()
    freeze_forecast(OWNER, event)
    lines = Change.objects.count()

    for page in (*PAGES, f"/activities/{event.pk}/?reach=25"):
        browser_client.get(page)

    assert lines == Change.objects.count()


def upload(client, *files):
    made = client.post(
        "/import/", {"files": [SimpleUploadedFile(name, text.encode()) for name, text in files]}
    )
    assert made.status_code == 302, made.content
    return made["Location"]


def test_unknown_pages_say_what_to_do(browser_client):
    for page in ("/nowhere/", "/activities/999/", "/programs/none/"):
        response = browser_client.get(page)
        assert response.status_code == 404
        assert b"no such" in response.content


def test_pages_of_a_large_logbook_need_few_queries(browser_client, django_assert_max_num_queries):
    from almanac.actions.activities import NewActivity, write_down

    write_down(
        OWNER,
        [
            NewActivity(
                f"Activity {n}",
                kind="event",
                program=f"P{n % 9}",
                day=(clock.now() + timedelta(days=20 - n)).date(),
                counts={"signups": n},
            )
            for n in range(160)
        ],
    )
    browser_client.get("/")
    event = Activity.objects.filter(day__gt=clock.now().date()).first()
    for page, most in (
        ("/", 12), (f"/activities/{event.pk}/", 16), ("/programs/p1/", 18), ("/log/", 8), ("/plan/", 4),
    ):  # fmt: skip
        with django_assert_max_num_queries(most), django_assert_max_num_queries(4, using="private"):
            response = browser_client.get(page)
        assert len(response.content) < 90_000
