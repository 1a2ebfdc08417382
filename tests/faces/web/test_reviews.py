"""Metrics, targets, posts, reviews and the public log, as pages."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import past

import samples
from almanac.actions import content, metrics
from almanac.actions.activities import NewActivity, write_down
from almanac.actions.community import quotes
from almanac.record.infra import clock
from almanac.record.models import Measurement, Metric, Post, Quote, ReviewEntry, Series, Target
from almanac.record.rules import OWNER
from almanac.sources.base.pictures import is_picture

PNG = samples.picture()


@pytest.fixture
def post(logbook):
    (made,) = write_down(
        OWNER,
        [
            NewActivity(
                title="Part one", kind="post", status="done", program="Writing",
                day=(clock.now() - timedelta(days=20)).date(),
            )
        ],
    )  # fmt: skip
    return made


def test_a_metric_is_switched_on_aimed_at_and_broken_down(browser_client, held):
    held(past(ago=60, signups=30, attended=20), past(ago=30, signups=34, attended=25))
    answer = browser_client.post("/catalogue/", {"key": "attendees"})
    slug = Metric.objects.get().slug

    assert answer["Location"] == f"/metrics/{slug}/"
    browser_client.post(f"/metrics/{slug}/target/", {"value": "100", "by": "2026-12-31"})
    target = Target.objects.get()
    browser_client.post(f"/targets/{target.pk}/", {"do": "quarter"})

    assert [part.value for part in target.parts.all()] == [25.0, 25.0, 25.0, 25.0]
    page = browser_client.get(f"/metrics/{slug}/").content.decode()
    assert "4 parts" in page
    assert "svg" in page
    assert browser_client.get("/targets/").status_code == 200
    browser_client.post(f"/targets/{target.pk}/", {"do": "drop"})
    assert Target.objects.get(pk=target.pk).dropped


def test_a_metric_of_ones_own_with_corrections_and_a_new_definition(browser_client):
    browser_client.post(
        "/new/metric/",
        {"name": "Readers", "measure": "stock", "direction": "up", "sort": "outcome"},
    )
    address = "/metrics/readers/"
    for value in ("412", "420"):
        browser_client.post(f"{address}measure/", {"value": value, "day": "2026-03-17"})
    browser_client.post(f"{address}define/", {"definition": "Only those who open it."})

    assert [(m.value, m.replaced_at is None) for m in Measurement.objects.order_by("id")] == [
        (412.0, False),
        (420.0, True),
    ]
    page = browser_client.get(address).content.decode()
    assert "Only those who open it." in page
    assert "Version 2" in page


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("measure/", {"value": "many"}),
        ("measure/", {"value": ""}),
        ("measure/", {"value": "nan"}),
        ("measure/", {"value": "3", "day": "2026-02-31"}),
        ("target/", {"value": "9", "by": "2020-01-01"}),
        ("target/", {"value": "9"}),
        ("define/", {"definition": " "}),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(browser_client, address, given):
    metrics.begin_metric(OWNER, "Readers")

    browser_client.post(f"/metrics/readers/{address}", given)
    page = browser_client.get("/metrics/readers/").content.decode()

    assert "flash error" in page
    assert not Measurement.objects.exists()
    assert not Target.objects.exists()


def test_choosing_says_what_cannot_be_shown(browser_client, held):
    held(*(past(ago=7 * n, signups=30, attended=10 + n % 5) for n in range(1, 40)))
    metrics.switch_on(OWNER, "attendees")

    page = browser_client.get("/catalogue/choose/?change=5&weeks=8").content.decode()

    assert "would be more than chance" in page
    assert "alert" in browser_client.get("/catalogue/choose/?change=x").content.decode()


def test_a_post_has_a_series_views_and_a_skeleton(browser_client, post):
    browser_client.post(
        f"/activities/{post.pk}/post/", {"series": "First steps", "canonical": "https://x.org/1"}
    )
    browser_client.post(f"/activities/{post.pk}/post/", {"platform": "dev.to", "views": "900"})

    assert Post.objects.get().series.name == "First steps"
    page = browser_client.get(f"/activities/{post.pk}/").content.decode()
    assert "900" in page
    assert "expect " in page
    assert "First steps" in browser_client.get("/content/").content.decode()
    assert browser_client.get(f"/content/series/{Series.objects.get().slug}/").status_code == 200
    skeleton = browser_client.get(f"/activities/{post.pk}/skeleton/").content.decode()
    assert skeleton.startswith('---\ntitle: "Part one"')
    assert 'series: "First steps"' in skeleton
    browser_client.post(f"/activities/{post.pk}/post/", {"canonical": "javascript:alert(1)"})
    assert Post.objects.get().canonical == "https://x.org/1"


def test_words_of_a_review_survive_and_can_be_left_out(browser_client, held):
    held(past(ago=60, signups=30, attended=3), past(ago=30, signups=34, attended=4))
    address = "/review/?period=2026"
    page = browser_client.get(address).content.decode()
    assert "only 7 of" in page
    key = "few-came:meetups"

    browser_client.post(address, {"key": key, "section": "challenges", "text": "Snow, **twice**."})
    browser_client.post(address, {"section": "takeaways", "own": "Ask who can host."})
    page = browser_client.get(address).content.decode()
    assert "<strong>twice</strong>" in page
    assert "Ask who can host." in page
    browser_client.post(address, {"key": key, "section": "challenges", "dropped": "1"})

    assert ReviewEntry.objects.get(key=key).text == "Snow, **twice**."
    article = browser_client.get(address).content.decode().split("<aside")[0]
    assert "twice" not in article
    for form in ("html", "md", "pdf"):
        file = browser_client.get(f"{address}&as={form}")
        assert file["Content-Disposition"].endswith(f'review-2026.{form}"')
    assert browser_client.get("/review/?period=nonsense").status_code == 400
    assert browser_client.get("/review/?period=2026&program=none").status_code == 400


def test_the_public_log_page_shows_only_what_is_public(browser_client, plan_event):
    secret, shown = plan_event("Secret dinner", days=5), plan_event("Open night", days=6)
    shown.visibility = "public"
    shown.save()

    page = browser_client.get("/public/").content.decode()

    assert "Open night" in page
    assert secret.title not in page
    browser_client.post("/public/", {"public_title": "Log", "public_address": "ftp://x"})
    assert "begins with https" in browser_client.get("/public/").content.decode()


def test_a_quote_with_a_screenshot_and_consent_for_a_use(browser_client):
    browser_client.post(
        "/community/quotes/",
        {"text": "Helped me", "place": "PyConf", "tags": "#kind",
         "picture": SimpleUploadedFile("a.png", PNG, content_type="image/png")},
    )  # fmt: skip
    quote = Quote.objects.get()
    browser_client.post(
        f"/community/quotes/{quote.pk}/",
        {"consent": "given", "scope": "public", "until": "2026-12-31"},
    )
    quote.refresh_from_db()

    assert (quote.place, quote.tags, quote.consent_for) == ("PyConf", ["kind"], "public")
    picture = browser_client.get(f"/community/quotes/{quote.pk}/picture/")
    assert picture["Content-Type"] == "image/png"
    assert is_picture("image/png", picture.content)
    browser_client.post(f"/community/quotes/{quote.pk}/", {"consent": "given", "until": "soon"})
    assert "Choose a day" in browser_client.get("/community/").content.decode()


def test_a_screenshot_that_is_none_is_refused(browser_client):
    browser_client.post(
        "/community/quotes/",
        {"text": "x", "picture": SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")},
    )

    assert not Quote.objects.exists()


def test_a_quote_of_a_quote_withdrawn_covers_nothing(browser_client):
    quote = quotes.hear(OWNER, "Fine")
    quotes.note_consent(OWNER, quote, "given", scope="public")
    quotes.note_consent(OWNER, quote, "withdrawn")

    assert (quote.consent_for, quote.consent_until) == ("", None)


def test_views_need_a_post(browser_client, plan_event):
    event = plan_event()

    browser_client.post(f"/activities/{event.pk}/post/", {"platform": "x", "views": "3"})

    assert "Views are counted of posts" in browser_client.get("/").content.decode()
    assert content.Post.objects.count() == 0
