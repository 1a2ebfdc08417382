"""Community."""

from base64 import b64encode

import pytest

import samples
from almanac.actions.community import quotes
from almanac.record.models import Quote, QuotePicture
from almanac.record.rules import OWNER


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


@pytest.mark.parametrize(
    ("media", "content", "code"),
    [
        ("image/png", samples.picture(), 200),
        ("image/jpeg", samples.picture(), 404),
        ("text/html", b"<script>alert(1)</script>", 404),
        ("text/javascript", b"alert(1)", 404),
        ("image/png", b"<script>alert(1)</script>", 404),
        ("image/svg+xml", b"<svg onload='alert(1)'/>", 404),
    ],
)
def test_only_pictures_are_shown_as_pictures_and_run_nothing(
    browser_client, logbook, media, content, code
):
    quote = quotes.hear(OWNER, "Thank you", who="Ana")
    QuotePicture.objects.create(quote=quote, media_type=media, content=b64encode(content).decode())
    answer = browser_client.get(f"/community/quotes/{quote.pk}/picture/")
    assert answer.status_code == code
    if code == 200:
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
