"""Every page, as the practitioner and as a stranger; and every button of the main job."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from tests.conftest import text

import samples
from almanac.actions import quotes
from almanac.actions.turnout import freeze_forecast, say_counts, say_guess
from almanac.core.guesses.elicited import RawGuess
from almanac.record.infra import clock, links
from almanac.record.models import (
    Activity,
    Change,
    EnergyTap,
    Forecast,
    Guess,
    Program,
    Quote,
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
    held((60, 30, 20), (30, 34, None))
    say_guess(OWNER, plan_event(), RawGuess(1, 9, 4, 80))
    quotes.hear(OWNER, "Thank you", via="DM")

    assert browser_client.get(page).status_code == 200


def test_a_link_that_was_not_given_shows_nothing(logbook):
    page = Client(HTTP_HOST="127.0.0.1:8765").get("/shown/x/")
    assert page.status_code == 404
    assert b'aria-label="Main"' not in page.content


@pytest.mark.parametrize("address", sorted(set(addresses()) - {"/shown/x/"}))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_kept_out_of_every_address(logbook, address, method):
    response = getattr(Client(HTTP_HOST="127.0.0.1:8765"), method)(address)

    assert response.status_code in {403, 405}
    assert b"almanac serve" in response.content or response.status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.5"])
def test_other_hosts_are_refused(browser_client, host):
    assert browser_client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"referer": "https://evil.example/x"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
    ],
)
def test_forms_of_other_sites_do_nothing(browser_client, headers):
    response = browser_client.post("/capture/", {"text": "Owned"}, headers=headers)

    assert response.status_code == 403
    assert not Activity.objects.exists()


def test_forms_need_their_token(logbook):
    client = Client(HTTP_HOST="127.0.0.1:8765", enforce_csrf_checks=True)
    client.cookies[links.cookie_name()] = links.new_cookie()

    response = client.post("/capture/", {"text": "Owned"})

    assert response.status_code == 403
    assert b"open for too long" in response.content


def test_a_link_opens_the_browser_once(logbook):
    client = Client(HTTP_HOST="127.0.0.1:8765")
    token = links.new_link()

    opened = client.get(f"/open/{token}/")
    cookie = opened.cookies[links.cookie_name()]

    assert (opened.status_code, opened["Location"]) == (302, "/")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/").status_code == 200
    assert Client(HTTP_HOST="127.0.0.1:8765").get(f"/open/{token}/").status_code == 403


def test_every_answer_has_the_strict_policy(browser_client):
    sheet = browser_client.get("/static/almanac/house.css")
    sheet.close()
    for response in (
        sheet,
        browser_client.get("/"),
        browser_client.get("/nowhere/"),
        Client(HTTP_HOST="127.0.0.1").get("/"),
        Client(HTTP_HOST="evil.example").get("/"),
    ):
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


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


def test_capture_writes_one_line_at_once_and_offers_undo(browser_client):
    response = browser_client.post(
        "/capture/", {"text": "Gave a talk, 2h", "back": "/programs/"}, follow=True
    )

    assert response.redirect_chain[-1][0] == "/programs/"
    assert b"Wrote down: Gave a talk" in response.content
    (change,) = re.findall(rb'name="change"\s+value="(\d+)"', response.content)
    browser_client.post("/undo/", {"change": change.decode()})
    assert not Activity.objects.exists()


def test_capture_shows_many_lines_before_it_writes_them(browser_client):
    text = "\n".join(f"Talk {n}, {n}h" for n in range(1, 21))

    shown = browser_client.post("/capture/", {"text": text})
    assert (shown.status_code, Activity.objects.count()) == (200, 0)
    browser_client.post("/capture/", {"text": text, "confirmed": "1", "program": "Talks"})

    assert Activity.objects.filter(program__name="Talks").count() == 20


def test_capture_names_the_line_that_cannot_be_read(browser_client):
    response = browser_client.post(
        "/capture/", {"text": "Fine\nTalk on 2026-02-30", "confirmed": "1"}
    )

    assert b"Line 2" in response.content
    assert not Activity.objects.exists()


def test_what_is_typed_is_understood_while_typing(browser_client):
    response = browser_client.get("/capture/understood/", {"text": "Gave a talk, 80 people, 6h"})

    assert "80 came" in text(response)
    assert "6\u00a0h" in response.content.decode()
    assert browser_client.get("/capture/understood/", {"text": ""}).status_code == 200
    assert not Activity.objects.exists()


def test_back_never_leaves_the_logbook(browser_client):
    for wanted in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
    ):
        response = browser_client.post("/capture/", {"text": "Gave a talk", "back": wanted})
        assert response["Location"] == "/"


def test_the_guess_comes_before_the_forecast(browser_client, plan_event):
    event = plan_event(days=9, counts={"signups": 20})
    page = f"/activities/{event.pk}/"

    before = browser_client.get(page).content.decode()
    looked = browser_client.post(f"{page}forecast/")
    guessed = browser_client.post(
        f"{page}guess/", {"low": "5", "high": "25", "best": "11", "sure": "80"}, follow=True
    ).content.decode()

    assert "I have an idea" in before
    assert "No idea" in before
    assert "Most likely" not in before
    assert looked["Location"] == f"{page}guess/"
    assert "Most likely" in guessed
    assert "before seeing this" in guessed
    assert (Guess.objects.count(), Forecast.objects.count()) == (1, 1)


def test_no_idea_leads_to_the_forecast_at_once(browser_client, plan_event):
    event = plan_event()

    page = browser_client.post(f"/activities/{event.pk}/guess/", {"no_idea": "1"}, follow=True)

    assert "Most likely" in page.content.decode()
    assert Guess.objects.get().no_idea


@pytest.mark.parametrize(
    "answers",
    [
        {"low": "30", "high": "10", "best": "20"},
        {"low": "", "high": "10", "best": "5"},
        {"low": "a", "high": "10", "best": "5"},
        {"low": "1", "high": "10", "best": "5", "sure": "200"},
        {"low": "1", "high": "99999999", "best": "5"},
    ],
)
def test_a_guess_that_is_none_is_asked_again(browser_client, plan_event, answers):
    event = plan_event()

    response = browser_client.post(f"/activities/{event.pk}/guess/", answers)

    assert response.status_code == 400
    assert b'role="alert"' in response.content
    assert (Guess.objects.count(), Forecast.objects.count()) == (0, 0)


def test_a_page_asked_for_never_writes(browser_client, plan_event, held):
    held((30, 20, 12))
    event = plan_event()
    freeze_forecast(OWNER, event)
    lines = Change.objects.count()

    for page in (*PAGES, f"/activities/{event.pk}/?reach=25"):
        browser_client.get(page)

    assert lines == Change.objects.count()


def test_reaching_a_number_is_answered(browser_client, plan_event):
    event = plan_event()
    browser_client.post(f"/activities/{event.pk}/guess/", {"no_idea": "1"})

    found = browser_client.get(f"/activities/{event.pk}/", {"reach": "25"}).content.decode()

    assert re.search(r"25 people or more: .* time", found)
    assert browser_client.get(f"/activities/{event.pk}/", {"reach": "lots"}).status_code == 200


def test_the_outcome_is_asked_once_and_scored(browser_client, plan_event):
    event = plan_event(days=2, counts={"signups": 30})
    browser_client.post(
        f"/activities/{event.pk}/guess/", {"low": "5", "high": "25", "best": "11", "sure": "80"}
    )
    with clock.at(clock.now() + timedelta(days=3)):
        assert "How many came to" in browser_client.get("/").content.decode()
        empty = browser_client.post(
            f"/activities/{event.pk}/outcome/", {"attended": "", "evidence": "counted"}
        )
        assert empty.status_code == 400
        said = browser_client.post(
            f"/activities/{event.pk}/outcome/",
            {"attended": "12", "evidence": "counted", "worth_it": "yes"},
            follow=True,
        ).content.decode()
        today = browser_client.get("/").content.decode()
        numbers = browser_client.get("/year/").content.decode()

    assert "<b>12 people</b> came" in said
    assert "worth it for those who came" in said
    assert "How right?" in said
    assert "How many came to" not in today
    assert "1 of 1" in numbers


def test_nobody_counted_is_not_shown_as_zero(browser_client, plan_event):
    event = plan_event(days=-2)
    browser_client.post(f"/activities/{event.pk}/outcome/", {"evidence": "not_measured"})

    html = browser_client.get(f"/activities/{event.pk}/").content.decode()

    assert "Attendance was not measured" in html
    assert "<b>0" not in html


def test_a_question_can_be_skipped_for_good(browser_client, plan_event):
    event = plan_event(days=-2)

    browser_client.post("/questions/skip/", {"key": f"outcome:{event.pk}"})

    assert "How many came to" not in browser_client.get("/").content.decode()


def test_counts_are_kept_with_where_they_come_from(browser_client, plan_event):
    event = plan_event()

    page = browser_client.post(
        f"/activities/{event.pk}/counts/",
        {"seats": "40", "hoped": "25", "interested": "212", "signups": "61", "evidence": ""},
        follow=True,
    ).content.decode()

    assert "you said" in page
    assert "212" in page
    bad = browser_client.post(f"/activities/{event.pk}/counts/", {"signups": "-4", "evidence": ""})
    assert bad.status_code == 400


def test_activities_are_made_edited_dropped_and_brought_back(browser_client):
    values = {
        "title": "Docs evening", "kind": "event", "status": "planned", "program": "Docs",
        "day": "2026-04-14", "starts": "18:30", "zone": "Europe/Berlin", "format": "online",
        "visibility": "private", "tags": "docs, #api", "links": "https://a.example", "notes": "*hello*",
        "hours_planned": "3", "price": "5",
    }  # fmt: skip
    made = browser_client.post("/new/activity/", values)
    activity = Activity.objects.get()
    page = made["Location"]
    assert (activity.local_start.hour, activity.local_start.minute) == (18, 30)
    assert sorted(tag.name for tag in activity.tags.all()) == ["api", "docs"]

    browser_client.post(f"{page}edit/", values | {"title": "Docs night", "day": "", "starts": ""})
    activity.refresh_from_db()
    assert (activity.title, activity.day, activity.starts_at) == ("Docs night", None, None)
    browser_client.post(f"{page}status/", {"status": "dropped"})
    assert "Bring back" in browser_client.get(page).content.decode()
    browser_client.post(f"{page}status/", {"status": "back"})
    assert Activity.objects.get().status == "planned"
    form = browser_client.get(f"{page}edit/").content.decode()
    assert 'value="Docs night"' in form


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"day": "0000-01-01"}, {"day": "9999-01-01"}, {"starts": "18:00", "day": ""},
        {"zone": "Mars/X"}, {"links": "javascript:alert(1)"}, {"hours_planned": "-1"},
        {"kind": "alien"}, {"cost": "NaN"}, {"currency": "EURO"},
    ],
)  # fmt: skip
def test_a_form_that_makes_no_sense_says_why(browser_client, wrong):
    values = {
        "title": "T",
        "kind": "event",
        "status": "planned",
        "visibility": "private",
        "day": "2026-04-14",
    }

    response = browser_client.post("/new/activity/", values | wrong)

    assert response.status_code == 400
    assert not Activity.objects.exists()


def test_energy_is_a_tap(browser_client, plan_event):
    event = plan_event()

    for choice, gave in (("gave", True), ("took", False)):
        browser_client.post(f"/activities/{event.pk}/energy/", {"energy": choice})
        assert gave == EnergyTap.objects.get().gave
    browser_client.post(f"/activities/{event.pk}/energy/", {"energy": "none"})
    assert not EnergyTap.objects.exists()


def test_programs_have_pages_and_can_be_closed(browser_client, held):
    held((30, 20, 12))
    html = browser_client.get("/programs/meetups/").content.decode()
    assert "Past 0" in html

    browser_client.post("/programs/meetups/close/")
    assert Program.objects.get(slug="meetups").closed
    browser_client.post("/programs/meetups/close/", {"reopen": "1"})
    assert not Program.objects.get(slug="meetups").closed
    browser_client.post("/new/program/", {"name": "Groups", "goal": "People who come back"})
    browser_client.post("/programs/groups/edit/", {"name": "Small groups"})
    assert Program.objects.filter(name="Small groups").exists()
    assert browser_client.post("/new/program/", {"name": "small groups"}).status_code == 400


def test_what_people_said_is_kept_and_consent_noted(browser_client):
    browser_client.post("/community/quotes/", {"text": "Thank you", "via": "DM"})
    quote = Quote.objects.get()

    browser_client.post(f"/community/quotes/{quote.pk}/", {"consent": "given"})
    assert Quote.objects.get().consent == "given"
    browser_client.post(f"/community/quotes/{quote.pk}/", {"forget": "1"})
    assert not Quote.objects.exists()


def test_a_person_is_looked_for_and_then_erased(browser_client):
    quotes.hear(OWNER, "Nice", who="Alice Archer")

    found = browser_client.get("/community/erase/", {"who": "alice archer"}).content.decode()
    assert "1 quote" in found
    done = browser_client.post("/community/erase/", {"who": "alice archer"}).content.decode()

    assert "Erased" in done
    assert Quote.objects.get().who == "[erased]"
    assert browser_client.get("/community/erase/", {"who": "a"}).status_code == 400


def upload(client, *files):
    made = client.post(
        "/import/", {"files": [SimpleUploadedFile(name, text.encode()) for name, text in files]}
    )
    assert made.status_code == 302, made.content
    return made["Location"]


def test_files_are_shown_before_they_change_anything(browser_client):
    page = upload(browser_client, ("events.csv", samples.EVENTS), ("words.txt", "just words"))

    shown = browser_client.get(page).content.decode()
    assert "4 events" in shown
    assert "not something Almanac can import" in shown
    assert not Activity.objects.exists()
    done = browser_client.post(page, {"confirm": "1"}).content.decode()

    assert Activity.objects.count() == 4
    assert "Your 2026 so far: 2 events" in done
    assert "Next meetup" in done
    assert browser_client.get(page).status_code == 302


def test_of_an_uploaded_calendar_only_the_ticked_is_stored(browser_client):
    page = upload(browser_client, ("calendar.ics", samples.ICS))
    shown = text(browser_client.get(page))
    row = re.search(
        r'value="(\d+)"[^>]*>\s*<label[^>]*>\s*<span class="small" ?>10 Mar 2026', shown
    )[1]

    browser_client.post(page, {"confirm": "1", "pick-0": row})

    assert [activity.title for activity in Activity.objects.all()] == ["Dentist"]


def test_an_uploaded_guest_list_goes_to_the_chosen_event(browser_client, plan_event):
    event = plan_event("Docs evening", days=-26)
    page = upload(browser_client, ("guests.csv", samples.luma(came=("alice",))))
    assert "Docs evening" in browser_client.get(page).content.decode()

    browser_client.post(page, {"confirm": "1", "event-0": str(event.pk), "attendance-0": "counted"})

    event = Activity.objects.get(pk=event.pk)
    assert (Activity.objects.count(), event.turnout.signups, event.turnout.attended) == (1, 3, 1)


def test_an_uploaded_table_is_mapped_once(browser_client):
    page = upload(browser_client, ("party.csv", samples.PLAIN))
    assert "what do its columns hold" in browser_client.get(page).content.decode()

    browser_client.post(
        f"{page}remember/",
        {"column-0-event": "title", "column-0-when": "day", "column-0-came": "attended"},
    )
    shown = browser_client.get(page).content.decode()
    assert "1 event" in shown
    done = browser_client.post(page, {"confirm": "1"}).content.decode()

    assert "1 row was not taken" in done
    (link,) = re.findall(r'href="(/import/rejected/[^"]+)"', done)
    assert b"sometime" in b"".join(browser_client.get(link).streaming_content)
    assert (
        "party.csv"
        in browser_client.get(upload(browser_client, ("party.csv", samples.PLAIN))).content.decode()
    )


def test_uploads_can_be_left_and_names_cannot_climb(browser_client):
    page = upload(browser_client, ("../../x.csv", samples.EVENTS))

    browser_client.post(f"{page}forget/")

    assert browser_client.get(page).status_code == 302
    for bad in ("/import/..%2f..%2fx/", "/import/" + "0" * 32 + "/"):
        assert browser_client.get(bad).status_code in {302, 404}
    assert browser_client.get("/import/rejected/..%2fsecret").status_code == 404
    assert browser_client.post("/import/").status_code == 400


def test_an_empty_logbook_offers_the_example_and_one_click_back(browser_client):
    assert "Look around an example, or start yours?" in browser_client.get("/").content.decode()

    browser_client.post("/start/example/")
    assert Activity.objects.count() > 120
    assert "This is an example" in browser_client.get("/").content.decode()
    browser_client.post("/start/own/")

    assert (Activity.objects.count(), Guess.objects.count(), EnergyTap.objects.count()) == (0, 0, 0)
    assert "start yours?" in browser_client.get("/").content.decode()


def test_ones_own_logbook_is_never_cleared_at_once(browser_client, plan_event):
    plan_event()

    browser_client.post("/start/own/")
    browser_client.post("/start/example/")

    assert Activity.objects.count() == 1


def test_unknown_pages_say_what_to_do(browser_client):
    for page in ("/nowhere/", "/activities/999/", "/programs/none/"):
        response = browser_client.get(page)
        assert response.status_code == 404
        assert b"no such" in response.content


def test_preferences_are_kept(browser_client):
    browser_client.post("/settings/", {"zone": "Asia/Tokyo", "currency": "jpy", "lapse_days": "30"})

    html = browser_client.get("/settings/").content.decode()
    assert 'value="Asia/Tokyo"' in html
    assert 'value="JPY"' in html
    assert browser_client.post("/settings/", {"zone": "x", "lapse_days": "0"}).status_code == 400


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
    for page in ("/", "/programs/p1/", "/log/", "/plan/"):
        with django_assert_max_num_queries(14), django_assert_max_num_queries(3, using="private"):
            response = browser_client.get(page)
        assert len(response.content) < 90_000


def test_what_to_provide_is_asked_and_answered(browser_client, plan_event, held):
    held((30, 40, 26), (20, 50, 30))
    event = plan_event("Evening", counts={"signups": 45, "seats": 30})
    page = f"/activities/{event.pk}/provisions/"

    empty = browser_client.get(page).content.decode()
    early = browser_client.get(page, {"few": "3", "many": "1"}).content.decode()
    freeze_forecast(OWNER, event)
    asked = browser_client.get(page, {"few": "3", "many": "1"}).content.decode()
    admitted = browser_client.get(page, {"seats": "30", "risk": "5"}).content.decode()
    wrong = browser_client.get(page, {"seats": "many"}).content.decode()

    assert 'value="30"' in empty
    assert "Look at the forecast first" in early
    assert "Provide for " in asked
    assert "for 30 seats" in admitted
    assert "is not a number of people" in wrong
    assert not Change.objects.filter(verb="provide").exists()


def test_the_track_record_says_what_cannot_be_said_yet(browser_client, plan_event):
    from almanac.actions.turnout import say_counts

    event = plan_event("Evening <b>", days=3)
    say_guess(OWNER, event, RawGuess(10, 30, 20, 80))
    freeze_forecast(OWNER, event)
    with clock.at(clock.now() + timedelta(days=5)):
        say_counts(OWNER, event, {"signups": 30, "attended": 22}, evidence="counted")
        text = browser_client.get("/accuracy/").content.decode()

    assert "1 of your last 1 were inside" in text
    assert "too few to tell" in text
    assert "it is too early to say who was nearer" in text
    assert "Evening &lt;b&gt;" in text


def test_similar_events_are_shown_only_after_the_first_guess(browser_client, plan_event, held):
    held((30, 41, 26), (20, 52, 33))
    event = plan_event("Evening", days=5)
    page = f"/activities/{event.pk}/guess/"

    first = browser_client.get(page).content.decode()
    browser_client.post(page, {"low": "10", "high": "30", "best": "20", "sure": "80"})
    second = browser_client.get(page).content.decode()
    browser_client.post(page, {"low": "25", "high": "40", "best": "30", "sure": "80"})

    assert "Similar past events" not in first
    assert ">52<" not in first
    assert "Similar past events" in second
    assert ">52<" in second
    kept = list(Guess.objects.order_by("id").values_list("best", "saw_similar"))
    assert kept == [(20, False), (30, True)]
    assert "best <b> 20 </b>" in text(browser_client.get(f"/activities/{event.pk}/"))


# Plan an event, one page to send, what can still be changed, a card to share


def test_plan_an_event_by_a_handful_of_questions(browser_client):
    answer = browser_client.post(
        "/new/event/",
        {
            "title": "Evening on tests", "kind": "event", "program": "Evenings", "day": "2026-04-20",
            "starts": "18:30", "format": "in_person", "announced": "2026-03-30", "seats": "40",
            "hoped": "25",
        },
    )  # fmt: skip
    made = Activity.objects.get()

    assert answer["Location"] == f"/activities/{made.pk}/"
    assert (made.turnout.seats, made.turnout.hoped) == (40, 25)
    assert made.local_start.hour == 18
    assert made.announced_at.astimezone(made.tzinfo).date().isoformat() == "2026-03-30"
    page = browser_client.get(answer["Location"]).content.decode()
    assert "I have an idea" in page


def test_a_plan_announced_after_it_is_held_is_a_question_back(browser_client):
    answer = browser_client.post(
        "/new/event/",
        {"title": "X", "kind": "event", "day": "2026-04-20", "announced": "2026-05-01"},
    )

    assert answer.status_code == 400
    assert b"cannot be announced after it is held" in answer.content
    assert not Activity.objects.exists()


def test_one_page_to_send_needs_a_forecast_first(browser_client, plan_event):
    event = plan_event()

    assert browser_client.get(f"/activities/{event.pk}/expectation/").status_code == 302
    freeze_forecast(OWNER, event)
    shown = browser_client.get(f"/activities/{event.pk}/expectation/")
    file = browser_client.get(f"/activities/{event.pk}/expectation/?file=1")

    assert b"How far to trust this" in shown.content
    assert file["Content-Disposition"].startswith("attachment")
    assert b"<style>" in file.content
    assert b"<script" not in file.content


def test_a_card_is_made_only_of_what_is_over(browser_client, plan_event):
    event = plan_event(counts={"signups": 30})
    say_guess(OWNER, event, RawGuess(5, 40, 20, 80))
    freeze_forecast(OWNER, event)

    assert browser_client.get(f"/activities/{event.pk}/card.png").status_code == 404
    with clock.at(event.begins):
        say_counts(OWNER, event, {"attended": 9}, evidence="counted")
        png = browser_client.get(f"/activities/{event.pk}/card.png")
        svg = browser_client.get(f"/activities/{event.pk}/card.svg")
        page = browser_client.get(f"/activities/{event.pk}/")
    assert png.content.startswith(b"\x89PNG")
    assert b"I said 20" in svg.content
    assert browser_client.get(f"/activities/{event.pk}/card.gif").status_code == 404
    assert b"card.png" in page.content


def test_both_together_stand_beside_the_guess(browser_client, plan_event):
    event = plan_event()
    say_guess(OWNER, event, RawGuess(5, 40, 20, 80))
    freeze_forecast(OWNER, event)

    assert b"Both together" in browser_client.get(f"/activities/{event.pk}/").content
    timing = browser_client.get(f"/activities/{event.pk}/timing/").content
    assert b"Too few to tell" in timing
