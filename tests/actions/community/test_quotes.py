"""Quotes: what is kept of them, what consent covers, and what is deleted for good."""

from base64 import b64encode
from datetime import date, timedelta

import pytest
from tests.conftest import NOW

import samples
from almanac.actions.community import quotes
from almanac.actions.errors import CannotError
from almanac.actions.keeping.undo import undo
from almanac.core.errors import AlmanacError
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Change, Program, Quote, QuotePicture
from almanac.record.rules import OWNER
from almanac.sources.base.pictures import written_anew
from almanac.sources.base.rows import QuoteRow

TODAY = date(2026, 3, 18)
LATER = NOW + timedelta(days=1)
PNG = samples.picture()


def last():
    """The latest line of the log."""
    return Change.objects.order_by("-pk").first()


@pytest.fixture
def heard(logbook):
    return quotes.hear(OWNER, "You saved my week")


def test_everything_said_of_a_quote_is_kept_and_undone(logbook):
    made = quotes.hear(
        OWNER, " “Thank you” ", via="v" * 101, who="w" * 201, place="p" * 201, program="Talks",
        link="https://example.org/q", tags=("#api ", " # ", "t" * 61), picture=PNG,
    )  # fmt: skip
    assert last().summary == "Saved a private quote"
    assert (made.text, made.day, made.consent) == ("Thank you", TODAY, "none")
    assert (made.via, made.who, made.place) == ("v" * 100, "w" * 200, "p" * 200)
    assert (made.link, made.tags) == ("https://example.org/q", ["api", "t" * 60])
    assert (made.program.name, made.created_at, made.updated_at) == ("Talks", NOW, NOW)
    picture = QuotePicture.objects.get()
    assert (picture.media_type, picture.content) == (
        "image/png",
        b64encode(written_anew(PNG)[1]).decode(),
    )
    undo(OWNER)
    for model in (Quote, QuotePicture, Program):
        assert not model.objects.exists()


def test_a_quote_of_another_day_without_anything_else(logbook):
    made = quotes.hear(OWNER, "Nice", day=date(2026, 1, 2))
    assert (made.day, made.program, made.link, made.tags) == (date(2026, 1, 2), None, "", [])


def test_a_quote_has_words_and_twenty_thousand_letters_at_most(logbook):
    assert len(quotes.hear(OWNER, "x" * 20_000).text) == 20_000
    for text, why in (("x" * 20_001, "20,000 characters"), (" “” ", "What did they say")):
        with pytest.raises(CannotError, match=why):
            quotes.hear(OWNER, text)
    assert Quote.objects.count() == 1


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (b"GIF89a", "PNG, JPEG or WebP"), (b"\xff\xd8", "PNG, JPEG"), (PNG[:40], "PNG, JPEG"),
        (PNG.ljust(2_000_001), "2 MB at most"),
    ],
)  # fmt: skip
def test_pictures_that_are_none(logbook, picture, why):
    with pytest.raises(AlmanacError, match=why):
        quotes.hear(OWNER, "Nice", picture=picture)
    assert not Quote.objects.exists()


def test_a_picture_may_have_two_megabytes(logbook):
    quotes.hear(OWNER, "Nice", picture=PNG.ljust(2_000_000))
    assert QuotePicture.objects.exists()


def test_consent_is_noted_with_its_time_and_undone(heard):
    with clock.at(LATER):
        quotes.note_consent(OWNER, heard, "given", scope="public", until=date(2027, 1, 1))
        assert last().summary.startswith("Changed the consent of a quote to ")
        heard.refresh_from_db()
        assert (heard.consent, heard.consent_for) == ("given", "public")
        assert (heard.consent_until, heard.consent_at) == (date(2027, 1, 1), LATER)
        assert heard.updated_at == LATER
        undo(OWNER)
    heard.refresh_from_db()
    assert (heard.consent, heard.consent_for, heard.consent_until) == ("none", "", None)
    assert (heard.consent_at, heard.updated_at) == (None, NOW)


def test_consent_given_again_keeps_its_scope_and_withdrawn_covers_nothing(heard):
    quotes.note_consent(OWNER, heard, "given", scope="public")
    quotes.note_consent(OWNER, heard, "given", until=date(2027, 1, 1))
    heard.refresh_from_db()
    assert (heard.consent_for, heard.consent_until) == ("public", date(2027, 1, 1))
    lines = Change.objects.count()
    quotes.note_consent(OWNER, heard, "given", until=date(2027, 1, 1))
    assert Change.objects.count() == lines
    quotes.note_consent(OWNER, heard, "withdrawn", scope="public", until=date(2028, 1, 1))
    heard.refresh_from_db()
    assert (heard.consent, heard.consent_for, heard.consent_until) == ("withdrawn", "", None)


def test_consent_is_for_what_there_is(heard):
    with pytest.raises(CannotError, match="for reviews, or for public pages"):
        quotes.note_consent(OWNER, heard, "given", scope="everything")
    heard.refresh_from_db()
    assert heard.consent == "none"


def test_a_forgotten_quote_does_not_come_back(heard):
    quotes.forget_quote(OWNER, heard)
    assert (last().summary, last().undo) == ("Deleted a quote", None)
    assert not Quote.objects.exists()


def test_a_row_of_a_file_becomes_a_quote(logbook):
    rows = (
        QuoteRow(1, "One", who="Ana", via="mail", place="Berlin", link="https://e.example",
                 tags=("#a",), day=date(2026, 1, 2), consent="given"),
        QuoteRow(2, "Two", picture=PNG, media_type="image/png"),
    )  # fmt: skip
    with verb(OWNER, "import") as line:
        one, two = (quotes.quote_from(row, line) for row in rows)
    assert (one.text, one.who, one.via, one.place) == ("One", "Ana", "mail", "Berlin")
    assert (one.link, one.tags, one.day) == ("https://e.example", ["a"], date(2026, 1, 2))
    assert (one.consent, one.consent_at, one.created_at, one.updated_at) == ("given", NOW, NOW, NOW)
    assert (two.consent, two.consent_at, two.day) == ("none", None, TODAY)
    assert QuotePicture.objects.get().quote == two
    undo(OWNER)
    assert not Quote.objects.exists()
    assert not QuotePicture.objects.exists()
