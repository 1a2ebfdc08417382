"""Devto."""

from zoneinfo import ZoneInfo

from almanac.sources.services import devto


def test_an_article_came_out_on_the_day_it_was_for_its_writer():
    article = {"type_of": "article", "title": "Late", "published_at": "2026-03-01T23:30:00Z"}
    (post,) = devto.read(article, ZoneInfo("Europe/Berlin")).posts
    assert post.day.isoformat() == "2026-03-02"
