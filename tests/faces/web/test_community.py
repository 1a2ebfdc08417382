"""Community."""

from almanac.actions import quotes
from almanac.record.models import (
    Quote,
)
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
