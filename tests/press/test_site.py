"""Site."""

from datetime import date
from xml.etree import ElementTree as ET

import feedparser
import pytest

from almanac.actions.activities import NewActivity, write_down
from almanac.actions.review.publishing import publish
from almanac.answers.review.composition import review
from almanac.press import review as press
from almanac.record.rules import OWNER


@pytest.fixture
def odd_titles(logbook):
    return write_down(
        OWNER,
        [
            NewActivity(
                title=title, kind="talk", status="done", program="Talks", day=day,
                fields={"visibility": "public"},
            )
            for title, day in (("{{ secrets }} and {% raw %}", date(2026, 3, 2)), ("Bell", date(2026, 1, 5)))
        ],
    )  # fmt: skip


def test_a_control_letter_does_not_break_the_feed(odd_titles, tmp_path):
    bell = odd_titles[1]
    type(bell).objects.filter(pk=bell.pk).update(title="Ring\x07ing & \ufffe")
    publish(OWNER, tmp_path / "out")
    text = (tmp_path / "out" / "atom.xml").read_bytes()
    ET.fromstring(text)
    feed = feedparser.parse(text)
    assert [entry.title for entry in feed.entries][-1].startswith("Ringing &")
    assert " " not in feed.feed.id


def test_liquid_in_a_title_stays_a_title(odd_titles):
    made = review(OWNER, "2026")
    text = press.md(made, []).content.decode()
    assert "{{" not in text
    assert "{%" not in text
    assert "&#123;{ secrets }}" in text or "secrets" not in text
